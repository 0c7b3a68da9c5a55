# SPDX-License-Identifier: GPL-3.0-or-later
"""What the analyzer remembers: checkpoints, counts, last logins and activity by day.

It is in HOME/store.sqlite, or in a PostgreSQL database that several homes share.
`store = mailaudit.store.open(Path("/var/lib/mailaudit"))` opens it. `store.coverage()` returns the stretches
of time whose logs were read, as a list of mailpolicy.clocks.coverage.Interval, and
`mailaudit.activity.last_activity(store)` each mailbox's last use with its evidence.
"""

from pathlib import Path

import sqlalchemy as sa

from mailaudit.store import database, homes
from mailaudit.store.database import StoreError
from mailaudit.store.migrate import bring_up_to_date, is_empty
from mailaudit.store.store import Store
from mailaudit.store.times import EPOCH, local_time

__all__ = ["EPOCH", "NoStoreError", "Store", "StoreError", "local_time", "open"]


class NoStoreError(StoreError):
    """There is no store in this folder or database."""


def open(home: Path, url: str | None = None, *, create: bool = False) -> Store:  # noqa: A001  read as mailaudit.store.open(home)
    """Open the store of the folder `home` and bring its tables up to date.

    It lies in the folder, or in the PostgreSQL database that `url` names. Raises StoreError; NoStoreError if
    there is none and `create` is false, or if it is broken; NewerStoreError if a newer version made it.
    """
    if url is None:
        homes.check_local(home)
        return Store(_open_local(home, create), home, "")
    engine = database.postgresql(url)
    with database.told(engine):
        if not create and is_empty(engine):
            raise NoStoreError(f"{database.name_of(engine)}: no store here; `mailaudit ingest` makes one")
        bring_up_to_date(engine)
        return Store(engine, home, homes.register(engine, home) if create else homes.known(home))


def _open_local(home: Path, create: bool) -> sa.Engine:
    file = home / homes.LOCAL_STORE
    if create:
        home.mkdir(parents=True, exist_ok=True)
    elif not file.is_file():
        raise NoStoreError(f"{home}: no store here; `mailaudit --home {home} ingest LOG...` makes one")
    engine = database.sqlite(file)
    try:
        bring_up_to_date(engine)
    except sa.exc.DatabaseError as error:
        raise NoStoreError(f"{file}: not a store that can be used ({error.orig})") from error
    return engine
