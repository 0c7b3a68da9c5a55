# SPDX-License-Identifier: GPL-3.0-or-later
"""Strings that are stretches of one buffer: cutting and choosing among them copies no text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mailaudit.logs.stamp import Bytes, Numbers

INLINE = 12
"""Bytes that an Arrow string view holds itself; of a longer one it holds the first four and where it lies."""


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

    def views(self) -> pa.Array:
        """Return an Arrow array that looks into `data`."""
        lengths = self.ends - self.starts
        if len(self.data) < INLINE:
            return self._copies().cast(pa.string_view())
        views = np.zeros((len(self), 4), np.int32)
        views[:, 0] = lengths
        words = np.ndarray(len(self.data) - 3, np.int32, self.data, strides=(1,))
        views[:, 1] = words[np.minimum(self.starts, len(words) - 1)]
        views[:, 3] = self.starts
        short = np.flatnonzero(lengths <= INLINE)
        views[short, 1:] = self._inlined(self.starts[short], lengths[short]).view(np.int32)
        buffers = [None, pa.py_buffer(views), pa.py_buffer(self.data)]
        return pa.Array.from_buffers(pa.string_view(), len(self), buffers)

    def strings(self) -> pa.StringArray:
        """Return an Arrow array of copies."""
        return self.views().cast(pa.string())

    def _inlined(self, starts: Numbers, lengths: Numbers) -> Bytes:
        """The bytes of short strings, each with zeros after its end."""
        columns = np.arange(INLINE)
        places = np.minimum(starts[:, None] + columns, len(self.data) - 1)
        inlined: Bytes = np.where(columns < lengths[:, None], self.data[places], 0).astype(np.uint8)
        return inlined

    def _copies(self) -> pa.StringArray:
        whole = self.data.tobytes()
        ends = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return pa.array([whole[start:end].decode() for start, end in ends], pa.string())


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
    """Return the strings of all parts."""
    begins = np.cumsum([0, *(len(part.data) for part in parts)]).tolist()
    shifted = list(zip(parts, begins, strict=False))
    return Texts(
        np.concatenate([part.data for part in parts]),
        np.concatenate([part.starts + begin for part, begin in shifted]),
        np.concatenate([part.ends + begin for part, begin in shifted]),
    )
