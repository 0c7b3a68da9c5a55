# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells apart the home folders that share one store, whatever becomes of hosts' names and folders' paths.

A home that has a store of its own is "". Any other has an identifier, in the file HOME/id and in the store.
"""

import socket
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from mailaudit.store.database import StoreError, alone
from mailaudit.store.tables import HOMES

LOCAL_STORE = "store.sqlite"
_IDENTIFIER = "id"


def known(home: Path) -> str:
    """Return a home's identifier, empty if it has none."""
    try:
        return (home / _IDENTIFIER).read_text().strip()
    except FileNotFoundError:
        return ""


def check_local(home: Path) -> None:
    """Raise StoreError if a home's facts are listed in a shared store."""
    if known(home):
        raise StoreError(f"{home}: its facts are listed in a shared store; name that with --store")


def register(engine: sa.Engine, home: Path) -> str:
    """Return the identifier of a home in a shared store; a folder without one is given one.

    Raises StoreError if the facts in the folder are listed elsewhere: here they would count as remains.
    """
    if (home / LOCAL_STORE).exists():
        raise StoreError(f"{home}: has a store of its own, {LOCAL_STORE}; with --store use another folder")
    place = {"host": socket.gethostname(), "folder": str(home.absolute())}
    identifier = known(home)
    with engine.begin() as connection:
        alone(connection)
        if not identifier:
            identifier = uuid4().hex
            connection.execute(sa.insert(HOMES).values(id=identifier, **place))
            home.mkdir(parents=True, exist_ok=True)
            (home / _IDENTIFIER).write_text(f"{identifier}\n")
        elif not connection.execute(sa.update(HOMES).filter_by(id=identifier).values(**place)).rowcount:
            raise StoreError(f"{home}: its facts are listed in another store than this one")
    return identifier
