# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads lines of usual forms a column at a time, in a third of the time that patterns take.

Where punctuation stands is found once for all lines. A form goes through its lines together: text is
compared eight bytes at a time, and a field ends at one of the next few punctuation marks. Whatever has no
usual form is left to the patterns; a test holds the two together.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.fields import NUMBER, STRING
from mailaudit.logs.forms import MARKS, Allowed, Edge, Field, Form, Literal, Rest
from mailaudit.logs.stamp import Bytes, Flags, Numbers
from mailaudit.logs.texts import Texts

Stretch = tuple[Numbers, Numbers]
"""Where a field begins and ends, line by line."""

_MOST_MARKS = 24  # that a field may hold; a line with more in one is not usual
_MOST_DIGITS = 15  # of a number; so many are exact also after a division
_WORD = 8
_IS_MARK = bytes(byte in MARKS for byte in range(256))


class Page:
    """A stretch of the bytes that texts lie in, newlines enough for a word after it, and its punctuation."""

    def __init__(self, data: Bytes) -> None:
        self.data = data
        self.words = np.ndarray(len(data) - _WORD + 1, np.uint64, data, strides=(1,))
        self.marks = np.flatnonzero(np.frombuffer(data.tobytes().translate(_IS_MARK), np.bool_))
        self.characters = data[self.marks]
        self._pairs = np.ndarray(len(data) - 1, np.uint16, data, strides=(1,))
        self._places: dict[bytes, Numbers] = {}

    def all_of(self, allowed: Allowed, begins: Numbers, ends: Numbers) -> Flags:
        """Whether the bytes of each stretch are allowed. Two are looked at together."""
        good = np.ones(len(begins), np.bool_)
        lengths, last = ends - begins, ends - 2
        for column in range(0, int(lengths.max(initial=0)), 2):
            good &= allowed.pairs[self._pairs[np.minimum(begins + column, last)]]
        short = np.flatnonzero(lengths < 2)
        good[short] = (lengths[short] == 0) | allowed.bytes[self.data[begins[short]]]
        return good

    def without(self, text: bytes, begins: Numbers, ends: Numbers) -> Flags:
        """Whether a mark and the byte after it stand nowhere in each stretch."""
        if text not in self._places:
            marks = self.marks[self.characters == text[0]]
            self._places[text] = np.append(marks[self.data[marks + 1] == text[1]], len(self.data))
        places = self._places[text]
        good: Flags = places[np.searchsorted(places, begins)] >= ends - 1
        return good


@dataclass(slots=True)
class Cursor:
    """Lines by their numbers, how far each is read, the first punctuation after that, and what was found."""

    numbers: Numbers
    at: Numbers
    marks: Numbers
    ends: Numbers
    found: dict[str, Stretch] = field(default_factory=dict)
    _opening: NDArray[np.uint64] | None = None

    def opening(self, page: Page) -> NDArray[np.uint64]:
        """The next eight bytes of each line, which are read once for all forms."""
        if self._opening is None:
            self._opening = page.words[self.at]
        return self._opening

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: Numbers | Flags) -> "Cursor":
        """Return some of the lines."""
        found = {name: (begins[rows], ends[rows]) for name, (begins, ends) in self.found.items()}
        return Cursor(self.numbers[rows], self.at[rows], self.marks[rows], self.ends[rows], found)

    def keep(self, good: Flags) -> None:
        """Go on with some of the lines."""
        if not good.all():
            for name in ("numbers", "at", "marks", "ends"):
                setattr(self, name, getattr(self, name)[good])
            self.found = {name: (begins[good], ends[good]) for name, (begins, ends) in self.found.items()}


def cursor(page: Page, texts: Texts) -> Cursor:
    """Return a cursor at the beginning of texts, which lie in the page in this order."""
    marks = np.searchsorted(page.marks, texts.starts)
    return Cursor(np.arange(len(texts)), texts.starts, marks, texts.ends)


def read(page: Page, lines: Cursor, form: Form, *, whole: bool) -> Cursor:
    """Return those of some lines that have a form, with what was found; `whole`: with nothing after it."""
    lines = lines.take(_opened(page, lines, form))
    for step in form:
        if not len(lines):
            return lines
        if isinstance(step, Literal):
            _read_literal(page, lines, step)
        elif isinstance(step, Field):
            _read_field(page, lines, step, last=whole and step is form[-1])
        elif isinstance(step, Rest):
            _read_rest(page, lines, step)
        else:
            _read_edge(lines, step)
    lines.keep(lines.at == lines.ends if whole else lines.at <= lines.ends)
    return lines


def _opened(page: Page, lines: Cursor, form: Form) -> Numbers:
    """Which lines begin with the first bytes of a form; all if it does not begin with text."""
    first = next(step for step in form if not isinstance(step, Edge))
    if not isinstance(first, Literal):
        return np.arange(len(lines))
    _, mask, value = first.words[0]
    return np.flatnonzero((lines.opening(page) & mask) == value)


def _read_literal(page: Page, lines: Cursor, literal: Literal) -> None:
    lines.keep(_stands(page, literal, lines.at))
    lines.at = lines.at + len(literal.text)
    lines.marks = lines.marks + literal.marks


def _stands(page: Page, literal: Literal, at: Numbers) -> Flags:
    good = np.ones(len(at), np.bool_)
    last = len(page.words) - 1
    for offset, mask, value in literal.words:
        good &= (page.words[np.minimum(at + offset, last)] & mask) == value
    return good


def _read_field(page: Page, lines: Cursor, step: Field, *, last: bool) -> None:
    begins = lines.at
    if step.count is not None:
        ends, marks = begins + step.count, lines.marks
    else:
        marks = _next_stop(page, lines.marks, step.stops)
        ends = page.marks[marks]
    good = ends - begins >= step.least
    if last:  # nothing stops it before the line's end
        good &= ends >= lines.ends
        ends = lines.ends
    good &= ends <= lines.ends
    if step.allowed is not None:
        good &= page.all_of(step.allowed, begins, np.where(good, ends, begins))
    if step.type != STRING:
        good &= _is_number(page, begins, np.where(good, ends, begins), points=step.type == NUMBER)
    lines.at, lines.marks = ends, marks
    if step.name:
        lines.found[step.name] = begins, ends
    lines.keep(good)


def _is_number(page: Page, begins: Numbers, ends: Numbers, *, points: bool) -> Flags:
    """Whether stretches of digits and points are numbers that are exact when they are read digit by digit."""
    good: Flags = ends - begins <= _MOST_DIGITS
    if points:
        good &= (page.data[begins] != ord(".")) & (page.data[np.maximum(ends - 1, 0)] != ord("."))
        found = [page.data[np.minimum(begins + column, ends)] == ord(".") for column in range(_MOST_DIGITS)]
        good &= np.sum(found, axis=0) <= 1
    return good


def _next_stop(page: Page, marks: Numbers, stops: Flags) -> Numbers:
    """The first mark from each on that is one of the stops, or if it is too far off, any."""
    going = np.flatnonzero(~stops[page.characters[marks]])
    if len(going):
        marks = marks.copy()
    for _ in range(_MOST_MARKS):
        if not len(going):
            break
        marks[going] += 1
        going = going[~stops[page.characters[marks[going]]]]
    return marks


def _read_rest(page: Page, lines: Cursor, step: Rest) -> None:
    begins, ends = lines.at, lines.ends
    if step.closing is not None:
        ends = ends - len(step.closing.text)
    good = ends - begins >= step.least
    if step.closing is not None:
        good &= _stands(page, step.closing, np.maximum(ends, begins))
    if step.without is not None:
        good &= page.without(step.without, begins, ends)
    if step.name:
        lines.found[step.name] = begins, ends
    lines.at = lines.ends
    lines.keep(good)


def _read_edge(lines: Cursor, step: Edge) -> None:
    begins, _ = lines.found.get(step.name, (lines.at, lines.at))
    lines.found[step.name] = (lines.at if step.begins else begins, lines.at)
