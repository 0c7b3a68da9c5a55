# SPDX-License-Identifier: GPL-3.0-or-later
"""When a line was written: the time at its beginning, made UTC.

`Nov 21 23:52:46` (RFC 3164), ISO 8601 (also as in RFC 5424), or seconds since 1970; before it may stand a
priority and a version, as in `<22>1 2026-11-21T23:52:46Z`. A whole block of lines is read at once, column by
column. A time without zone is in the log's zone; in the hour that summer time's end repeats, it is taken to
be the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int32]
Columns = Callable[[int], Numbers]

PADDING = 64
"""The bytes that must follow a block's last line start, so that a stamp can be looked for anywhere."""
NO_TIME = np.iinfo(np.int64).min  # as NumPy's NaT

HALF_YEAR = 183  # days: a log that steps back further has gone on into a new year
CLOCK_AHEAD = timedelta(days=14)
"""How much later than the log was last written a time without year may be: then the host's clock ran ahead.

The other reading is that the line is more than eleven months old. Where both can be, mailboxes are taken to
be in use.
"""

_MICROSECONDS = 1_000_000
_HOUR = 3600 * _MICROSECONDS
_MONTHS = [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"]
_MONTH_CODES = np.array([int.from_bytes(name, "big") for name in _MONTHS])
_MONTH_ORDER = np.argsort(_MONTH_CODES)
_DAYS_BEFORE = np.array([0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335])  # in a leap year
_LEAP_DAY = 59  # 29 February


@dataclass(frozen=True, slots=True)
class Stamps:
    """Lines' times in microseconds since the epoch in UTC, or NO_TIME, and where the rest of each begins."""

    times: Numbers
    rests: Numbers


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

    def days_since_1970(self, days: Numbers) -> Numbers:
        """Return the date of each line, in their order, given its day in a leap year."""
        before = np.concatenate(([self.day if self.day >= 0 else days[0]], days[:-1]))
        years: Numbers = self.year + np.cumsum(before - days > HALF_YEAR)
        self.year, self.day = int(years[-1]), int(days[-1])
        years = np.minimum(years, self.latest.year - (days > day_of_year(self.latest)))
        years -= (days == _LEAP_DAY) * (years % 4)  # the leap year before, of those from 1901 to 2099
        new_years = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
        dates: Numbers = new_years + days - ((days > _LEAP_DAY) & (years % 4 != 0))
        return dates


def calendar(samples: Sequence[int], written: datetime, zone: tzinfo | None = None) -> Calendar:
    """Return the calendar of a log from the days (in a leap year, from 0) of some of its lines, in order.

    The last sample is the log's last line, written no later than `written` and CLOCK_AHEAD.
    """
    latest = (written + CLOCK_AHEAD).date()
    last = samples[-1] if samples else 0
    year = latest.year if last <= day_of_year(latest) else latest.year - 1
    new_years = sum(a - b > HALF_YEAR for a, b in pairwise(samples))
    is_ahead = (year, last) > (written.year, day_of_year(written.date()))
    return Calendar(year - new_years, latest, zone, is_ahead and bool(samples))


def day_of_year(day: date) -> int:
    """Return a date's place in a leap year, from 0."""
    return int(_DAYS_BEFORE[day.month - 1]) + day.day - 1


def read_stamps(data: Bytes, starts: Numbers, years: Calendar) -> Stamps:
    """Read the stamps of the lines that begin at `starts`; PADDING bytes must follow the last of them."""
    times = np.full(len(starts), NO_TIME)
    rests = np.zeros(len(starts), np.int64)
    widths = _prefix_widths(data, starts)
    starts = starts + widths
    first = data[starts]
    letters = (first >= ord("A")) & (first <= ord("Z"))
    digits = (first >= ord("1")) & (first <= ord("9"))
    dashed = data[starts + 4] == ord("-")
    readers = ((letters, _rfc3164), (digits & dashed, _iso8601), (digits & ~dashed, _epoch))
    for rows, read in readers:
        if rows.any():
            times[rows], rests[rows] = read(data, starts[rows], years)
    return Stamps(times, rests + widths)


def read_days(data: Bytes, starts: Numbers) -> Numbers:
    """Return the days, in a leap year from 0, of those lines that begin with an RFC 3164 time."""
    days, _, valid, _ = _month_day_time(data, starts + _prefix_widths(data, starts))
    return days[valid]


def _prefix_widths(data: Bytes, starts: Numbers) -> Numbers:
    """How many bytes of each line are a priority, `<0>` to `<191>`, and the version of RFC 5424, `1 `."""
    first = data[starts]
    widths = np.zeros(len(starts), np.int64)
    if np.any(first == ord("<")):
        at = _columns(data, starts)
        digits: Flags = first == ord("<")
        for column in (1, 2, 3):
            digits = digits & _are_digits(at, column, 1)
            widths[digits & (at(column + 1) == ord(">"))] = column + 2
        first = data[starts + widths]
    if np.any(first == ord("1")):
        widths[(first == ord("1")) & (data[starts + widths + 1] == ord(" "))] += 2
    return widths


def _rfc3164(data: Bytes, starts: Numbers, calendar: Calendar) -> tuple[Numbers, Numbers]:
    """Lines of the same second begin with the same 16 bytes, of which only the first is read."""
    words = np.ndarray(len(data) - 7, np.uint64, data, strides=(1,))
    left, right = words[starts], words[starts + 8]
    heads = np.flatnonzero(np.append(True, (left[1:] != left[:-1]) | (right[1:] != right[:-1])))
    days, seconds, valid, rests = _month_day_time(data, starts[heads])
    times = np.full(len(heads), NO_TIME)
    if valid.any():
        times[valid] = _utc(
            (calendar.days_since_1970(days[valid]) * 86400 + seconds[valid]) * _MICROSECONDS, calendar.zone
        )
    lengths = np.diff(np.append(heads, len(starts)))
    return np.repeat(times, lengths), np.repeat(rests, lengths)


def _month_day_time(data: Bytes, starts: Numbers) -> tuple[Numbers, Numbers, Flags, Numbers]:
    """Day in a leap year, second of the day, whether there is such a time, and where the rest begins.

    The day of the month may be padded with a blank or not at all.
    """
    at = _columns(data, starts)
    code = at(0) * 65536 + at(1) * 256 + at(2)
    place = np.minimum(np.searchsorted(_MONTH_CODES, code, sorter=_MONTH_ORDER), 11)
    month = _MONTH_ORDER[place]
    valid = (_MONTH_CODES[month] == code) & (at(3) == ord(" "))
    tens = at(4)
    short = (at(5) == ord(" ")) & (tens != ord(" "))  # `Dec 1 20:36:56`
    at = _columns(data, starts - short)
    tens = np.where(short | (tens == ord(" ")), 0, tens - ord("0"))
    day = tens * 10 + at(5) - ord("0")
    seconds, good_time = _time_of_day(at, 7)
    length = np.where(month == 1, 29, 30 + (month + (month > 6) + 1) % 2)
    valid &= good_time & (tens >= 0) & (tens <= 3) & (day >= 1) & (day <= length)
    valid &= (at(6) == ord(" ")) & (at(15) == ord(" "))
    return _DAYS_BEFORE[month] + day - 1, seconds, valid, 16 - short.astype(np.int64)


def _iso8601(data: Bytes, starts: Numbers, calendar: Calendar) -> tuple[Numbers, Numbers]:
    at = _columns(data, starts)
    month, day = _number(at, 5, 2), _number(at, 8, 2)
    seconds, valid = _time_of_day(at, 11)
    valid &= (at(4) == ord("-")) & (at(7) == ord("-")) & ((at(10) | 32 == ord("t")) | (at(10) == ord(" ")))
    valid &= (month >= 1) & (month <= 12) & (day >= 1)
    year = _number(at, 0, 4)
    valid &= (year >= 1970) & (year <= 2099)
    year = np.where(valid, year, 1970)
    months = ((year - 1970) * 12 + np.where(valid, month, 1) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + day - 1
    valid &= days < (months + 1).astype("datetime64[D]").astype(np.int64)
    fraction, width = _fraction(at, 19)
    zone, zone_width, zoned = _zone(_columns(data, starts + 19 + width))
    local = (days * 86400 + seconds) * _MICROSECONDS + fraction
    rests = 19 + width + zone_width
    valid &= _columns(data, starts + rests)(0) == ord(" ")
    times = np.full(len(starts), NO_TIME)
    times[valid & zoned] = (local - zone * 60 * _MICROSECONDS)[valid & zoned]
    times[valid & ~zoned] = _utc(local[valid & ~zoned], calendar.zone)
    return times, rests + 1


def _epoch(data: Bytes, starts: Numbers, _calendar: Calendar) -> tuple[Numbers, Numbers]:
    """Seconds since 1970 in ten digits, as they are from 2001 to 2286."""
    at = _columns(data, starts)
    digits = np.stack([at(column) for column in range(10)])
    fraction, width = _fraction(at, 10)
    rests = 10 + width
    valid = ((digits >= ord("0")) & (digits <= ord("9"))).all(0) & (data[starts + rests] == ord(" "))
    times = _number(at, 0, 10) * _MICROSECONDS + fraction
    return np.where(valid, times, NO_TIME), rests + 1


def _fraction(at: Columns, point: int) -> tuple[Numbers, Numbers]:
    """Microseconds after the second, from the column `point` on, and how many bytes they take with it."""
    pointed = (at(point) == ord(".")) | (at(point) == ord(","))
    fraction, width, unit = np.zeros_like(at(point)), pointed.astype(np.int64), 100_000
    more = pointed
    for column in range(point + 1, point + 10):  # nine digits: nanoseconds
        digit = at(column) - ord("0")
        more = more & (digit >= 0) & (digit <= 9)
        fraction += np.where(more, digit * unit, 0)
        width += more
        unit //= 10
    return fraction, width


def _zone(at: Columns) -> tuple[Numbers, Numbers, Flags]:
    """Minutes east of Greenwich, how many bytes say so, and whether any do: Z, +07:00, +0700 or +07."""
    sign, zulu = at(0), at(0) | 32 == ord("z")
    colon = (at(3) == ord(":")).astype(np.int64)
    short = at(3) == ord(" ")
    hours, minutes = _number(at, 1, 2), np.where(colon == 1, _number(at, 4, 2), _number(at, 3, 2))
    minutes = np.where(short, 0, minutes)
    valid = _are_digits(at, 1, 2) & (hours < 24) & (minutes >= 0) & (minutes < 60)
    valid &= short | np.where(colon == 1, _are_digits(at, 4, 2), _are_digits(at, 3, 2))
    signed = valid & ((sign == ord("+")) | (sign == ord("-")))
    east = np.where(sign == ord("-"), -1, 1) * (hours * 60 + minutes)
    return np.where(signed, east, 0), np.where(signed, np.where(short, 3, 5 + colon), zulu), signed | zulu


def _columns(data: Bytes, starts: Numbers) -> Columns:
    """The bytes at a column of every line, as numbers."""
    return lambda column: data[starts + column].astype(np.int64)


def _number(at: Columns, column: int, width: int) -> Numbers:
    number = at(column) - ord("0")
    for digit in range(1, width):
        number = number * 10 + at(column + digit) - ord("0")
    return number


def _are_digits(at: Columns, column: int, width: int) -> Flags:
    columns = np.stack([at(column + digit) for digit in range(width)])
    return np.all((columns >= ord("0")) & (columns <= ord("9")), axis=0)  # type: ignore[no-any-return]


def _time_of_day(at: Columns, column: int) -> tuple[Numbers, Flags]:
    """Seconds since midnight from hh:mm:ss, and whether that is what stands there."""
    hours, minutes, seconds = (_number(at, column + skip, 2) for skip in (0, 3, 6))
    valid = (at(column + 2) == ord(":")) & (at(column + 5) == ord(":"))
    for number, limit in ((hours, 23), (minutes, 59), (seconds, 60)):
        valid &= (number >= 0) & (number <= limit)
    return (hours * 60 + minutes) * 60 + seconds, valid


def _utc(local: Numbers, zone: tzinfo | None) -> Numbers:
    """Local microseconds as UTC. A zone's offset is asked for once an hour, not once a line."""
    hours = local // _HOUR
    changes = np.flatnonzero(np.diff(hours, prepend=hours[:1] - 1))
    distinct, where = np.unique(hours[changes], return_inverse=True)
    offsets = np.array([_offset(int(hour), zone) for hour in distinct], np.int64)
    lengths = np.diff(np.append(changes, len(hours)))
    return local - np.repeat(offsets[where], lengths) * _MICROSECONDS


def _offset(hour: int, zone: tzinfo | None) -> int:
    """Seconds east of Greenwich in an hour given as hours since the epoch in local time."""
    local = datetime.fromtimestamp(hour * 3600, UTC).replace(tzinfo=zone)
    moment = local if zone is not None else local.astimezone()
    return int((moment.utcoffset() or timedelta()).total_seconds())
