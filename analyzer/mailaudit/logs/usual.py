# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a producer's texts have a usual form, and the fields that these give."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.logs.fields import FIELDS, INTEGER, STRING
from mailaudit.logs.forms import Form, form
from mailaudit.logs.functions import SAID, SECRET
from mailaudit.logs.kinds import LineKind
from mailaudit.logs.parse import NUMBERED, PRODUCERS
from mailaudit.logs.quick import Cursor, Page, Stretch, cursor, read
from mailaudit.logs.stamp import Bytes, Flags, Numbers
from mailaudit.logs.texts import WORD, Texts

PAGE = 1 << 21
"""Bytes that are read at once: they stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Way:
    """The forms of the kinds that texts with one of a producer's usual heads can be of, by their numbers."""

    head: Form
    forms: Sequence[tuple[int, Form]]


@dataclass(frozen=True, slots=True)
class Read:
    """The lines of a kind, by their numbers in order, and their fields."""

    kind: int
    numbers: Numbers
    fields: Mapping[str, pa.Array]


@cache
def ways(producer: int) -> Sequence[Way]:
    """Return the ways to read a producer's usual texts."""
    its = PRODUCERS[producer]
    return [
        Way(
            form(head.form),
            [
                (number, form(usual))
                for number, (whose, kind) in NUMBERED.items()
                if whose is its and isinstance(kind, LineKind)
                if not kind.services or head.service in kind.services
                for usual in kind.usual
            ],
        )
        for head in its.usual_heads
    ]


def read_usual(texts: Texts, producers: Numbers) -> Iterator[Read]:
    """Yield what is read of texts, which lie in their data (of mailaudit.logs.texts.joined) in order.

    `producers` are those of the texts, by their places in PRODUCERS; any other number stands for none. Texts
    without a usual form are left out.
    """
    found: dict[int, list[Cursor]] = {}
    last = len(texts.data) - WORD
    pages = [*range(0, last, PAGE), last]
    for begin, end in pairwise(np.searchsorted(texts.starts, pages).tolist()):
        if begin < end:
            _read_page(texts.stretch(begin, end), producers[begin:end], begin, found)
    yield from (_read(texts.data, number, parts) for number, parts in found.items())


def _read_page(texts: Texts, producers: Numbers, number: int, found: dict[int, list[Cursor]]) -> None:
    base, end = int(texts.starts[0]), int(texts.ends[-1])
    page = Page(texts.data[base : end + WORD])
    for producer in range(len(PRODUCERS)):
        rows = np.flatnonzero(producers == producer)
        lines = cursor(page, texts.take(rows).moved(-base)) if len(rows) else None
        for kind, having in _read_lines(page, producer, lines) if lines else ():
            having.numbers = rows[having.numbers] + number
            having.found = {name: (b + base, e + base) for name, (b, e) in having.found.items()}
            found.setdefault(kind, []).append(having)


def _read_lines(page: Page, producer: int, lines: Cursor) -> Iterator[tuple[int, Cursor]]:
    for way in ways(producer):
        headed = read(page, lines, way.head, whole=False) if way.head else lines
        lines = lines.take(_without(lines, headed)) if way.head else lines
        for kind, each in way.forms if len(headed) else ():
            having = read(page, headed, each, whole=True)
            if len(having):
                headed = headed.take(_without(headed, having))
                yield kind, having


def _without(lines: Cursor, others: Cursor) -> Flags:
    left = np.ones(len(lines), np.bool_)
    left[np.searchsorted(lines.numbers, others.numbers)] = False
    return left


def _read(data: Bytes, kind: int, parts: Sequence[Cursor]) -> Read:
    """Put the lines of a kind, whichever of its forms they have, in order."""
    numbers = np.concatenate([part.numbers for part in parts])
    order = np.argsort(numbers, kind="stable") if len(parts) > 1 else slice(None)
    columns = {
        name: _column(data, name, stretch[0][order], stretch[1][order])
        for name, stretch in ((name, _joined(name, parts)) for name in _names(parts))
    }
    return Read(kind, numbers[order], columns)


def _names(parts: Sequence[Cursor]) -> set[str]:
    return {name for part in parts for name in part.found}


def _joined(name: str, parts: Sequence[Cursor]) -> Stretch:
    """Where a field stands in all lines; nowhere in those whose form does not give it."""
    stretches = [part.found.get(name) or (np.zeros(len(part), np.int64),) * 2 for part in parts]
    begins, ends = (np.concatenate(column) for column in zip(*stretches, strict=True))
    return begins, ends


def _column(data: Bytes, name: str, begins: Numbers, ends: Numbers) -> pa.Array:
    type_ = FIELDS[name].type if name in FIELDS else STRING
    if type_ == STRING:
        found = Texts(data, begins, ends).views(empty_is_null=True)
        return _without_password(found) if name in SAID else found
    values, points = _digits(data, begins, ends)
    if type_ == INTEGER:
        return pa.array(values, mask=ends == begins)
    return pa.array(values / 10.0**points, mask=ends == begins)


def _without_password(texts: pa.Array) -> pa.Array:
    found = texts.cast(pa.string())
    if not pc.any(pc.match_substring_regex(found, SECRET)).as_py():
        return texts
    return pc.replace_substring_regex(found, SECRET, r"\1***").cast(pa.string_view())


def _digits(data: Bytes, begins: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """The number that the digits of each stretch make, and how many of them stand after a point."""
    lengths = ends - begins
    values, decimals = np.zeros(len(begins), np.int64), np.zeros(len(begins), np.int64)
    pointed = np.zeros(len(begins), np.bool_)
    for column in range(int(lengths.max(initial=0))):
        inside = lengths > column
        byte = data[np.where(inside, begins + column, 0)]
        is_point = inside & (byte == ord("."))
        digit = inside & ~is_point
        values = np.where(digit, values * 10 + byte - ord("0"), values)
        decimals += digit & pointed
        pointed |= is_point
    return values, decimals
