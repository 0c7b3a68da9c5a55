# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells lines that another log has brought already from new ones (docs/decisions/0009-a-line-in-two-logs.md).

Of a line that stands m times in one log and n times in another, the greater number is counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mailaudit.logs.digest import Digests, Numbers, digests, in_second
from mailaudit.logs.stamp import NO_TIME
from mailaudit.store import Store
from mailaudit.store.line_digests import overlap
from mailaudit.store.rows import Compared, HourDigests, Source

_HOUR = 3600 * 1_000_000  # microseconds


@dataclass(slots=True)
class NewLines:
    """The lines of a batch that no other log has brought, what to store of all, and how many were copies.

    `compared` says of each log what its lines were compared with.
    """

    batches: list[pa.RecordBatch] = field(default_factory=list)
    digests: list[HourDigests] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    copies: Counter[int] = field(default_factory=Counter)  # by the number of their log


class Copies:
    """Knows the lines that a store has, and those of one batch."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def without(self, batches: Sequence[pa.RecordBatch], sources: Mapping[int, Source]) -> NewLines:
        """Return what is new of a batch's lines (the columns LINES), those of one log one after the other.

        The times of the first and the last line are noted in the sources.
        """
        new = NewLines()
        for number, group in groupby(batches, lambda batch: batch["source"][0].as_py()):
            lines = list(group)
            read = [digests(batch) for batch in lines]
            self._add(sources[number], lines, read, sources, new)
        return new

    def _add(
        self,
        source: Source,
        lines: list[pa.RecordBatch],
        read: list[tuple[Numbers, Digests]],
        sources: Mapping[int, Source],
        new: NewLines,
    ) -> None:
        times, found = (np.concatenate(column) for column in zip(*read, strict=True))
        if (times == NO_TIME).all():
            new.batches += lines
            return
        if (blank := times == NO_TIME).any():
            times = _filled(times, source.last_time)
            found[blank] = in_second(found[blank], times[blank])
        _note_span(source, times)
        is_new = self._is_new(source, times, found, sources, new)
        new.digests += _by_hour(source.id, lines[0]["position"][0].as_py(), times, found)
        new.copies[source.id] += len(is_new) - int(np.count_nonzero(is_new))
        new.batches += _kept(lines, is_new)

    def _is_new(
        self,
        source: Source,
        times: Numbers,
        found: Digests,
        sources: Mapping[int, Source],
        new: NewLines,
    ) -> NDArray[np.bool_]:
        hours = int(times.min()) // _HOUR, int(times.max()) // _HOUR
        beside = [each.id for each in sources.values() if _overlap(source, each)]
        rows, compared = self._store.digests_beside(source, beside, hours)
        new.compared.append(compared)
        rows += [row for row in new.digests if row.source_id in beside and hours[0] <= row.hour <= hours[1]]
        by_source: dict[int, list[Digests]] = {}
        for row in rows:
            by_source.setdefault(row.source_id, []).append(np.frombuffer(row.digests, np.uint64))
        before = by_source.pop(source.id, [])
        return _more_than(found, before, [np.concatenate(parts) for parts in by_source.values()])


def _more_than(found: Digests, before: list[Digests], others: Iterable[Digests]) -> NDArray[np.bool_]:
    """Whether each line makes its log, with what was read of it before, have more of it than any other."""
    is_new = np.ones(len(found), np.bool_)
    others = [other[np.isin(other, found)] for other in others]
    if not any(map(len, others)):
        return is_new
    kinds, kind = np.unique(found, return_inverse=True)
    most = np.max([_counts(kinds, other) for other in others], axis=0)
    mine = sum((_counts(kinds, part) for part in before), np.zeros(len(kinds), np.int64))
    order = np.argsort(kind, kind="stable")
    firsts = np.searchsorted(kind[order], np.arange(len(kinds)))
    place = np.arange(len(found)) - firsts[kind[order]] + 1
    is_new[order] = mine[kind[order]] + place > most[kind[order]]
    return is_new


def _counts(kinds: Digests, lines: Digests) -> NDArray[np.int64]:
    """How often each of some digests, which are in order, stands among lines."""
    at = np.minimum(np.searchsorted(kinds, lines), len(kinds) - 1)
    return np.bincount(at[kinds[at] == lines], minlength=len(kinds))


def _filled(times: Numbers, last: int | None) -> Numbers:
    """A line without a time was written when the one before it was; a log's first ones, when the next was.

    `last` is when the last line was written that was read of the log before.
    """
    known = np.flatnonzero(times != NO_TIME)
    before = np.searchsorted(known, np.arange(len(times)), side="right") - 1
    filled: Numbers = times[known[before.clip(min=0)]]
    if last is not None:
        filled[before < 0] = last
    return filled


def _note_span(source: Source, times: Numbers) -> None:
    first, last = int(times.min()), int(times.max())
    source.first_time = first if source.first_time is None else min(first, source.first_time)
    source.last_time = last if source.last_time is None else max(last, source.last_time)


def _overlap(one: Source, other: Source) -> bool:
    if one.id == other.id or one.span is None or other.span is None:
        return False
    return overlap(one.span, other.span)


def _by_hour(number: int, position: int, times: Numbers, found: Digests) -> list[HourDigests]:
    hours = times // _HOUR
    order = np.argsort(hours, kind="stable")
    hours, found = hours[order], found[order]
    begins = np.flatnonzero(np.diff(hours, prepend=hours[0] - 1))
    parts = np.split(found, begins[1:])
    return [
        HourDigests(hour, number, position, part.tobytes())
        for hour, part in zip(hours[begins].tolist(), parts, strict=True)
    ]


def _kept(lines: list[pa.RecordBatch], is_new: NDArray[np.bool_]) -> list[pa.RecordBatch]:
    if is_new.all():
        return lines
    ends = np.cumsum([len(batch) for batch in lines])[:-1]
    parts = np.split(is_new, ends)
    return [batch.filter(pa.array(part)) for batch, part in zip(lines, parts, strict=True) if part.any()]
