# SPDX-License-Identifier: GPL-3.0-or-later
# What quick.pyx and columns.pyx know alike: how Arrow lays out a string view.

from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.string cimport memcpy, memset

cdef enum:
    INLINE = 12  # bytes of a string that a view holds itself
    MOST_DATA = 0x7FFFFFFF  # bytes that views can lie in

cdef struct View:
    int32_t length
    uint8_t[INLINE] text  # of a longer string: its first four bytes, the number of a buffer, and where it lies


cdef inline void make_view(const uint8_t* data, int64_t start, int64_t end, int32_t buffer,
                           View* view) noexcept nogil:
    """Make the view of a stretch of `data`, which is the buffer of that number."""
    cdef int32_t offset = <int32_t>start
    view.length = <int32_t>(end - start)
    memset(view.text, 0, INLINE)
    if view.length <= INLINE:
        memcpy(view.text, data + start, view.length)
    else:
        memcpy(view.text, data + start, 4)
        memcpy(view.text + 4, &buffer, sizeof(buffer))
        memcpy(view.text + 8, &offset, sizeof(offset))
