# SPDX-License-Identifier: GPL-3.0-or-later
"""Strings that are stretches of one buffer: cutting and choosing among them copies no text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mailaudit.logs.stamp import Bytes, Numbers

INLINE = 12
"""Bytes that an Arrow string view holds itself; of a longer one it holds the first four and where it lies."""

WORD = 8
_MASKS = np.array([(1 << 8 * width) - 1 for width in range(WORD + 1)], np.uint64)


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

    def stretch(self, begin: int, end: int) -> "Texts":
        """Return the strings from one number to before another."""
        return Texts(self.data, self.starts[begin:end], self.ends[begin:end])

    def moved(self, by: int) -> "Texts":
        """Return the strings as they stand in data that begins elsewhere."""
        return Texts(self.data, self.starts + by, self.ends + by)

    def without_first(self, counts: Numbers) -> "Texts":
        """Return each string without so many of its first bytes."""
        return Texts(self.data, self.starts + counts, self.ends)

    def views(self, *, empty_is_null: bool = False) -> pa.Array:
        """Return an Arrow array that looks into `data`."""
        lengths = self.ends - self.starts
        if len(self.data) < INLINE + WORD:
            return self._copies(empty_is_null).cast(pa.string_view())
        views = np.zeros((len(self), 4), np.int32)
        views[:, 0] = lengths
        words = np.ndarray(len(self.data) - 3, np.int32, self.data, strides=(1,))
        views[:, 1] = words[np.minimum(self.starts, len(words) - 1)]
        views[:, 3] = self.starts
        short = np.flatnonzero(lengths <= INLINE)
        views[short, 1:] = self._inlined(self.starts[short], lengths[short])
        empty = lengths == 0
        known = None
        if empty_is_null and empty.any():
            known = pa.py_buffer(np.packbits(~empty, bitorder="little"))
        buffers = [known, pa.py_buffer(views), pa.py_buffer(self.data)]
        return pa.Array.from_buffers(pa.string_view(), len(self), buffers)

    def strings(self) -> pa.StringArray:
        """Return an Arrow array of copies."""
        return self.views().cast(pa.string())

    def _inlined(self, starts: Numbers, lengths: Numbers) -> NDArray[np.int32]:
        """The bytes of short strings as three words, with zeros after each string's end."""
        words = np.ndarray(len(self.data) - WORD + 1, np.uint64, self.data, strides=(1,))
        near = starts > len(words) - 1 - WORD
        inlined = np.zeros((len(starts), 2), np.uint64)
        inlined[:, 0] = words[np.where(near, 0, starts)] & _MASKS[np.minimum(lengths, WORD)]
        inlined[:, 1] = words[np.where(near, 0, starts + WORD)] & _MASKS[np.maximum(lengths - WORD, 0)]
        whole = inlined.view(np.uint8)
        for row in np.flatnonzero(near).tolist():
            text = self.data[starts[row] : starts[row] + lengths[row]]
            whole[row] = 0
            whole[row, : len(text)] = text
        three: NDArray[np.int32] = inlined.view(np.int32)[:, :3]
        return three

    def _copies(self, empty_is_null: bool) -> pa.StringArray:
        whole = self.data.tobytes()
        ends = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        found = [whole[start:end].decode() for start, end in ends]
        return pa.array([text or None for text in found] if empty_is_null else found, pa.string())


def texts_of(strings: pa.StringArray) -> Texts:
    """Return the strings of an Arrow array; one that is null has no bytes."""
    if not len(strings):
        return Texts(np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))
    _, offsets, data = strings.buffers()
    bounds = np.frombuffer(offsets, np.int32)[strings.offset : strings.offset + len(strings) + 1].astype(
        np.int64
    )
    return Texts(np.frombuffer(data or b"", np.uint8), bounds[:-1], bounds[1:])


def joined(parts: Sequence[Texts]) -> Texts:
    """Return the strings of all parts, in a buffer that ends with newlines enough for a word."""
    begins = np.cumsum([0, *(len(part.data) for part in parts)]).tolist()
    data = np.empty(begins[-1] + WORD, np.uint8)
    data[begins[-1] :] = ord("\n")
    np.concatenate([part.data for part in parts], out=data[: begins[-1]])
    shifted = list(zip(parts, begins, strict=False))
    return Texts(
        data,
        np.concatenate([part.starts + begin for part, begin in shifted]),
        np.concatenate([part.ends + begin for part, begin in shifted]),
    )


def taken(table: pa.Table, rows: Numbers) -> pa.Table:
    """Return some rows of a table; Arrow can't take any of string views."""
    copied = pa.schema(
        field.with_type(pa.string()) if field.type == pa.string_view() else field for field in table.schema
    )
    return table.cast(copied).take(pa.array(rows)).cast(table.schema)
