# SPDX-License-Identifier: GPL-3.0-or-later
"""Folds the messages of a log twice: as an ingest does, and by the queries for any message alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from audit.readlog import WRITTEN, analysis
from mailaudit.engine import Engine
from mailaudit.logs.eventtables import EVENTS
from mailaudit.logs.lines import Block, cut_lines
from mailaudit.logs.stamp import calendar
from mailaudit.store.usage_rows import Folded, OpenLine
from mailaudit.usage.kept import open_lines_table
from mailaudit.usage.marks import END, marks_of
from mailaudit.usage.rollup import OpenMessages
from mailaudit.usage.steps import COLUMNS, Steps
from mailaudit.usage.sums import Flows

ByKind = Mapping[int, pa.Table]
Everything = tuple[Sequence[tuple[object, ...]], ...]


@cache
def engines() -> tuple[OpenMessages, Steps]:
    """Two, since tables of one go by the same names as the other's."""
    return OpenMessages(Engine(Path("/nonexistent"))), Steps(Engine(Path("/nonexistent")))


def batches(lines: Sequence[str], cuts: Iterable[int]) -> Iterator[ByKind]:
    """Parse a log in batches; each is only good until the next."""
    texts = [f"{line}\n".encode() for line in lines]
    at = 0
    for begin, end in pairwise(sorted({0, *cuts, len(lines)})):
        data = b"".join(texts[begin:end])
        block = cut_lines(Block(data, at), 1, calendar([], WRITTEN))
        analysis().load([block.batch])
        at += len(data)
        yield analysis().by_kind()


def folded(by_kind: ByKind, open_lines: pa.Table) -> Folded:
    """What an ingest makes of a batch."""
    return engines()[0].fold(by_kind, open_lines)


def folded_by_queries(by_kind: ByKind, open_lines: pa.Table) -> Folded:
    """What the queries for messages of any kind make of it when they are given everything."""
    return _by_queries(by_kind, open_lines, marks_of(by_kind.values()))


def all_folded(open_lines: pa.Table) -> tuple[Folded, Folded]:
    """What is said of messages between two batches, both ways."""
    marks = dict.fromkeys(("", *open_lines["host"].to_pylist()), END)
    return engines()[0].fold_all(open_lines), _by_queries({}, open_lines, marks)


def _by_queries(by_kind: ByKind, open_lines: pa.Table, marks: Mapping[str, int]) -> Folded:
    events = pa.concat_tables([EVENTS.empty_table(), *by_kind.values()]).select(COLUMNS).unify_dictionaries()
    found = engines()[1].fold(events, open_lines, marks)
    flows = Flows([found.flows])
    sums = flows.by_mailbox(), flows.by_domain(), flows.by_hour([])
    return Folded(*sums, found.forwards, found.opened, found.closed)


def in_order(found: Folded) -> Everything:
    """All of it, to compare: the totals in the store's order, the rest in any."""
    rest: tuple[Sequence[tuple[object, ...]], ...] = (found.forwards, found.opened, found.closed)
    return (found.days, found.domains, found.hours, *(sorted(map(tuple, rows), key=repr) for rows in rest))


def open_after(found: Folded, before: Sequence[OpenLine]) -> list[OpenLine]:
    """The lines that are open after a batch."""
    closed = set(found.closed)
    left = [line for line in before if (line.source, line.position, line.kind) not in closed]
    return [*left, *found.opened]


def both_ways(lines: Sequence[str], cuts: Iterable[int] = ()) -> Iterator[tuple[Everything, Everything]]:
    """Yield what is stored of each batch, and then what the open lines say, both ways."""
    open_: list[OpenLine] = []
    for by_kind in batches(lines, cuts):
        before = open_lines_table(open_)
        found = folded(by_kind, before)
        yield in_order(found), in_order(folded_by_queries(by_kind, before))
        open_ = open_after(found, open_)
    if open_:
        mine, theirs = all_folded(open_lines_table(open_))
        yield in_order(mine), in_order(theirs)
