# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False, cdivision=False
"""Mixes the bytes of each line to a number, without Python's lock. The store keeps these: they never change.

Each line is compared with the data's length before it is read; no byte is read that is not one of its own.
"""

from libc.stdint cimport INT64_MIN, int32_t, int64_t, uint8_t, uint64_t
from libc.string cimport memcpy

import numpy as np

cdef enum:
    WORD = 8
    SHIFT = 29
cdef uint64_t PRIME = 0x9E3779B97F4A7C15
cdef int64_t NO_TIME = INT64_MIN


def mixed(const uint8_t[::1] data, const int32_t[::1] offsets, const int32_t[::1] rests,
          const int64_t[::1] times):
    """Return a number for each line: of its second, its length, and all that follows the time at its beginning.

    A line begins at its offset and ends at the next one, and its newline counts for nothing. Of a line
    without a time all is mixed.
    """
    cdef Py_ssize_t count = times.shape[0], row, begin, end
    found = np.empty(count, np.uint64)
    cdef uint64_t[::1] number = found
    cdef const uint8_t* text = &data[0] if data.shape[0] else NULL
    with nogil:
        for row in range(count):
            begin, end = offsets[row], offsets[row + 1]
            if not 0 <= begin <= end <= data.shape[0]:
                with gil:
                    raise IndexError("a line that is not in the data")
            if end > begin and text[end - 1] == c"\n":
                end -= 1
            if times[row] != NO_TIME:
                begin += rests[row]
            if not offsets[row] <= begin <= end:
                with gil:
                    raise IndexError("a time that is not in its line")
            number[row] = _mixed(text + begin, end - begin, times[row] // 1_000_000)
    return found


cdef inline uint64_t _mixed(const uint8_t* text, Py_ssize_t length, int64_t second) noexcept nogil:
    cdef uint64_t number = <uint64_t>second * PRIME ^ <uint64_t>length, word
    cdef Py_ssize_t at = 0
    while at < length:
        word = 0
        if length - at >= WORD:
            memcpy(&word, text + at, WORD)
        else:
            memcpy(&word, text + at, length - at)
        number = (number ^ word) * PRIME
        number ^= number >> SHIFT
        at += WORD
    return number
