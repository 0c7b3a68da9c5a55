# SPDX-License-Identifier: GPL-3.0-or-later
"""Since when units have their heads, where the directory does not say: two snapshots for the gate tell.

A head took over at some time after the snapshot that still had the other one. That snapshot's day counts, so
that a password which he changed before the next snapshot is known for his; but no day longer ago than LATEST.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from mailaudit.store import Store
from mailaudit.store.record_tables import UNIT_HEADS
from mailaudit.store.writing import merge_rows
from mailpolicy.directory import Unit

LATEST = timedelta(days=7)
"""Before the day a change is seen: an office that publishes once in months is not to miss the handover."""


def note(
    store: Store, units: Iterable[Unit], before: Callable[[str], Unit | None], then: date, today: date
) -> None:
    """Note each unit whose head is another than `before`, in a snapshot of the day `then`.

    A head where none was named is no change of heads: nothing is known of who it was.
    """
    since = max(then, today - LATEST).isoformat()
    changed = []
    for unit in units:
        last = before(unit.name)
        if unit.head and last and last.head and last.head.lower() != unit.head.lower():
            changed.append((unit.name, unit.head.lower(), since))
    if changed:
        with store.recording() as connection:
            merge_rows(connection, UNIT_HEADS, _newest, changed)


def _newest(_table: sa.Table, new: Any) -> dict[str, Any]:
    return {"set_": {"head": new.head, "since": new.since}}


def filled(store: Store, units: Iterable[Unit]) -> list[Unit]:
    """Return units with `head_since` as it was noted, where the directory gives none."""
    known = {unit: (head, since) for unit, head, since in store.rows(sa.select(UNIT_HEADS))}
    return [_filled(unit, *known[unit.name]) if unit.name in known else unit for unit in units]


def _filled(unit: Unit, head: str, since: str) -> Unit:
    if unit.head_since or unit.head.lower() != head:
        return unit
    return replace(unit, head_since=date.fromisoformat(since))
