# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a producer's texts have a usual form, and the fields that these give."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.logs.compiled.columns import gathered
from mailaudit.logs.fields import INTEGER, NUMBER, STRING
from mailaudit.logs.forms import type_of
from mailaudit.logs.functions import SAID, SECRET
from mailaudit.logs.grammar import NOT_SO, Usual, usual
from mailaudit.logs.stamp import Bytes, Numbers, Places
from mailaudit.logs.texts import Texts, string_views

_TYPES = {INTEGER: pa.int64(), NUMBER: pa.float64()}


@dataclass(frozen=True, slots=True)
class Read:
    """The lines of a kind, by their numbers in order, and their fields."""

    kind: int
    numbers: Numbers
    fields: Mapping[str, pa.Array]


def read_usual(parts: Sequence[Texts], producers: Places) -> Iterator[Read]:
    """Yield what is read of texts, kind by kind; their numbers go on from part to part.

    `producers` are those of the texts, by their places in PRODUCERS; any other number stands for none. Texts
    without a usual form are left out.
    """
    known = usual()
    forms, firsts, values = known.grammar.read(parts, producers)
    kinds = known.kinds[forms]  # of a text without a form it is that of the last form, until the next line
    kinds[forms == NOT_SO] = NOT_SO
    order = np.argsort(kinds, kind="stable")
    bounds = np.searchsorted(kinds[order], np.arange(known.kinds.max() + 2))
    for kind, (begin, end) in enumerate(pairwise(bounds.tolist())):
        if begin < end:
            rows = order[begin:end]
            yield Read(kind, rows, _columns(known, parts, values, firsts[rows], forms[rows]))


def _columns(
    known: Usual, parts: Sequence[Texts], values: Bytes, firsts: Numbers, forms: Places
) -> dict[str, pa.Array]:
    """The fields that any of some texts' forms have, given where the values of each begin among all."""
    having = np.flatnonzero(np.bincount(forms))
    fields = np.flatnonzero((known.places[having] != NOT_SO).any(axis=0))
    places = np.ascontiguousarray(known.places[:, fields])
    made, not_empty = gathered(values, firsts, forms, places, known.are_numbers[fields])
    names = [known.names[field] for field in fields.tolist()]
    data = [part.data for part in parts]
    columns = zip(names, made, not_empty, strict=True)
    return {name: _column(name, data, column, bits, len(forms)) for name, column, bits in columns}


def _column(name: str, data: Sequence[Bytes], made: Bytes, not_empty: Bytes, count: int) -> pa.Array:
    if (type_ := type_of(name)) == STRING:
        found = string_views(data, made, not_empty)
        return _without_password(found) if name in SAID else found
    return pa.Array.from_buffers(_TYPES[type_], count, [pa.py_buffer(not_empty), pa.py_buffer(made)])


def _without_password(texts: pa.Array) -> pa.Array:
    found = texts.cast(pa.string())
    if not pc.any(pc.match_substring_regex(found, SECRET)).as_py():
        return texts
    return pc.replace_substring_regex(found, SECRET, r"\1***").cast(pa.string_view())
