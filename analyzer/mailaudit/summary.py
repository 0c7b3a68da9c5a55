# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read: every line of every log counted once, by program and kind, the unparsed ones included."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mailaudit.store import Store
from mailaudit.store.rows import UNPARSED, UNREADABLE, Source


class Event(NamedTuple):
    """What a program wrote, by the table that knows it; the producer of a program without one is `other`."""

    program: str
    producer: str
    kind: str


class Unparsed(NamedTuple):
    """Lines of a program that no table knows, of so many it wrote."""

    program: str
    unparsed: int
    lines: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.unparsed / self.lines


@dataclass(slots=True)
class Lines:
    """How many lines a log has, or all logs have. `unparsed` includes those that are `unreadable`."""

    total: int = 0
    unparsed: int = 0
    unreadable: int = 0

    @property
    def parsed(self) -> int:
        """Those that a table knows."""
        return self.total - self.unparsed

    def add(self, kind: str, lines: int) -> None:
        """Count lines of a kind."""
        self.total += lines
        self.unparsed += lines if kind in (UNPARSED, UNREADABLE) else 0
        self.unreadable += lines if kind == UNREADABLE else 0


@dataclass(slots=True)
class Summary:
    """All that was read."""

    lines: Lines = field(default_factory=Lines)
    events: Counter[Event] = field(default_factory=Counter)
    by_source: dict[int, Lines] = field(default_factory=dict)
    sources: Sequence[Source] = ()

    def unparsed(self) -> list[Unparsed]:
        """Return the programs with unparsed lines, those with most first."""
        lines: Counter[str] = Counter()
        unparsed: Counter[str] = Counter()
        for event, count in self.events.items():
            lines[event.program] += count
            unparsed[event.program] += count if event.kind == UNPARSED else 0
        return [
            Unparsed(program, count, lines[program]) for program, count in unparsed.most_common() if count
        ]


def summarise(store: Store) -> Summary:
    """Return the summary of a store."""
    summary = Summary(sources=store.sources())
    summary.by_source = {source.id: Lines() for source in summary.sources}
    for count in store.counts():
        summary.lines.add(count.kind, count.lines)
        summary.by_source[count.source_id].add(count.kind, count.lines)
        if count.kind != UNREADABLE:
            summary.events[Event(count.program, count.producer, count.kind)] += count.lines
    return summary
