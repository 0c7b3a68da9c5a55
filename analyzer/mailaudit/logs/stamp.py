# SPDX-License-Identifier: GPL-3.0-or-later
"""When a line was written: the time at its beginning, made UTC.

`Nov 21 23:52:46` (RFC 3164), ISO 8601 (also as in RFC 5424), or seconds since 1970; before it may stand a
priority and a version, as in `<22>1 2026-11-21T23:52:46Z`. A time without zone is in the log's zone; in the
hour that summer time's end repeats, it is taken to be the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.compiled import stamping

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int32]

NO_TIME = np.iinfo(np.int64).min  # as NumPy's NaT

CLOCK_AHEAD = timedelta(days=14)
"""How much later than the log was last written a time without year may be: then the host's clock ran ahead.

The other reading is that the line is more than eleven months old. Where both can be, mailboxes are taken to
be in use.
"""

_MICROSECONDS = 1_000_000
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Stamps:
    """Lines' times in microseconds since the epoch in UTC, or NO_TIME, and where the rest of each begins."""

    times: Numbers
    rests: Places


@dataclass(slots=True)
class Calendar:
    """Follows one log and knows the year of its RFC 3164 times: a step back of half a year is a New Year.

    No line is dated later than `latest`, the last day on which the log can have been written.
    """

    year: int
    latest: date
    zone: tzinfo | None  # of times without one; None: the machine's
    is_ahead: bool = False  # the last line is dated after the day on which the log was last written
    day: int = -1  # of the last line read, counted in a leap year from 0


def calendar(samples: Sequence[int], written: datetime, zone: tzinfo | None = None) -> Calendar:
    """Return the calendar of a log from the days (in a leap year, from 0) of some of its lines, in order.

    The last sample is the log's last line, written no later than `written` and CLOCK_AHEAD.
    """
    latest = (written + CLOCK_AHEAD).date()
    last = samples[-1] if samples else 0
    year = latest.year if last <= day_of_year(latest) else latest.year - 1
    new_years = sum(a - b > stamping.HALF_YEAR for a, b in pairwise(samples))
    is_ahead = (year, last) > (written.year, day_of_year(written.date()))
    return Calendar(year - new_years, latest, zone, is_ahead and bool(samples))


def day_of_year(day: date) -> int:
    """Return a date's place in a leap year, from 0."""
    return (day.replace(year=_LEAP_YEAR) - date(_LEAP_YEAR, 1, 1)).days


def read_stamps(data: Bytes, starts: Numbers, years: Calendar) -> Stamps:
    """Read the stamps of the lines that begin at `starts`, in their order."""
    latest = years.latest
    times, rests, places, hours, years.year, years.day = stamping.read(
        data, starts, years.year, years.day, latest.year, day_of_year(latest)
    )
    return Stamps(_utc(times, places, hours, years.zone), rests)


def read_days(data: Bytes, starts: Numbers) -> Numbers:
    """Return the days, in a leap year from 0, of those lines that begin with an RFC 3164 time."""
    return stamping.days(data, starts)


def _utc(times: Numbers, places: Places, hours: Numbers, zone: tzinfo | None) -> Numbers:
    """Times as UTC, given the place of each one's hour among `hours`; that of one that is UTC is below 0.

    A zone's offset is asked for once an hour, not once a line.
    """
    distinct, where = np.unique(hours, return_inverse=True)
    offsets = np.array([_offset(hour, zone) for hour in distinct.tolist()], np.int64)
    utc: Numbers = times - np.append(offsets[where], 0)[places] * _MICROSECONDS
    return utc


def _offset(hour: int, zone: tzinfo | None) -> int:
    """Seconds east of Greenwich in an hour given as hours since the epoch in local time."""
    local = datetime.fromtimestamp(hour * 3600, UTC).replace(tzinfo=zone)
    moment = local if zone is not None else local.astimezone()
    return int((moment.utcoffset() or timedelta()).total_seconds())
