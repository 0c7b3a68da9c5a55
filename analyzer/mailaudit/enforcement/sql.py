# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing a mailbox in the SQL database that the mail system takes its users from: PostgreSQL or SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from mailaudit.enforcement.backend import EnforcementError
from mailaudit.enforcement.settings import SqlKeys

CONNECT_SECONDS = 10
PROBE = "nobody@postwarden.invalid"  # RFC 2606: nobody's


class SqlLock:
    """The site's own statements. Each change is one transaction, kept only if the list then shows it."""

    name = "sql"

    def __init__(self, keys: SqlKeys, password: str | None, folder: Path) -> None:
        self._keys = keys
        self._url = sa.make_url(keys.url)
        self._password = password
        self._folder = folder

    def check(self) -> None:
        """Try the statements with nobody's address, and take that back. Raises EnforcementError."""
        with self._transaction() as connection:
            before = self._closed(connection)
            for key in ("lock", "unlock"):
                self._run(connection, key, PROBE, "probe")
                if others := (self._closed(connection) ^ before) - {PROBE}:
                    raise self._error(key, f"changes others than :address, as {min(others)}: mend it")
            connection.rollback()

    def lock(self, address: str, reason: str) -> None:
        """Close this mailbox, in one row. Raises EnforcementError, and nothing has changed."""
        self._change("lock", address, reason, closed=True)

    def unlock(self, address: str) -> None:
        """Open it again, in one row. Raises EnforcementError, and nothing has changed."""
        self._change("unlock", address, "", closed=False)

    def locked(self) -> Sequence[str]:
        """Return the addresses that the list has, sorted. Raises EnforcementError."""
        with self._transaction() as connection:
            return sorted(self._closed(connection))

    def _change(self, key: str, address: str, reason: str, *, closed: bool) -> None:
        address = address.lower()
        with self._transaction() as connection:
            if (address in self._closed(connection)) == closed:
                return
            rows = self._run(connection, key, address, reason)
            if rows != 1:
                raise self._error(key, f"changes {rows} rows for {address}, not one; nothing was changed")
            if (address in self._closed(connection)) != closed:
                kept = "not in" if closed else "still in"
                raise self._error(key, f"leaves {address} {kept} what `list` gives; nothing was changed")
            connection.commit()

    def _closed(self, connection: sa.Connection) -> set[str]:
        with self._errors("list"):
            result = connection.execute(sa.text(self._keys.list.replace(":", r"\:")))
            if not result.returns_rows:
                raise self._error("list", "gives no rows; a query was expected")
            return {str(row[0]).strip().lower() for row in result}

    def _run(self, connection: sa.Connection, key: str, address: str, reason: str) -> int:
        """Return how many rows it changed. A trigger that changes others is not counted."""
        statement = sa.text(getattr(self._keys, key))
        given = {"address": address, "reason": reason}
        wanted = statement.compile().params
        with self._errors(key):
            values = {name: given[name] for name in wanted if name in given}
            return connection.execute(statement, values).rowcount

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """A connection whose changes count only when it commits."""
        with self._errors("url"):
            connection = self._engine().connect()
        with connection:
            yield connection

    def _engine(self) -> sa.Engine:
        if self._url.drivername == "sqlite":
            file = self._folder / (self._url.database or "")
            return sa.create_engine("sqlite://", creator=lambda: _sqlite(file), poolclass=NullPool)
        return sa.create_engine(
            self._url.set(drivername="postgresql+psycopg", password=self._password),
            poolclass=NullPool,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )

    @contextmanager
    def _errors(self, key: str) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            raise self._error(key, f"needs {error.name}: pip install 'postwarden[postgres]'") from error
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            why = " ".join(str(getattr(error, "orig", None) or error).split())
            raise self._error(key, f"the database says: {why}") from error

    def _error(self, key: str, wrong: str) -> EnforcementError:
        return EnforcementError(f"{self._keys.url}: audit.enforcement.lock.sql.{key}: {wrong}")


def _sqlite(file: Path) -> sqlite3.Connection:
    """Nothing is created: a misspelt path is an error."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=CONNECT_SECONDS)
