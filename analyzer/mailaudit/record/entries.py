# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes the entries of the record."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mailaudit.store import EPOCH, Store
from mailaudit.store.record_tables import RECORD
from mailpolicy.clocks.record import Entry, Event

MICROSECOND = timedelta(microseconds=1)


def write(connection: sa.Connection, entry: Entry) -> bool:
    """Add an entry; it counts when the connection's transaction ends.

    Returns False, and adds nothing, if the step that it is of was recorded before.
    """
    if entry.key and connection.scalar(sa.select(RECORD.c.number).where(RECORD.c.key == entry.key)):
        return False
    connection.execute(sa.insert(RECORD).values(_row(entry)))
    return True


def of_mailbox(store: Store, mailbox: str) -> list[Entry]:
    """Return a mailbox's entries in the order they were made."""
    return _read(store, RECORD.c.mailbox == mailbox)


def of_everybody(store: Store) -> dict[str, list[Entry]]:
    """Return all entries by mailbox, each mailbox's in the order they were made."""
    found: dict[str, list[Entry]] = {}
    for entry in _read(store, sa.true()):
        found.setdefault(entry.mailbox, []).append(entry)
    return found


def entry_of(store: Store, key: str) -> Entry | None:
    """Return the entry of a step, or None."""
    return next(iter(_read(store, RECORD.c.key == key)), None)


def last_time(store: Store) -> datetime | None:
    """Return the latest time of any entry, None if there is none."""
    [[latest]] = store.rows(sa.select(sa.func.max(RECORD.c.time)))
    return None if latest is None else time_of(latest)


def microseconds(time: datetime) -> int:
    """Return an aware time as the store keeps it."""
    return (time - EPOCH) // MICROSECOND


def time_of(stored: int) -> datetime:
    """Return a stored time, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + stored * MICROSECOND


_FIELDS = [column for column in RECORD.columns if column is not RECORD.c.number]


def _read(store: Store, where: "sa.ColumnElement[bool]") -> list[Entry]:
    rows = store.rows(sa.select(*_FIELDS).where(where).order_by(RECORD.c.number))
    names = [column.name for column in _FIELDS]
    return [_entry(dict(zip(names, row, strict=True))) for row in rows]


def _row(entry: Entry) -> Mapping[str, Any]:
    values = {column.name: getattr(entry, column.name) for column in _FIELDS}
    days = {name: str(values[name]) if values[name] else None for name in ("day", "until", "warned_of")}
    others = {"event": str(entry.event), "time": microseconds(entry.time), "key": entry.key or None}
    return values | days | others


def _entry(values: dict[str, Any]) -> Entry:
    days = {
        name: date.fromisoformat(values[name]) if values[name] else None
        for name in ("day", "until", "warned_of")
    }
    event, time = Event(values["event"]), time_of(values["time"])
    return Entry(**values | days | {"event": event, "time": time, "key": values["key"] or ""})
