# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False
"""Finds the parts of lines that begin with `host program[pid]: ` after their time, without Python's lock.

Each line is compared with the data's length before it is read; no byte is read that is not one of its own.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.string cimport memcmp

import numpy as np

cdef enum:
    NO_PID = -1
    NOT_SO = -1
    MOST_DIGITS = 7  # of a process number that is read here; Linux has none above 4,194,304

    SLOTS = 1 << 14  # of a table of names; far more than hosts times programs
    PROBES = 8  # places in it where a name is looked for; one not found there is numbered anew

cdef struct Parts:
    int64_t names  # where host and program begin, and where they end; NOT_SO: the line begins in another way
    int64_t names_end
    int64_t pid
    int64_t text
    int64_t end  # of the line, without its newline


def parts(const uint8_t[::1] data, const int64_t[::1] starts, const int64_t[::1] ends,
          const int32_t[::1] rests, const uint8_t[::1] dated):
    """Return of each line the number of its names or NOT_SO, the process, where its text begins and ends.

    And where the names of each number begin and end; the same names may have several numbers. `rests` are
    where the text after the time begins.
    """
    cdef Py_ssize_t count = starts.shape[0], row, used = 0
    codes, found, distinct = (np.empty(count, np.int32), np.empty((3, count), np.int64),
                              np.empty((count, 2), np.int64))
    cdef int32_t[::1] code = codes, slots = np.zeros(SLOTS, np.int32)
    cdef int64_t[:, ::1] part = found, names = distinct
    cdef const uint8_t* text = &data[0] if data.shape[0] else NULL
    cdef Parts line
    with nogil:
        for row in range(count):
            if not 0 <= starts[row] <= ends[row] <= data.shape[0] or rests[row] < 0:
                with gil:
                    raise IndexError("a line that is not in the data")
            line = _read(text, starts[row], ends[row], starts[row] + rests[row], dated[row])
            part[0, row], part[1, row], part[2, row] = line.pid, line.text, line.end
            code[row] = NOT_SO
            if line.names != NOT_SO:
                code[row] = _code(text, line.names, line.names_end, slots, names, &used)
    return codes, *found, distinct[:used]


cdef int32_t _code(const uint8_t* data, int64_t begin, int64_t end, int32_t[::1] slots,
                   int64_t[:, ::1] names, Py_ssize_t* used) except -2 nogil:
    """The number of names. A slot holds one more than such a number, 0 if it is free."""
    cdef uint64_t mixed = 0
    cdef int64_t at
    cdef Py_ssize_t slot = 0, known, probe
    for at in range(begin, end):
        mixed = (mixed ^ data[at]) * 16777619
    for probe in range(PROBES):
        slot = (mixed + (mixed >> 32) + probe) % SLOTS
        known = slots[slot] - 1
        if known == NOT_SO:
            break
        if names[known, 1] - names[known, 0] == end - begin:
            if memcmp(data + names[known, 0], data + begin, end - begin) == 0:
                return <int32_t>known
    names[used[0], 0], names[used[0], 1] = begin, end
    used[0] += 1
    slots[slot] = <int32_t>used[0]
    return slots[slot] - 1


cdef Parts _read(const uint8_t* data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t after,
                 bint dated) noexcept nogil:
    """Read a line; what stands before the time of one that begins with `<` or `1` gives it another shape."""
    cdef Parts line
    cdef Py_ssize_t colon
    if end > start and data[end - 1] == c"\n":
        end -= 1
    colon = _colon(data, after, end)
    line.end, line.names, line.names_end, line.pid = end, NOT_SO, NOT_SO, NO_PID
    line.text = end if colon == NOT_SO else colon + 2
    if dated and colon != NOT_SO and data[start] != c"<" and data[start] != c"1":
        line.names_end = _names_end(data, after, colon, &line.pid)
        line.names = after if line.names_end > after else NOT_SO
    return line


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
