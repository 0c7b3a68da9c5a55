# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False
"""Makes columns for Arrow, without Python's lock: of stretches of bytes, and of values that quick has found."""

include "views.pxi"

import numpy as np

cdef enum:
    NOT_SO = -1
    BYTES = 16  # of a value, and of a view


def views(const uint8_t[::1] data, const int64_t[::1] starts, const int64_t[::1] ends):
    """Return Arrow's views of the strings that begin and end there, and a bit for each that is not empty."""
    cdef Py_ssize_t count = starts.shape[0], row
    made, not_empty = np.empty((count, BYTES), np.uint8), np.zeros((count + 7) // 8, np.uint8)
    cdef uint8_t[:, ::1] view = made
    cdef uint8_t[::1] bits = not_empty
    cdef const uint8_t* text = &data[0] if data.shape[0] else NULL
    if data.shape[0] > MOST_DATA:
        raise IndexError("more data than views can lie in")
    with nogil:
        for row in range(count):
            if not 0 <= starts[row] <= ends[row] <= data.shape[0]:
                with gil:
                    raise IndexError("a string that is not in the data")
            make_view(text, starts[row], ends[row], <View*>&view[row, 0])
            if ends[row] > starts[row]:
                bits[row >> 3] |= 1 << (row & 7)
    return made, not_empty


def strings(const uint8_t[:, ::1] values, const int64_t[::1] firsts, const int32_t[::1] forms,
            const int32_t[::1] places):
    """Return the views of a field of texts, and a bit for each that is not empty.

    `firsts` are where the values of each text begin, `places` where the field stands among those of each form.
    """
    cdef Py_ssize_t count = firsts.shape[0], row, place
    made, not_empty = np.zeros((count, BYTES), np.uint8), np.zeros((count + 7) // 8, np.uint8)
    cdef uint8_t[:, ::1] view = made
    cdef uint8_t[::1] bits = not_empty
    with nogil:
        for row in range(count):
            place = places[forms[row]]
            if place != NOT_SO:
                memcpy(&view[row, 0], &values[firsts[row] + place, 0], BYTES)
                if (<View*>&view[row, 0]).length:
                    bits[row >> 3] |= 1 << (row & 7)
    return made, not_empty


def numbers(const uint8_t[:, ::1] values, const int64_t[::1] firsts, const int32_t[::1] forms,
            const int32_t[::1] places):
    """Return the 64 bits of a field of texts that is a number, and a bit for each text that has one."""
    cdef Py_ssize_t count = firsts.shape[0], row, place
    made, there = np.zeros(count, np.int64), np.zeros((count + 7) // 8, np.uint8)
    cdef int64_t[::1] number = made
    cdef uint8_t[::1] bits = there
    cdef const int64_t* value
    with nogil:
        for row in range(count):
            place = places[forms[row]]
            if place != NOT_SO:
                value = <const int64_t*>&values[firsts[row] + place, 0]
                number[row] = value[0]
                if value[1]:
                    bits[row >> 3] |= 1 << (row & 7)
    return made, there
