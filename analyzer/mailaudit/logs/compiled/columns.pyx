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
            make_view(text, starts[row], ends[row], 0, <View*>&view[row, 0])
            if ends[row] > starts[row]:
                bits[row >> 3] |= 1 << (row & 7)
    return made, not_empty


def gathered(const uint8_t[:, ::1] values, const int64_t[::1] firsts, const int32_t[::1] forms,
             const int32_t[:, ::1] places, const uint8_t[::1] are_numbers):
    """Return the values of some fields of texts, and a bit for each that is not empty.

    `firsts` are where the values of each text begin, `places` where each field stands among those of a form.
    A view has 16 bytes; numbers have 8 each, so theirs fill half of what a field has.
    """
    cdef Py_ssize_t count = firsts.shape[0], fields = are_numbers.shape[0], row, field
    made = np.zeros((fields, count, BYTES), np.uint8)
    not_empty = np.zeros((fields, (count + 7) // 8), np.uint8)
    cdef uint8_t[:, :, ::1] columns = made
    cdef uint8_t[:, ::1] bits = not_empty
    cdef const int32_t* place
    cdef uint8_t* column
    if forms.shape[0] != count or places.shape[1] != fields:
        raise IndexError("as many forms as texts, and as many places as fields")
    with nogil:
        for row in range(count if fields else 0):
            place, column = &places[forms[row], 0], &columns[0, 0, 0]
            for field in range(fields):  # of which there are as many places and columns
                if place[field] != NOT_SO and _put(&values[firsts[row] + place[field], 0],
                                                   are_numbers[field], row, column):
                    bits[field, row >> 3] |= 1 << (row & 7)
                column += count * BYTES
    return made, not_empty


cdef inline bint _put(const uint8_t* value, bint is_number, Py_ssize_t row, uint8_t* column) noexcept nogil:
    """Put a value in its row, of which the column has 16 bytes each. Return whether it is not empty."""
    if is_number:
        (<int64_t*>column)[row] = (<const int64_t*>value)[0]
        return (<const int64_t*>value)[1] != 0
    memcpy(column + row * BYTES, value, BYTES)
    return (<const View*>value).length != 0
