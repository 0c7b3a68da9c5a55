# SPDX-License-Identifier: GPL-3.0-or-later
"""The days for which logs were read: only for those is "not seen" the same as "not used"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# Between one log file's last line and the next one's first. A day's file that is missing leaves more than
# this, a quiet night less.
LARGEST_GAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time that one log file speaks for, in the office's own time."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """The days `first` to `last`, both included, that logs speak for without a gap."""

    first: date
    last: date


def unbroken(intervals: Iterable[Interval], until: date) -> Coverage | None:
    """Return the last stretch of logs without a gap that begins by the day `until`, cut off at its end.

    Intervals may overlap and come in any order. Returns None if none begins by then.
    """
    stretch: Interval | None = None
    for interval in sorted(intervals, key=lambda one: one.start):
        if interval.start.date() > until:
            break
        if stretch is None or interval.start - stretch.end > LARGEST_GAP:
            stretch = interval
        else:
            stretch = Interval(stretch.start, max(stretch.end, interval.end))
    if stretch is None:
        return None
    return Coverage(stretch.start.date(), min(stretch.end.date(), until))
