# SPDX-License-Identifier: GPL-3.0-or-later
"""Strings that are stretches of one buffer: cutting and choosing among them copies no text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from mailaudit.logs.compiled.columns import views
from mailaudit.logs.stamp import Bytes, Numbers

_VIEW = np.dtype("V16")


@dataclass(frozen=True, slots=True)
class Texts:
    """The strings that begin at `starts` and end before `ends` in `data`, which is UTF-8."""

    data: Bytes
    starts: Numbers
    ends: Numbers

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, rows: Numbers) -> "Texts":
        """Return the strings with these numbers."""
        return Texts(self.data, self.starts[rows], self.ends[rows])

    def without_first(self, counts: Numbers) -> "Texts":
        """Return each string without so many of its first bytes."""
        return Texts(self.data, self.starts + counts, self.ends)

    def views(self, *, empty_is_null: bool = False) -> pa.Array:
        """Return an Arrow array that looks into `data`."""
        made, not_empty = views(self.data, self.starts, self.ends)
        return string_views([self.data], made, not_empty if empty_is_null else None)

    def strings(self) -> pa.StringArray:
        """Return an Arrow array of copies."""
        return self.views().cast(pa.string())


def string_views(data: Sequence[Bytes], made: Bytes, known: Bytes | None) -> pa.Array:
    """Return an Arrow array of views into `data`, of which `known` has a bit for each that is not null."""
    validity = None if known is None else pa.py_buffer(known)
    return pa.Array.from_buffers(pa.string_view(), len(made), [validity, *map(pa.py_buffer, (made, *data))])


def texts_of(strings: pa.StringArray) -> Texts:
    """Return the strings of an Arrow array; one that is null has no bytes."""
    if not len(strings):
        return Texts(np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))
    _, offsets, data = strings.buffers()
    bounds = np.frombuffer(offsets, np.int32)[strings.offset : strings.offset + len(strings) + 1].astype(
        np.int64
    )
    return Texts(np.frombuffer(data or b"", np.uint8), bounds[:-1], bounds[1:])


def chosen(parts: Sequence[Texts], numbers: Numbers) -> Texts:
    """Return copies of the strings with these numbers, which are in order and go on from part to part."""
    begins = np.cumsum([0, *map(len, parts)])
    bounds = pairwise(np.searchsorted(numbers, begins).tolist())
    of_each = zip(parts, begins.tolist(), bounds, strict=False)
    copies = [part.take(numbers[first:last] - begin).strings() for part, begin, (first, last) in of_each]
    return texts_of(pa.concat_arrays(copies))


def taken(table: pa.Table, rows: Numbers) -> pa.Table:
    """Return some rows of a table. Texts of string views, of which Arrow can't take any, are not copied."""
    return pa.table([_taken(column, rows) for column in table.columns], schema=table.schema)


def _taken(column: pa.ChunkedArray, rows: Numbers) -> pa.Array:
    if column.null_count == len(column):
        return pa.nulls(len(rows), column.type)
    whole = column.combine_chunks()
    if whole.type != pa.string_view():
        return whole.take(pa.array(rows))
    _, made, *data = whole.buffers()
    views = np.frombuffer(made, _VIEW)[whole.offset : whole.offset + len(whole)][rows]
    known = np.asarray(whole.is_valid())[rows] if whole.null_count else None
    return string_views(data, views, None if known is None else np.packbits(known, bitorder="little"))
