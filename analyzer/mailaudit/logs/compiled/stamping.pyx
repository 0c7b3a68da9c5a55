# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False, cdivision=False
"""Reads the stamps of lines, which begin in the data; only `_byte` reads bytes, and none behind the data."""

from libc.stdint cimport INT64_MIN, int32_t, int64_t, uint8_t

import numpy as np

cpdef enum:
    HALF_YEAR = 183  # days: a log that steps back further has gone on into a new year

cdef enum:
    NOT_SO = -1
    LEAP_DAY = 59  # 29 February, in a leap year from 0
    DAY = 86400
cdef int64_t NO_TIME = INT64_MIN
cdef int64_t SECOND = 1_000_000  # microseconds
cdef const char* MONTHS = b"JanFebMarAprMayJunJulAugSepOctNovDec"
cdef int32_t[13] DAYS_BEFORE = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366]  # in a leap year

cdef struct Text:
    const uint8_t* first
    Py_ssize_t left  # bytes of the data, from the first on

cdef struct Years:
    int64_t year  # of the last line
    int64_t day  # of the last line, in a leap year from 0; below 0: there is none
    int64_t latest_year  # the last day that a line can be of
    int64_t latest_day

cdef struct Stamp:
    int64_t time  # microseconds since 1970; NO_TIME
    int32_t rest  # where the text after it begins
    bint zoned  # whether the time is UTC; also if there is none


def read(const uint8_t[::1] data, const int64_t[::1] starts, int64_t year, int64_t day, int64_t latest_year,
         int64_t latest_day):
    """Return times, rests, of each line the place of its hour, the hours, and year and day of the last line.

    The times of lines with an hour are local, as hours are, which are counted since 1970. Those of other
    lines, whose hour is NOT_SO, are UTC. Lines next to each other in the same hour have the same place.
    """
    cdef Py_ssize_t count = starts.shape[0], row, last = NOT_SO
    times, rests = np.empty(count, np.int64), np.zeros(count, np.int32)
    places, hours = np.full(count, NOT_SO, np.int32), np.empty(count, np.int64)
    cdef int64_t[::1] time = times, hour = hours
    cdef int32_t[::1] rest = rests, place = places
    cdef Years years = Years(year, day, latest_year, latest_day)
    cdef Stamp stamp
    with nogil:
        for row in range(count):
            stamp = _stamp(Text(&data[starts[row]], data.shape[0] - starts[row]), &years)
            time[row] = stamp.time
            if stamp.time != NO_TIME:
                rest[row] = stamp.rest
            if not stamp.zoned:
                if last == NOT_SO or hour[last] != _hour(stamp.time):
                    last += 1
                    hour[last] = _hour(stamp.time)
                place[row] = <int32_t>last
    return times, rests, places, hours[:last + 1], years.year, years.day


def days(const uint8_t[::1] data, const int64_t[::1] starts):
    """Return the days, in a leap year from 0, of those lines that begin with an RFC 3164 time."""
    cdef Py_ssize_t count = starts.shape[0], row, used = 0
    found = np.empty(count, np.int64)
    cdef int64_t[::1] day = found
    cdef Text text
    cdef Stamp stamp
    with nogil:
        for row in range(count):
            text = Text(&data[starts[row]], data.shape[0] - starts[row])
            day[used] = _rfc3164(_after(text, _prefix(text)), &stamp.time, &stamp.rest)
            used += day[used] != NOT_SO
    return found[:used]


cdef inline Text _after(Text text, Py_ssize_t count) noexcept nogil:
    """A text without its first bytes, all of which it has."""
    return Text(text.first + count, text.left - count)


cdef inline uint8_t _byte(Text text, Py_ssize_t at) noexcept nogil:
    return text.first[at] if at < text.left else 0


cdef inline int64_t _number(Text text, Py_ssize_t at, int width) noexcept nogil:
    """The number that so many digits make, NOT_SO if there are not as many."""
    cdef int64_t number = 0
    cdef int place
    for place in range(width):
        if not c"0" <= _byte(text, at + place) <= c"9":
            return NOT_SO
        number = number * 10 + _byte(text, at + place) - c"0"
    return number


cdef inline int64_t _hour(int64_t time) noexcept nogil:
    return time // 1_000_000 // 3600


cdef Stamp _stamp(Text text, Years* years) noexcept nogil:
    cdef Py_ssize_t prefix = _prefix(text)
    cdef Stamp stamp = Stamp(NO_TIME, 0, True)
    cdef int64_t day, second = 0
    text = _after(text, prefix)
    if c"A" <= _byte(text, 0) <= c"Z":
        day = _rfc3164(text, &second, &stamp.rest)
        if day != NOT_SO:
            stamp.time, stamp.zoned = (_dated(years, day) * DAY + second) * SECOND, False
    elif _byte(text, 4) == c"-":
        _iso8601(text, &stamp)
    else:
        _epoch(text, &stamp)
    stamp.rest += prefix
    return stamp


cdef Py_ssize_t _prefix(Text text) noexcept nogil:
    """How many bytes are a priority, `<0>` to `<191>`, and the version of RFC 5424, `1 `."""
    cdef Py_ssize_t width = 0, at = 1
    if _byte(text, 0) == c"<":
        while at <= 3 and c"0" <= _byte(text, at) <= c"9":
            at += 1
        if at > 1 and _byte(text, at) == c">":
            width = at + 1
    if _byte(text, width) == c"1" and _byte(text, width + 1) == c" ":
        width += 2
    return width


cdef int64_t _rfc3164(Text text, int64_t* second, int32_t* rest) noexcept nogil:
    """The day in a leap year, from 0, or NOT_SO. The day of the month may be padded with a blank or not."""
    cdef int month = _month(text)
    cdef Py_ssize_t at = 4
    cdef int64_t day
    if month == NOT_SO or _byte(text, 3) != c" ":
        return NOT_SO
    if _byte(text, 4) == c" " or _byte(text, 5) == c" ":  # `Dec  1 20:36:56`, `Dec 1 20:36:56`
        at += _byte(text, 4) == c" "
        day = _number(text, at, 1)
        at += 1
    else:
        day = _number(text, at, 2)
        at += 2
    second[0] = _time_of_day(text, at + 1)
    if not 1 <= day <= DAYS_BEFORE[month + 1] - DAYS_BEFORE[month] or second[0] == NOT_SO:
        return NOT_SO
    if _byte(text, at) != c" " or _byte(text, at + 9) != c" ":
        return NOT_SO
    rest[0] = <int32_t>at + 10
    return DAYS_BEFORE[month] + day - 1


cdef inline int _month(Text text) noexcept nogil:
    """The month that a text begins with, from 0, or NOT_SO."""
    cdef int month
    cdef const char* name
    for month in range(12):
        name = MONTHS + 3 * month
        if _byte(text, 0) == name[0] and _byte(text, 1) == name[1] and _byte(text, 2) == name[2]:
            return month
    return NOT_SO


cdef inline int64_t _dated(Years* years, int64_t day) noexcept nogil:
    """Days since 1970 of a line's day; a step back of half a year is a New Year."""
    cdef int64_t year
    years.year += years.day - day > HALF_YEAR
    years.day = day
    year = min(years.year, years.latest_year - (day > years.latest_day))
    if day == LEAP_DAY:
        year -= year % 4  # the leap year before
    return _new_year(year) + day - (day > LEAP_DAY and year % 4 != 0)


cdef inline int64_t _new_year(int64_t year) noexcept nogil:
    """Days from 1970 to a year, of those from 1901 to 2099."""
    return (year - 1970) * 365 + (year - 1969) // 4


cdef int64_t _time_of_day(Text text, Py_ssize_t at) noexcept nogil:
    """Seconds since midnight of `hh:mm:ss`, or NOT_SO."""
    cdef int64_t hours = _number(text, at, 2), minutes = _number(text, at + 3, 2)
    cdef int64_t seconds = _number(text, at + 6, 2)
    if _byte(text, at + 2) != c":" or _byte(text, at + 5) != c":":
        return NOT_SO
    if not (0 <= hours <= 23 and 0 <= minutes <= 59 and 0 <= seconds <= 60):
        return NOT_SO
    return (hours * 60 + minutes) * 60 + seconds


cdef void _iso8601(Text text, Stamp* stamp) noexcept nogil:
    cdef int64_t year = _number(text, 0, 4), month = _number(text, 5, 2), day = _number(text, 8, 2)
    cdef int64_t seconds = _time_of_day(text, 11), minutes = 0, fraction = 0
    cdef Py_ssize_t at = 19
    cdef bint zoned
    if not (1970 <= year <= 2099 and 1 <= month <= 12 and 1 <= day) or seconds == NOT_SO:
        return
    if day > DAYS_BEFORE[month] - DAYS_BEFORE[month - 1] - (month == 2 and year % 4 != 0):
        return
    if _byte(text, 7) != c"-" or not (_byte(text, 10) | 32 == c"t" or _byte(text, 10) == c" "):
        return
    at += _fraction(text, at, &fraction)
    stamp.rest = _zone(text, at, &minutes)
    zoned = stamp.rest != 0
    stamp.rest += at + 1
    if _byte(text, stamp.rest - 1) == c" ":
        stamp.zoned = zoned
        day += _new_year(year) + DAYS_BEFORE[month - 1] - (month > 2 and year % 4 != 0) - 1
        stamp.time = (day * DAY + seconds - minutes * 60) * SECOND + fraction


cdef void _epoch(Text text, Stamp* stamp) noexcept nogil:
    """Seconds since 1970 in ten digits, as they are from 2001 to 2286."""
    cdef int64_t seconds = _number(text, 0, 10), fraction = 0
    stamp.rest = 10 + _fraction(text, 10, &fraction) + 1
    if _byte(text, 0) != c"0" and seconds != NOT_SO and _byte(text, stamp.rest - 1) == c" ":
        stamp.time = seconds * SECOND + fraction


cdef int _fraction(Text text, Py_ssize_t point, int64_t* fraction) noexcept nogil:
    """Microseconds after the second, and how many bytes they take with their point: up to nine digits."""
    cdef int64_t unit = 100_000
    cdef int width = 1
    if _byte(text, point) != c"." and _byte(text, point) != c",":
        return 0
    while width <= 9 and c"0" <= _byte(text, point + width) <= c"9":
        fraction[0] += (_byte(text, point + width) - c"0") * unit
        unit //= 10
        width += 1
    return width


cdef int _zone(Text text, Py_ssize_t at, int64_t* minutes) noexcept nogil:
    """Minutes east of Greenwich, and how many bytes say so: Z, +07:00, +0700 or +07, or none."""
    cdef int64_t hours = _number(text, at + 1, 2), more = 0
    cdef int width = 3
    if _byte(text, at) | 32 == c"z":
        return 1
    if _byte(text, at + 3) != c" ":
        width += 2 + (_byte(text, at + 3) == c":")
        more = _number(text, at + width - 2, 2)
    if not (0 <= hours < 24 and 0 <= more < 60) or not (_byte(text, at) == c"+" or _byte(text, at) == c"-"):
        return 0
    minutes[0] = (hours * 60 + more) * (-1 if _byte(text, at) == c"-" else 1)
    return width
