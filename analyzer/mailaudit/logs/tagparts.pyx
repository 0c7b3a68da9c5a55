# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False
"""Finds the parts of lines that begin with `host program[pid]: ` after their time, without Python's lock.

Each line is compared with the data's length before it is read; no byte is read that is not one of its own.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t

import numpy as np

cdef enum:
    NO_PID = -1
    NOT_SO = -1
    MOST_DIGITS = 7  # of a process number that is read here; Linux has none above 4,194,304

cdef struct Parts:
    int64_t names  # where host and program begin, and where they end; NOT_SO: the line begins in another way
    int64_t names_end
    int64_t pid
    int64_t text
    int64_t end  # of the line, without its newline


def parts(const uint8_t[::1] data, const int64_t[::1] starts, const int64_t[::1] ends,
          const int32_t[::1] rests, const uint8_t[::1] dated):
    """Return of each line the five numbers of Parts. `rests` are where the text after the time begins."""
    cdef Py_ssize_t count = starts.shape[0], row
    found = np.empty((count, 5), np.int64)
    cdef int64_t[:, ::1] part = found
    cdef const uint8_t* text = &data[0] if data.shape[0] else NULL
    with nogil:
        for row in range(count):
            if not 0 <= starts[row] <= ends[row] <= data.shape[0] or rests[row] < 0:
                with gil:
                    raise IndexError("a line that is not in the data")
            _read(text, starts[row], ends[row], starts[row] + rests[row], dated[row], <Parts*>&part[row, 0])
    return found


cdef void _read(const uint8_t* data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t after, bint dated,
                Parts* found) noexcept nogil:
    """Read a line; what stands before the time of one that begins with `<` or `1` gives it another shape."""
    cdef Py_ssize_t colon
    if end > start and data[end - 1] == c"\n":
        end -= 1
    colon = _colon(data, after, end)
    found.end, found.names, found.names_end, found.pid = end, NOT_SO, NOT_SO, NO_PID
    found.text = end if colon == NOT_SO else colon + 2
    if dated and colon != NOT_SO and data[start] != c"<" and data[start] != c"1":
        found.names_end = _names_end(data, after, colon, &found.pid)
        found.names = after if found.names_end > after else NOT_SO


cdef Py_ssize_t _colon(const uint8_t* data, Py_ssize_t at, Py_ssize_t end) noexcept nogil:
    """Where the first colon with a blank after it stands."""
    while at < end - 1:
        if data[at] == c":" and data[at + 1] == c" ":
            return at
        at += 1
    return NOT_SO


cdef Py_ssize_t _names_end(const uint8_t* data, Py_ssize_t begin, Py_ssize_t end, int64_t* pid) noexcept nogil:
    """Where host and program end: before a process number in brackets, if there is one."""
    cdef Py_ssize_t at = end - 2
    cdef int64_t number = 0, unit = 1
    if end == begin or data[end - 1] != c"]":
        return end
    while at > begin and at >= end - 1 - MOST_DIGITS and c"0" <= data[at] <= c"9":
        number, unit = number + (data[at] - c"0") * unit, unit * 10
        at -= 1
    if at < begin or at == end - 2 or data[at] != c"[":
        return end
    pid[0] = number
    return at
