# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read: lines by program and kind, those that nobody could parse, and the hours that are missing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from prometheus_client.core import Metric

from mailaudit.coverage.gaps import Coverage, coverage
from mailaudit.metrics.families import counters, gauges
from mailaudit.store import EPOCH, Store
from mailaudit.store.rows import UNPARSED, UNREADABLE
from mailaudit.store.tables import COUNTS, SOURCES

OTHERS = "other"
"""The producer of programs without a table, and the label that stands for all of them."""
ALWAYS = [("dovecot", UNPARSED), (OTHERS, UNPARSED), (OTHERS, UNREADABLE)]
RECENT = timedelta(days=1)
WATCHED = timedelta(days=7)
"""How far back hours are looked for that are missing."""
RETIRED = timedelta(days=30)
"""A host without a line for so long is not watched any more."""


def line_metrics(store: Store, now: datetime) -> Iterator[Metric]:
    """Give what the store knows of the lines that were read. Raises StoreError."""
    labels = ("program", "kind")
    yield counters(
        "mailaudit_lines", "Log lines read, by program and kind.", labels, _by_kind(store.rows(_counted()))
    )
    recent = _counted().where(SOURCES.c.last_time >= (now - RECENT - EPOCH) // timedelta(microseconds=1))
    yield gauges(
        "mailaudit_unparsed_ratio", "Share of lines not understood.", ["program"], _shares(store, recent)
    )
    hosts = [one for one in coverage(store) if one.last > now - RETIRED]
    missing = {(one.host,): _missing(one, now - WATCHED) for one in hosts}
    until = {(one.host,): min(one.last, now).timestamp() for one in hosts}
    yield gauges("mailaudit_coverage_missing_seconds", "Gaps of the last 7 days.", ["host"], missing)
    yield gauges("mailaudit_coverage_until_timestamp_seconds", "Where logs end.", ["host"], until)


def _counted() -> sa.Select[Any]:
    columns = (COUNTS.c.program, COUNTS.c.producer, COUNTS.c.kind)
    joined = sa.select(*columns, sa.func.sum(COUNTS.c.lines)).join(
        SOURCES, SOURCES.c.id == COUNTS.c.source_id
    )
    return joined.group_by(*columns)


def _by_kind(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, ...], int]:
    """Lines by program and kind; every program has its unparsed lines counted, be there any or not."""
    found: Counter[tuple[str, ...]] = Counter(dict.fromkeys(ALWAYS, 0))
    for program, producer, kind, lines in rows:
        named = OTHERS if producer == OTHERS or kind == UNREADABLE else program
        found[named, kind] += int(lines)
        found[named, UNPARSED] += 0
    return found


def _shares(store: Store, recent: sa.Select[Any]) -> dict[tuple[str, ...], float]:
    """The share of unparsed lines of each program that has a table."""
    lines: Counter[str] = Counter()
    unparsed: Counter[str] = Counter()
    for (program, kind), count in _by_kind(store.rows(recent)).items():
        lines[program] += count
        unparsed[program] += count if kind == UNPARSED else 0
    return {(one,): unparsed[one] / lines[one] for one in lines if one != OTHERS and lines[one]}


def _missing(one: Coverage, since: datetime) -> float:
    """Seconds of gaps that lie after a time."""
    return sum((max(gap.end - max(gap.begin, since), timedelta()).total_seconds() for gap in one.gaps), 0.0)
