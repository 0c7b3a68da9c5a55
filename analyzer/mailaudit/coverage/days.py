# SPDX-License-Identifier: GPL-3.0-or-later
"""Which days of a period logs were read for, whole, in part or not at all, by the office's days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from mailaudit.coverage.gaps import Coverage
from mailpolicy.officetime import begin_of, office_day

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NotCovered:
    """Days in a row, `first` to `last`, of which logs tell nothing or, if `in_part`, not everything."""

    first: date
    last: date
    in_part: bool

    def __str__(self) -> str:
        days = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
        return f"{days} (in part)" if self.in_part else days


def not_covered(covered: Sequence[Coverage], first: date, last: date) -> list[NotCovered]:
    """Return the days of a period that are not covered, in order.

    A day is not covered before the first line of any host and after the last line of all of them, and in the
    gaps of each host.
    """
    if not covered:
        return [NotCovered(first, last, in_part=False)]
    begin, end = min(one.first for one in covered), max(one.last for one in covered)
    gaps = [(gap.begin, gap.end) for one in covered for gap in one.gaps]
    found: list[NotCovered] = []
    if first < office_day(begin):
        found.append(NotCovered(first, min(last, office_day(begin) - DAY), in_part=False))
    inside = _days(max(first, office_day(begin)), min(last, office_day(end)))
    found += _in_rows((day, _is_whole(day, begin, end, gaps)) for day in inside)
    if last > office_day(end):
        found.append(NotCovered(max(first, office_day(end) + DAY), last, in_part=False))
    return _joined(found)


def uncovered_days(found: Iterable[NotCovered]) -> set[date]:
    """Return every day that is not covered, or not wholly."""
    return {day for one in found for day in _days(one.first, one.last)}


def in_words(found: Sequence[NotCovered]) -> str:
    """Say which days are not covered."""
    return f"Days that logs do not cover: {', '.join(map(str, found)) or 'none'}"


def _is_whole(
    day: date, begin: datetime, end: datetime, gaps: Iterable[tuple[datetime, datetime]]
) -> bool | None:
    """True: covered; False: in part; None: not at all."""
    first, after = begin_of(day), begin_of(day + DAY)
    missing = [(first, begin), (end, after), *gaps]
    cut = [(max(first, a), min(after, b)) for a, b in missing if a < after and b > first]
    cut = [(a, b) for a, b in cut if a < b]
    if any(a == first and b == after for a, b in cut):
        return None
    return not cut


def _in_rows(days: Iterable[tuple[date, bool | None]]) -> Iterator[NotCovered]:
    for whole, row in groupby(days, key=lambda day: day[1]):
        dates = [day for day, _ in row]
        if whole is not True:
            yield NotCovered(dates[0], dates[-1], in_part=whole is False)


def _joined(found: Sequence[NotCovered]) -> list[NotCovered]:
    joined: list[NotCovered] = []
    for one in found:
        if joined and joined[-1].in_part == one.in_part and joined[-1].last + DAY == one.first:
            joined[-1] = NotCovered(joined[-1].first, one.last, one.in_part)
        else:
            joined.append(one)
    return joined


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * number for number in range((last - first).days + 1))
