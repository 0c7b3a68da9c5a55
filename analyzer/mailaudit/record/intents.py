# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sweep has begun: noted before a server is asked, gone with the entry that says it was done."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from mailaudit.enforcement.backend import Archive
from mailaudit.record.entries import microseconds, time_of
from mailaudit.store import Store
from mailaudit.store.record_tables import SWEEP_INTENTS
from mailpolicy.clocks.record import Event


@dataclass(frozen=True, slots=True)
class Intent:
    """A step that was begun at `time` for a plan. `archive` is there once a mailbox's mail was archived."""

    key: str
    mailbox: str
    event: Event
    time: datetime
    plan: str
    code: str
    article: str
    reason: str
    archive: Archive | None = None


def begin(store: Store, intent: Intent) -> Intent:
    """Note it; if an earlier run has begun the same step, that one's intent is returned and stays."""
    values = {name: getattr(intent, name) for name in _NAMES}
    values |= {"event": str(intent.event), "time": microseconds(intent.time)}
    with store.recording() as connection:
        row = connection.execute(sa.select(SWEEP_INTENTS).where(SWEEP_INTENTS.c.key == intent.key)).first()
        if row is not None:
            return _intent(tuple(row))
        connection.execute(sa.insert(SWEEP_INTENTS).values(values))
    return intent


def archived(store: Store, intent: Intent, archive: Archive) -> Intent:
    """Note that the mail was archived and verified: from now on it may be removed."""
    text = json.dumps([str(archive.folder), archive.messages, archive.size, archive.sha256])
    with store.recording() as connection:
        its = SWEEP_INTENTS.c.key == intent.key
        connection.execute(sa.update(SWEEP_INTENTS).where(its).values(archive=text))
    return replace(intent, archive=archive)


def end(connection: sa.Connection, key: str) -> None:
    """Take it away, in the transaction that records what came of it."""
    connection.execute(sa.delete(SWEEP_INTENTS).where(SWEEP_INTENTS.c.key == key))


def pending(store: Store) -> list[Intent]:
    """Return what was begun and not recorded, the oldest first."""
    return [_intent(row) for row in store.rows(sa.select(SWEEP_INTENTS).order_by("time", "key"))]


_NAMES = ("key", "mailbox", "event", "time", "plan", "code", "article", "reason")


def _intent(row: tuple[object, ...]) -> Intent:
    *_, archive = row
    values = dict(zip(_NAMES, row, strict=False))
    values |= {"event": Event(str(values["event"])), "time": time_of(int(str(values["time"])))}
    return Intent(**values, archive=_archive(archive))  # type: ignore[arg-type]


def _archive(text: object) -> Archive | None:
    if text is None:
        return None
    folder, messages, size, sha256 = json.loads(str(text))
    return Archive(Path(folder), messages, size, sha256)
