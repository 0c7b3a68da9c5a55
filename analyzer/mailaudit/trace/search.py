# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the events of a message in the facts, reading only the days that may hold some."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import sqlalchemy as sa

from mailaudit import officedays
from mailaudit.engine import Engine
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS
from mailaudit.store import Store
from mailaudit.store.tables import FACTS_FILES
from mailaudit.usage.lines import next_id
from mailaudit.usage.period import Period

SHOWN = (
    *("time", "source", "position", "host", "producer", "kind", "user", "address", "client_name"),
    *(
        "queue_id",
        "related_queue_id",
        "message_id",
        "sender",
        "recipient",
        "orig_recipient",
        "relay",
        "status",
    ),
    *("dsn", "size", "action", "folder", "target", "reason", "findings"),
)
"""The columns that a track is made of: none that may quote a message."""
QUEUE_ID = re.compile(r"[0-9A-Za-z]{6,20}")
NO_MESSAGE_ID = ("", "<>", "unspecified")
LIFETIME = timedelta(days=6)  # a message may wait in the queue for 5 days (maximal_queue_lifetime)
MOST_EVENTS = 5000
MOST_MESSAGES = 20
_ROUNDS = 6  # from one identifier to those that it leads to


@dataclass(slots=True)
class Found:
    """Events that belong together, in the order of their times, and whether there were more."""

    events: list[dict[str, Any]] = field(default_factory=list)
    is_cut: bool = False


def find(store: Store, term: str, period: Period) -> Found:
    """Return the events of the messages that a Message-ID, a queue identifier or an address leads to."""
    facts = _Facts(store, period)
    meant = _is_meant(facts.events, term) & officedays.within(facts.events.time, period.first, period.last)
    seeds: list[dict[str, Any]] = []
    for days in _growing(facts.days[::-1]):
        seeds += facts.rows(days, meant)
        if seeds and ("@" not in term or len(_ids(seeds)) >= MOST_MESSAGES):
            break
    return facts.follow(seeds) if seeds else Found()


def _growing(days: Sequence[date]) -> Iterator[Sequence[date]]:
    """Give the first day, then twice as many as before at a time."""
    at, size = 0, 1
    while at < len(days):
        yield days[at : at + size]
        at, size = at + size, size * 2


def _is_meant(events: Expression, term: str) -> Expression:
    if QUEUE_ID.fullmatch(term):
        return events.queue_id == term
    if term.startswith("<"):
        return events.message_id == term
    columns = (events.sender, events.recipient, events.orig_recipient, events.user, events.target)
    is_address = ibis.or_(*(column.lower() == term.lower() for column in columns))
    about_mail = events.queue_id.notnull() | events.message_id.notnull()
    return (is_address & about_mail) | (events.message_id == f"<{term}>")


def _ids(rows: Iterable[dict[str, Any]]) -> set[str]:
    return {row["message_id"] or row["queue_id"] for row in rows}


class _Facts:
    """The facts of some days, as an engine reads them."""

    def __init__(self, store: Store, period: Period) -> None:
        self.events = ibis.table(FACTS, name="facts")
        self._engine = Engine(store.home)
        query = sa.select(FACTS_FILES.c.day, FACTS_FILES.c.path).where(FACTS_FILES.c.home == store.identifier)
        self._files: dict[date, list[Path]] = {}
        for day, path in store.rows(query):
            self._files.setdefault(date.fromisoformat(day), []).append(store.facts / path)
        first, last = officedays.facts_days(period.first, period.last)
        self.days = sorted(day for day in self._files if first <= day <= last)

    def rows(self, days: Iterable[date], condition: Expression) -> list[dict[str, Any]]:
        """Return the columns SHOWN of the events of these days that are meant, at most MOST_EVENTS + 1."""
        files = [file for day in days for file in self._files.get(day, ())]
        if not files:
            return []
        self._engine.read("facts", files)
        found = self.events.filter(condition).select(*SHOWN, next_id=next_id(self.events))
        found = found.order_by("time", "source", "position").limit(MOST_EVENTS + 1)
        names = (*SHOWN, "next_id")
        return [dict(zip(names, row, strict=True)) for row in self._engine.rows(self._engine.query(found))]

    def follow(self, seeds: Sequence[dict[str, Any]]) -> Found:
        """Return what the identifiers in some events lead to, and what that leads to, a few times over."""
        first, last = (time.date() for time in (min(r["time"] for r in seeds), max(r["time"] for r in seeds)))
        days = [day for day in self._files if first - LIFETIME <= day <= last + LIFETIME]
        queue_ids, message_ids = set[str](), set[str]()
        rows = list(seeds)
        for _ in range(_ROUNDS):
            before = len(queue_ids) + len(message_ids)
            for row in rows:
                queue_ids |= {row[name] for name in ("queue_id", "related_queue_id", "next_id") if row[name]}
                message_ids |= {row["message_id"]} - {None, *NO_MESSAGE_ID}
            if len(queue_ids) + len(message_ids) == before:
                break
            rows = self.rows(days, self._leads(queue_ids, message_ids))
        return Found(rows[:MOST_EVENTS], len(rows) > MOST_EVENTS)

    def _leads(self, queue_ids: set[str], message_ids: set[str]) -> Expression:
        events = self.events
        return (
            events.queue_id.isin(sorted(queue_ids))
            | events.related_queue_id.isin(sorted(queue_ids))
            | events.message_id.isin(sorted(message_ids))
        )
