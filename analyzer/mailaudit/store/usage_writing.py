# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores what a batch says of messages, in the batch's transaction."""

from typing import Any

import sqlalchemy as sa

from mailaudit.store.rows import Batch
from mailaudit.store.usage_tables import (
    COVERAGE_HOURS,
    FINDINGS,
    FORWARDS,
    OPEN_LINES,
    USAGE_DAYS,
    USAGE_DOMAINS,
    USAGE_HOURS,
)
from mailaudit.store.writing import merge_rows, sums

_FIRST = ("time", "source_id", "position")


def write_usage(connection: sa.Connection, batch: Batch) -> None:
    """Add a batch's totals, forwards, hours and findings, and put its open lines in place of others."""
    folded = batch.folded
    merge_rows(connection, COVERAGE_HOURS, sums(*_amounts(COVERAGE_HOURS)), batch.covered)
    merge_rows(connection, FINDINGS, None, batch.findings)
    merge_rows(connection, USAGE_DAYS, sums(*_amounts(USAGE_DAYS)), folded.days)
    merge_rows(connection, USAGE_DOMAINS, sums(*_amounts(USAGE_DOMAINS)), folded.domains)
    merge_rows(connection, USAGE_HOURS, sums(*_amounts(USAGE_HOURS)), folded.hours)
    merge_rows(connection, FORWARDS, keep_first, folded.forwards)
    if folded.closed:
        key = [column == sa.bindparam(f"its_{column.name}") for column in OPEN_LINES.primary_key]
        names = [f"its_{column.name}" for column in OPEN_LINES.primary_key]
        rows = [dict(zip(names, row, strict=True)) for row in folded.closed]
        connection.execute(sa.delete(OPEN_LINES).where(*key), rows)
    merge_rows(connection, OPEN_LINES, None, folded.opened)


def _amounts(table: sa.Table) -> list[str]:
    return [column.name for column in table.columns if not column.primary_key]


def keep_first(table: sa.Table, new: Any) -> dict[str, Any]:
    """Add the messages up, and keep the line that stands first."""
    earlier = sa.tuple_(*(new[name] for name in _FIRST)) < sa.tuple_(*(table.c[name] for name in _FIRST))
    evidence = [name for name in _amounts(table) if name != "messages"]
    kept = {name: sa.case((earlier, new[name]), else_=table.c[name]) for name in evidence}
    return {"set_": {"messages": table.c.messages + new.messages, **kept}}
