# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a producer's texts have a usual form, and the fields that these give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.logs.columns import numbers, strings
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


def read_usual(texts: Texts, producers: Places) -> Iterator[Read]:
    """Yield what is read of texts, kind by kind.

    `producers` are those of the texts, by their places in PRODUCERS; any other number stands for none. Texts
    without a usual form are left out.
    """
    known = usual()
    forms, firsts, values = known.grammar.read(texts.data, texts.starts, texts.ends, producers)
    kinds = known.kinds[forms]  # of a text without a form it is that of the last form, until the next line
    kinds[forms == NOT_SO] = NOT_SO
    order = np.argsort(kinds, kind="stable")
    bounds = np.searchsorted(kinds[order], np.arange(known.kinds.max() + 2))
    for kind, (begin, end) in enumerate(pairwise(bounds.tolist())):
        if begin < end:
            rows = order[begin:end]
            found = _Found(texts.data, values, firsts[rows], forms[rows])
            yield Read(kind, rows, found.columns(known))


@dataclass(frozen=True, slots=True)
class _Found:
    """The forms of texts of a kind, and where their fields' values begin among all values."""

    data: Bytes
    values: Bytes
    firsts: Numbers
    forms: Places

    def columns(self, known: Usual) -> dict[str, pa.Array]:
        """Return the fields that any of these texts' forms have."""
        having = np.flatnonzero(np.bincount(self.forms))
        return {
            name: self._column(name, places)
            for name, places in known.places.items()
            if (places[having] != NOT_SO).any()
        }

    def _column(self, name: str, places: Places) -> pa.Array:
        if (type_ := type_of(name)) == STRING:
            found = string_views(self.data, *strings(self.values, self.firsts, self.forms, places))
            return _without_password(found) if name in SAID else found
        bits, known = numbers(self.values, self.firsts, self.forms, places)
        return pa.Array.from_buffers(_TYPES[type_], len(bits), [pa.py_buffer(known), pa.py_buffer(bits)])


def _without_password(texts: pa.Array) -> pa.Array:
    found = texts.cast(pa.string())
    if not pc.any(pc.match_substring_regex(found, SECRET)).as_py():
        return texts
    return pc.replace_substring_regex(found, SECRET, r"\1***").cast(pa.string_view())
