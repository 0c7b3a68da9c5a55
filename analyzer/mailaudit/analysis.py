# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns lines as they were read into what the store and the facts keep of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import ibis
import pyarrow as pa

from mailaudit import mastersessions, rollup
from mailaudit.engine import Engine
from mailaudit.logs.eventtables import EVENTS, MARKS
from mailaudit.logs.lines import LINES
from mailaudit.logs.parse import FACTS, NUMBERED, UNREADABLE
from mailaudit.logs.sorting import Sorter, sort
from mailaudit.store import rows as stored
from mailaudit.store.rows import ActivityDay, Count, MasterSession, MasterSessions, Seen
from mailaudit.usage.batch import UsageRollups
from mailaudit.uses import Uses


class Span(NamedTuple):
    """The lines of one kind in one log, and the times of the first and the last, in microseconds, if any."""

    counted: Count
    first: int | None
    last: int | None

    @property
    def is_parsed(self) -> bool:
        """Whether a table knows the kind."""
        return self.counted.kind not in (stored.UNPARSED, stored.UNREADABLE)


class Analysis:
    """An engine with the queries for a batch of lines. What it returns is of the lines loaded last."""

    def __init__(self, spill: Path) -> None:
        engine = self._engine = Engine(spill)
        self._beside = engine.beside()
        self._counts = engine.query(
            rollup.counts(ibis.table(ibis.Schema.from_pyarrow(MARKS), name="line_marks"))
        )
        events = ibis.table(FACTS, name="logins_and_ends")
        sessions = ibis.table(mastersessions.OPEN, name="master_sessions")
        self._master_sessions = engine.query(rollup.master_sessions(events))
        self._ended_sessions = engine.query(rollup.ended_sessions(events, sessions))
        self._owners_uses = engine.query(rollup.uses_among(events, sessions))
        self.usage = UsageRollups(engine)
        self._events = EVENTS.empty_table()
        self._by_kind: dict[int, pa.Table] = {}
        self._begun = mastersessions.as_table([])
        self._lines = LINES.empty_table()

    def read(self, lines: Sequence[pa.RecordBatch]) -> list[Sorter]:
        """Return what lines (the columns LINES) say. May be asked in a thread of its own."""
        return sort(self._beside, lines)

    def load(
        self,
        lines: Sequence[pa.RecordBatch],
        open_sessions: Iterable[MasterSession] = (),
        read: Sequence[Sorter] | None = None,
    ) -> None:
        """Take the lines (the columns LINES) of a batch, and what was `read` of them if that is known.

        `open_sessions` are master users' that began before it.
        """
        self._lines = pa.Table.from_batches(lines, LINES)
        sorters = sort(self._engine, lines) if read is None else read
        kinds = sorted({kind for sorter in sorters for kind in sorter.by_kind})
        self._by_kind = {
            kind: pa.concat_tables([s.by_kind[kind] for s in sorters if kind in s.by_kind]) for kind in kinds
        }
        self._events = pa.concat_tables([sorter.events for sorter in sorters]).unify_dictionaries()
        self._engine.load("line_marks", pa.concat_tables([sorter.marks for sorter in sorters]))
        self._engine.load("events", self._events)
        self._engine.load("logins_and_ends", self._logins_and_ends())
        self._begun = self._engine.table(self._master_sessions)
        known = pa.concat_tables([mastersessions.as_table(open_sessions), self._begun])
        self._engine.load("master_sessions", known)
        uses = self._engine.table(self._owners_uses)
        self._engine.load("uses", uses)
        self._uses = Uses(uses)

    def _logins_and_ends(self) -> pa.Table:
        """The few events that queries about sessions need: all of them take five times as long."""
        told = [self._by_kind[kind] for kind in rollup.SESSION_KINDS if kind in self._by_kind]
        return pa.concat_tables([EVENTS.empty_table(), *told]).unify_dictionaries()

    def counts(self) -> Iterator[Span]:
        """Yield how many lines there are, by source, program and kind, none left out."""
        rows = self._engine.rows(self._counts)
        for source_id, program, producer, number, lines, first, last in rows:
            counted = Count(source_id, program or "", producer, kind_name(number), lines)
            yield Span(counted, first, last)

    def last_seen(self) -> list[Seen]:
        """Return the last use of each mailbox by service and event. May be asked in a thread of its own."""
        return self._uses.last(self._lines)

    def days(self) -> list[ActivityDay]:
        """Return how often each mailbox was used on each day."""
        return self._uses.days()

    def master_sessions(self) -> MasterSessions:
        """Return which sessions master users began, and which of theirs came to an end."""
        begun = zip(*(column.to_pylist() for column in self._begun.columns), strict=True)
        return mastersessions.changes(begun, self._engine.rows(self._ended_sessions))

    def events(self) -> pa.Table:
        """Return all events (the columns FACTS), those of one kind after those of another."""
        return self._events

    def by_kind(self) -> Mapping[int, pa.Table]:
        """Return the events (the columns FACTS) of each kind that there is, by its number."""
        return self._by_kind


def kind_name(number: int) -> str:
    """Return the name of a kind of line by its number in parsed lines."""
    if number in NUMBERED:
        return NUMBERED[number][1].name
    return stored.UNREADABLE if number == UNREADABLE else stored.UNPARSED
