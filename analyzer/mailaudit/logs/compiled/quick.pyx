# SPDX-License-Identifier: GPL-3.0-or-later
# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False
"""Reads texts by forms (mailaudit.logs.forms), byte by byte from left to right, without Python's lock.

No byte is read that is not one of a text's: each text is compared with the data's length before it is read,
and whatever reads a byte has asked before whether the text goes so far. Tables are indexed with bounds checked,
but for the texts of steps and what bytes mean to a field: that these are whole is asked when they are made.
"""

include "views.pxi"

from libc.string cimport memcmp

import numpy as np


cpdef enum Op:
    LITERAL
    FIELD
    REST
    EDGE

cpdef enum Byte:
    GOES_ON
    STOPS
    WRONG

cpdef enum Number:
    NONE
    INTEGER
    DECIMAL

cdef enum:
    NOT_SO = -1
    MOST_DIGITS = 15  # of a number: it is exact also after a division by a power of ten
    BYTES = 16  # of a value: a View, or a number of 64 bits and whether there is one

cdef struct Step:
    int32_t op
    int32_t place  # of the field among those of its form; NOT_SO: it is skipped
    int32_t least  # bytes
    int32_t count  # of a field's bytes; NOT_SO: as many as there are
    int32_t meanings  # which row of `meanings` tells what each byte is to a field
    int32_t number
    int32_t text  # where a literal begins in `texts`, or what a rest does not hold, and how long it is
    int32_t length
    int32_t left  # bytes that a rest leaves to the literal after it
    int32_t begins  # whether an edge does

cdef struct Form:
    int32_t first  # of its steps
    int32_t last  # the one after its last step
    int32_t fields
    int32_t following  # a head's: the set of forms that what comes after it can have

cdef struct Text:
    const uint8_t* data
    Py_ssize_t end
    int32_t buffer


cdef class Grammar:
    """Sets of forms as tables (mailaudit.logs.grammar makes them): the first ones are heads, by producer."""

    cdef const Step[::1] steps
    cdef const uint8_t[:, ::1] meanings
    cdef const uint8_t[::1] texts
    cdef const Form[::1] forms
    cdef const int32_t[:, ::1] chains
    cdef const int32_t[::1] candidates
    cdef int32_t producers
    cdef int32_t most_fields

    def __init__(self, steps, meanings, texts, forms, chains, candidates, int producers, int most_fields):
        self.steps, self.meanings, self.texts, self.forms = steps, meanings, texts, forms
        self.chains, self.candidates = chains, candidates
        self.producers, self.most_fields = producers, most_fields
        if self.meanings.shape[1] != 256:
            raise IndexError("a byte has no meaning")
        cdef Py_ssize_t number, size = self.texts.shape[0]
        for number in range(self.steps.shape[0]):
            if not 0 <= self.steps[number].text <= size - self.steps[number].length <= size:
                raise IndexError("a step's text is not there")

    def read(self, parts, const int32_t[::1] producers):
        """Return the form of each text, where its fields' values begin among those of all, and these.

        `parts` are Texts (mailaudit.logs.texts); views are of their data, by the numbers of the parts.
        """
        cdef Py_ssize_t count = producers.shape[0], used = 0, begin = 0
        forms, firsts = np.full(count, NOT_SO, np.int32), np.zeros(count, np.int64)
        found = np.empty((count * self.most_fields, BYTES), np.uint8)
        for buffer, texts in enumerate(parts):
            end = begin + len(texts)
            used = self._read(texts.data, buffer, texts.starts, texts.ends, producers[begin:end],
                              forms[begin:end], firsts[begin:end], found, used)
            begin = end
        return forms, firsts, found[:used]

    cdef Py_ssize_t _read(self, const uint8_t[::1] data, int32_t buffer, const int64_t[::1] starts,
                          const int64_t[::1] ends, const int32_t[::1] producers, int32_t[::1] form,
                          int64_t[::1] first, uint8_t[:, ::1] values, Py_ssize_t used) except -1:
        """Read a part of all texts, and return how many values there are by now."""
        cdef const uint8_t* bytes_ = &data[0] if data.shape[0] else NULL
        cdef Text text = Text(bytes_, 0, buffer)
        cdef Py_ssize_t row
        if data.shape[0] > MOST_DATA:
            raise IndexError("more data than views can lie in")
        with nogil:
            for row in range(producers.shape[0]):
                if not 0 <= producers[row] < self.producers:
                    continue
                if not 0 <= starts[row] <= ends[row] <= data.shape[0]:
                    with gil:
                        raise IndexError("a text that is not in the data")
                first[row], text.end = used, ends[row]
                form[row] = self._form(producers[row], text, starts[row], values, &used)
        return used

    cdef inline int32_t _form(self, int32_t producer, Text text, Py_ssize_t at, uint8_t[:, ::1] values,
                              Py_ssize_t* used) except -2 nogil:
        """The form of a text after its head. `used` goes on if there is one."""
        cdef int32_t head, form
        cdef Py_ssize_t fields = used[0]
        head = self._first_of(producer, text, &at, values, fields, False)
        if head == NOT_SO:
            return NOT_SO
        fields += self.forms[head].fields
        form = self._first_of(self.forms[head].following, text, &at, values, fields, True)
        if form != NOT_SO:
            used[0] = fields + self.forms[form].fields
        return form

    cdef inline int32_t _first_of(self, int32_t choice, Text text, Py_ssize_t* at, uint8_t[:, ::1] values,
                                  Py_ssize_t fields, bint whole) except -2 nogil:
        """The first of a set's forms that a text has from `at` on; `whole`: with nothing after it."""
        cdef Py_ssize_t candidate, after
        cdef int32_t form
        candidate = self.chains[choice, text.data[at[0]] if at[0] < text.end else c"\n"]
        while (form := self.candidates[candidate]) != NOT_SO:
            after = self._after(form, text, at[0], values, fields)
            if after == text.end or (after != NOT_SO and not whole):
                at[0] = after
                return form
            candidate += 1
        return NOT_SO

    cdef inline Py_ssize_t _after(self, int32_t form, Text text, Py_ssize_t at, uint8_t[:, ::1] values,
                                  Py_ssize_t fields) except -2 nogil:
        """Where what has a form ends, or NOT_SO."""
        cdef Py_ssize_t number, begin
        cdef const Step* step
        for number in range(self.forms[form].first, self.forms[form].last):
            step = &self.steps[number]
            begin = at
            if step.op == LITERAL:
                at = self._literal(step, text.data, at, text.end)
            elif step.op == FIELD:
                at = self._field(step, text.data, at, text.end)
            elif step.op == REST:
                at = self._rest(step, text.data, at, text.end)
            if at == NOT_SO:
                return NOT_SO
            if step.place != NOT_SO:
                _keep(step, text, begin, at, &values[fields + step.place, 0])
        return at

    cdef inline Py_ssize_t _literal(self, const Step* step, const uint8_t* data, Py_ssize_t at,
                                    Py_ssize_t end) except -2 nogil:
        """The end of a literal, if it stands there."""
        if end - at < step.length or memcmp(data + at, &self.texts[step.text], step.length) != 0:
            return NOT_SO
        return at + step.length

    cdef inline Py_ssize_t _field(self, const Step* step, const uint8_t* data, Py_ssize_t at,
                                  Py_ssize_t end) except -2 nogil:
        """The end of a field that begins here."""
        cdef Py_ssize_t begin = at
        cdef const uint8_t* meaning = &self.meanings[step.meanings, 0]  # of each of the 256 bytes
        if step.count != NOT_SO:
            if end - at < step.count:
                return NOT_SO
            end = at + step.count
        while at < end and meaning[data[at]] == GOES_ON:
            at += 1
        if at < end and (meaning[data[at]] == WRONG or step.count != NOT_SO):
            return NOT_SO
        if at - begin < step.least or (step.number != NONE and not _is_exact(step, data, begin, at)):
            return NOT_SO
        return at

    cdef inline Py_ssize_t _rest(self, const Step* step, const uint8_t* data, Py_ssize_t at,
                                 Py_ssize_t end) except -2 nogil:
        """The end of the rest that begins here, if it holds nothing that it must not."""
        cdef Py_ssize_t last = end - step.left
        if last - at < step.least:
            return NOT_SO
        while step.length and last - at >= step.length:
            if self._literal(step, data, at, last) != NOT_SO:
                return NOT_SO
            at += 1
        return last


cdef inline bint _is_exact(const Step* step, const uint8_t* data, Py_ssize_t at, Py_ssize_t end) noexcept nogil:
    """Whether what stands there is a number, and exact when it is read digit by digit."""
    cdef Py_ssize_t begin = at, points = 0
    if end - at > MOST_DIGITS:
        return False
    while at < end:
        if data[at] == c"." and step.number == DECIMAL and begin < at < end - 1:
            points += 1
        elif not c"0" <= data[at] <= c"9":
            return False
        at += 1
    return points <= 1


cdef inline void _keep(const Step* step, Text text, Py_ssize_t begin, Py_ssize_t end,
                       uint8_t* value) noexcept nogil:
    """Keep the value of a field. Where one of several parts begins is kept in its place until it ends."""
    cdef int64_t* number = <int64_t*>value
    if step.number != NONE:
        _keep_number(step, text.data, begin, end, number)
    elif step.op == EDGE and step.begins:
        number[0] = begin
    else:
        make_view(text.data, number[0] if step.op == EDGE else begin, end, text.buffer, <View*>value)


cdef inline void _keep_number(const Step* step, const uint8_t* data, Py_ssize_t at, Py_ssize_t end,
                              int64_t* value) noexcept nogil:
    """Keep a number, and whether there is one."""
    cdef int64_t digits = 0
    cdef double unit = 0  # by what digits after a point are divided
    value[1] = at < end
    while at < end:
        if data[at] == c".":
            unit = 1
        else:
            digits = digits * 10 + data[at] - c"0"
            unit *= 10
        at += 1
    if step.number == DECIMAL:
        (<double*>value)[0] = digits / (unit or 1)
    else:
        value[0] = digits
