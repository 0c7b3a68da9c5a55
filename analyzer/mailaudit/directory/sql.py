# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory in PostgreSQL or SQLite: queries whose columns are named as ours, in one transaction."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from mailaudit.directory.listing import Listing
from mailaudit.directory.rows import MAILBOXES, UNITS, Item, Row, Table, check_names, check_tree, read_rows
from mailaudit.directory.settings import SqlSource
from mailpolicy.files.problems import Problem, Problems, UnreadableFile
from mailpolicy.officetime import office_day

CONNECT_SECONDS = 10


def read(source: SqlSource, password: str | None, folder: Path) -> Listing:
    """Run the queries. Raises UnreadableFile if they can't be run, BadFile with every mistake in the rows."""
    problems = Problems(source.url)
    with _errors(source.url, "url", "a database that can be asked"):
        engine = _engine(sa.make_url(source.url), password, folder)
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            mailboxes = _read(connection, source.mailboxes, MAILBOXES, problems)
            units = _read(connection, source.units, UNITS, problems) if source.units else []
    check_tree(units, problems)
    problems.raise_if_any()
    return Listing(source.url, mailboxes, units)


def _engine(url: sa.URL, password: str | None, folder: Path) -> sa.Engine:
    if url.drivername == "sqlite":
        file = quote(str(folder / (url.database or "")))
        return sa.create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True), poolclass=NullPool
        )
    url = url.set(drivername="postgresql+psycopg", password=password)
    return sa.create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": CONNECT_SECONDS}
    )


@contextmanager
def _errors(file: str, key: str, expected: str) -> Iterator[None]:
    """Say what the database or its driver says, without the statement. Raises UnreadableFile."""
    try:
        yield
    except ModuleNotFoundError as error:
        wrong = f"needs {error.name}, which is not installed"
        told = Problem(file, key, wrong, "it installed: pip install 'postwarden[postgres]'")
        raise UnreadableFile([told]) from error
    except sa.exc.SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        raise UnreadableFile([Problem(file, key, f"the database says: {why}", expected)]) from error


def _read(connection: sa.Connection, query: str, table: Table[Item], problems: Problems) -> list[Item]:
    part = Problems(f"{problems.file}, {'mailboxes' if table is MAILBOXES else 'units'}")
    expected = "a query that gives rows and changes nothing"
    items: list[Item] = []
    with _errors(part.file, "query", expected):
        result = connection.execute(sa.text(query.replace(":", r"\:")))  # no colon of it is a parameter
        if not result.returns_rows:
            part.add("query", "gives no rows", expected)
        elif check_names(names := list(result.keys()), "query", table, part):
            items = read_rows(_rows(names, result), table, part)
            if not items and not part.found:
                part.add("query", "gives nothing", f"one row for each {table.key}")
    problems.found += part.found
    return items


def _rows(names: Sequence[str], result: "sa.CursorResult[Any]") -> Iterator[Row]:
    for number, values in enumerate(result, start=1):
        yield Row(f"row {number}", {name: _cell(value) for name, value in zip(names, values, strict=True)})


def _cell(value: object) -> str:
    """A value as it would stand in a CSV file. A time is given as the day it is in the office's zone."""
    match value:
        case None:
            return ""
        case datetime():
            return (office_day(value) if value.tzinfo else value.date()).isoformat()
        case date():
            return value.isoformat()
        case list() | tuple():
            return " ".join(map(_cell, value))
        case _:
            return str(value).strip()
