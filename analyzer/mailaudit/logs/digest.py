# SPDX-License-Identifier: GPL-3.0-or-later
"""A number of 64 bits for each line, by which it is known again in another log.

It stands for the second in which the line was written and for all that follows the time. So it is the same in
whatever way the time is written, with or without fraction and zone.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Digests = NDArray[np.uint64]
Numbers = NDArray[np.int64]

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_MASKS = np.array([(1 << 8 * width) - 1 for width in range(9)], np.uint64)
_WORD = 8


def digests(lines: pa.RecordBatch) -> tuple[Numbers, Digests]:
    """Return the time of each line (the columns LINES), in microseconds or NO_TIME, and its digest.

    The digest of a line without a time means nothing.
    """
    column = lines["line"]
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    text = _padded(column.buffers()[2])
    rests = np.asarray(lines["rest"]).astype(np.int64)
    times = np.asarray(lines["time"]).view(np.int64)
    ends = offsets[1:].astype(np.int64)
    ends -= (ends > offsets[:-1]) & (text[ends - 1] == ord("\n"))
    return times, _mixed(text, offsets[:-1] + rests, ends, times // 1_000_000)


def _padded(text: pa.Buffer | None) -> NDArray[np.uint8]:
    """The bytes of lines, and behind them enough for a word to begin at each."""
    bare = np.frombuffer(text or b"", np.uint8)
    padded = np.zeros(len(bare) + _WORD, np.uint8)
    padded[: len(bare)] = bare
    return padded


def _mixed(text: NDArray[np.uint8], starts: Numbers, ends: Numbers, seconds: Numbers) -> Digests:
    """Mix in eight bytes of every line at a time, the longest lines first, until each has come to its end."""
    words = np.ndarray(len(text) - _WORD + 1, np.uint64, text, strides=(1,))
    lengths = ends - starts
    order = np.argsort(lengths.astype(np.int32), kind="stable")[::-1]
    at, lengths = starts[order], lengths[order]
    mixed = seconds[order].view(np.uint64) * _PRIME ^ lengths.view(np.uint64)
    longest_first = -lengths
    for done in range(0, int(lengths[0]), _WORD):
        whole = int(np.searchsorted(longest_first, -done - _WORD, side="right"))
        rows = int(np.searchsorted(longest_first, -done, side="left"))
        word = words[at[:rows]]
        word[whole:] &= _MASKS[lengths[whole:rows] - done]
        some = mixed[:rows]
        some ^= word
        some *= _PRIME
        some ^= some >> _SHIFT
        at += _WORD
    found = np.empty_like(mixed)
    found[order] = mixed
    return found
