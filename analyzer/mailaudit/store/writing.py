# SPDX-License-Identifier: GPL-3.0-or-later
"""How a batch's rows are merged with those that a store has: counts add up, the latest use stays.

Both are the same in whatever order several analyzers' batches come.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import chain
from typing import Any

import sqlalchemy as sa

from mailaudit.store.database import StoreError
from mailaudit.store.rows import Source
from mailaudit.store.tables import SOURCE_NUMBER, SOURCES

Merge = Callable[[sa.Table, Any], dict[str, Any]]
"""What ON CONFLICT does: of a table, and the columns of a row that has the key of one that is there."""

AT_ONCE = 50
"""Rows that one statement brings to SQLite, which takes 999 values in any version."""
FEW = 200
"""Up to so many rows PostgreSQL gets one by one: a table to copy more into costs about as much."""


class MeanwhileError(StoreError):
    """Another analyzer has stored the same lines of a log meanwhile."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: another analyzer has read the same lines meanwhile; they count once. Run it again"
        )


def sums(*columns: str) -> Merge:
    """Return the merge of tables whose rows are added up."""
    return lambda table, new: {"set_": {name: table.c[name] + new[name] for name in columns}}


def latest(*by: str) -> Merge:
    """Return the merge that keeps, of two rows, the one whose columns `by` are greater."""

    def merge(table: sa.Table, new: Any) -> dict[str, Any]:
        later = sa.tuple_(*(new[name] for name in by)) > sa.tuple_(*(table.c[name] for name in by))
        return {"set_": {c.name: new[c.name] for c in table.columns if not c.primary_key}, "where": later}

    return merge


def merge_rows(
    connection: sa.Connection, table: sa.Table, merge: Merge | None, rows: Sequence[tuple[object, ...]]
) -> None:
    """Add rows, which have all columns of a table in order; None: none of them is there yet.

    A batch brings a hundred thousand rows, so they go to the driver as they are. No key is there twice.
    """
    if not rows:
        return
    statement = _insert(connection, table, merge)
    if connection.dialect.name == "sqlite":
        _many(connection, str(statement.compile(dialect=connection.dialect)), rows)
    elif len(rows) <= FEW:
        connection.execute(statement, [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])
    else:
        _copy(connection, table, merge, rows)


def _many(connection: sa.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert several rows with each statement: SQLite takes two thirds of the time that single ones take."""
    values = f"({', '.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % AT_ONCE
    if whole:
        several = statement.replace(values, ", ".join([values] * AT_ONCE))
        pieces = (rows[begin : begin + AT_ONCE] for begin in range(0, whole, AT_ONCE))
        connection.exec_driver_sql(several, [tuple(chain.from_iterable(piece)) for piece in pieces])
    if whole < len(rows):
        connection.exec_driver_sql(statement, list(rows[whole:]))


def write_source(connection: sa.Connection, source: Source) -> None:
    """Store how far a log was read. Raises MeanwhileError if another analyzer has changed that meanwhile."""
    values = {column.name: getattr(source, column.name) for column in SOURCES.columns}
    if source.stored_offset is not None:
        as_known = SOURCES.c.id == source.id, SOURCES.c.offset == source.stored_offset
        if not connection.execute(sa.update(SOURCES).where(*as_known).values(values)).rowcount:
            raise MeanwhileError(source.path)
        return
    alike = sa.select(sa.func.count()).select_from(SOURCES).where(SOURCES.c.first_line == source.first_line)
    if connection.scalar(alike) != source.alike:
        raise MeanwhileError(source.path)
    connection.execute(sa.insert(SOURCES).values(values))


def next_source_number(connection: sa.Connection) -> int:
    """Return a number that no source has had."""
    more = sa.update(SOURCE_NUMBER).values(last=SOURCE_NUMBER.c.last + 1).returning(SOURCE_NUMBER.c.last)
    return int(connection.execute(more).scalar_one())


def _copy(
    connection: sa.Connection, table: sa.Table, merge: Merge | None, rows: Sequence[tuple[object, ...]]
) -> None:
    """PostgreSQL's quick way in: COPY into a table of the transaction's own, and from there on."""
    incoming = sa.table(f"incoming_{table.name}", *(sa.column(c.name) for c in table.columns))
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {incoming.name} (LIKE {table.name}) ON COMMIT DROP")
    driver = connection.connection.cursor()
    with driver.copy(f"COPY {incoming.name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(_insert(connection, table, merge, sa.select(*incoming.columns)))


def _insert(
    connection: sa.Connection, table: sa.Table, merge: Merge | None, rows: "sa.Select[object] | None" = None
) -> sa.Insert:
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    statement: Any = dialect.insert(table)  # each has an Insert class of its own, with the same methods
    new = statement.excluded
    if rows is not None:
        statement = statement.from_select([c.name for c in table.columns], rows)
    if merge is not None:
        statement = statement.on_conflict_do_update(
            index_elements=list(table.primary_key), **merge(table, new)
        )
    whole: sa.Insert = statement
    return whole
