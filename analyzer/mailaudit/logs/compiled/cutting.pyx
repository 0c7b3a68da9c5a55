# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False
"""Finds where lines end, without Python's lock."""

from libc.stdint cimport int64_t, uint8_t
from libc.string cimport memchr

import numpy as np


def bounds(const uint8_t[::1] data):
    """Return where each line of data begins, which is empty or ends with a newline, and where the last ends."""
    cdef Py_ssize_t lines = _lines(data, None)
    found = np.zeros(lines + 1, np.int64)
    _lines(data, found)
    return found


cdef Py_ssize_t _lines(const uint8_t[::1] data, int64_t[::1] ends) except -1:
    """Return how many lines there are, and note where each ends, from the second place on, if asked to."""
    cdef const uint8_t* first = &data[0] if data.shape[0] else NULL
    cdef const uint8_t* at = first
    cdef Py_ssize_t lines = 0, left = data.shape[0]
    cdef bint noted = ends is not None
    with nogil:
        while left > 0:
            at = <const uint8_t*>memchr(at, c"\n", left)
            if at == NULL:
                break
            at += 1
            left = data.shape[0] - (at - first)
            lines += 1
            if noted:
                ends[lines] = at - first
    return lines
