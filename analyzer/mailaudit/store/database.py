# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the database of a store, SQLite in a file or PostgreSQL by URL, and says what is wrong with it.

A password is never part of what is said: databases are named without what could hold one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

CACHE = 64 << 10
"""KiB of an SQLite database kept in memory: a batch touches most mailboxes' rows."""
WRITTEN_AHEAD = 16_000
"""Pages of 4 KiB that wait beside an SQLite database before they are put into it: the next batch changes most
of them again, so that putting them in seldom writes half as much. Readers see them all the same."""
CONNECT_SECONDS = 10
EXPECTED = "expected postgresql://USER@HOST/DATABASE"
_WRITERS_LOCK = 0x706F7374  # "post": any number that all analyzers share


class StoreError(Exception):
    """The database can't be reached or refuses something; the text names it and says why."""


def sqlite(file: Path) -> sa.Engine:
    """Return the engine of a database in a file."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)))
    sa.event.listen(engine, "connect", _write_ahead)
    return engine


def postgresql(url: str) -> sa.Engine:
    """Return the engine of a PostgreSQL database. Raises StoreError if the URL is none of one.

    What the URL leaves out, the password above all, libpq takes from PGPASSWORD, PGPASSFILE or ~/.pgpass.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(f"the store's URL can't be read; {EXPECTED}") from None
    if parsed.drivername != "postgresql":
        raise StoreError(f"a store's URL can't begin with {parsed.drivername}://; {EXPECTED}")
    timeout = {} if "connect_timeout" in parsed.query else {"connect_timeout": CONNECT_SECONDS}
    try:
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args=timeout,
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            f"PostgreSQL needs {error.name}, which is not installed: pip install 'postwarden[postgres]'"
        ) from error


def name_of(engine: sa.Engine) -> str:
    """Return a database's name for people: the file, or the server and the database."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = f"{url.host}:{url.port}" if url.port else url.host or ""
    return f"postgresql://{host}/{url.database or ''}"


@contextmanager
def told(engine: sa.Engine) -> Iterator[None]:
    """Make a StoreError of what a database can't or won't do, without statements and values.

    What only a wrong program can cause (sqlalchemy.exc.IntegrityError and the like) stays as it is.
    """
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InternalError, sa.exc.ProgrammingError) as error:
        why = " ".join(str(error.orig).split())
        raise StoreError(f"{name_of(engine)}: the database says: {why}") from None


def alone(connection: sa.Connection) -> None:
    """Wait until no other transaction is alone in the same PostgreSQL database; SQLite sees to it by itself.

    Several analyzers' batches touch the same rows, in any order: one after the other they can't deadlock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_LOCK)))


@contextmanager
def holding(engine: sa.Engine, number: int) -> Iterator[bool]:
    """Hold the lock of a number in a PostgreSQL database; gives False if somebody else has it.

    It is let go when the connection ends. In SQLite there is no such lock, and this gives True.
    """
    if engine.dialect.name != "postgresql":
        yield True
        return
    with told(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(number))))


def _write_ahead(connection: "sa.engine.interfaces.DBAPIConnection", _record: object) -> None:
    """Let readers go on while an ingest writes. A commit lost with the power is read from the logs again."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA cache_size = {-CACHE}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {WRITTEN_AHEAD}")
    cursor.close()
