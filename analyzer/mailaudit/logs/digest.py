# SPDX-License-Identifier: GPL-3.0-or-later
"""A number of 64 bits for each line, by which it is known again in another log.

It stands for the second in which the line was written and for all that follows the time. So it is the same in
whatever way the time is written, with or without fraction and zone. If a line begins with no time, as the
gate's do, it stands for the whole line.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mailaudit.logs.stamp import NO_TIME, Flags

Digests = NDArray[np.uint64]
Numbers = NDArray[np.int64]

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_MASKS = np.array([(1 << 8 * width) - 1 for width in range(9)], np.uint64)
_WORD = 8
_GATE_TIME = r'^\{"timestamp": ?"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z"'


def digests(lines: pa.RecordBatch) -> tuple[Numbers, Digests]:
    """Return the time of each line (the columns LINES), in microseconds or NO_TIME, and its digest.

    A line of the gate has its own time, to the second.
    """
    column = lines["line"]
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    text = _padded(column.buffers()[2])
    rests = np.asarray(lines["rest"]).astype(np.int64)
    times = np.asarray(lines["time"]).view(np.int64)
    ends = offsets[1:].astype(np.int64)
    ends -= (ends > offsets[:-1]) & (text[ends - 1] == ord("\n"))
    dated = times != NO_TIME
    rests[~dated] = 0
    found = _mixed(text, offsets[:-1] + rests, ends, times // 1_000_000)
    return times if dated.all() else _with_gate_times(times, dated, column), found


def in_second(found: Digests, times: Numbers) -> Digests:
    """Return the digests of lines that begin with no time, once it is known when each was written."""
    return (found ^ (times // 1_000_000).view(np.uint64)) * _PRIME


def _with_gate_times(times: Numbers, dated: Flags, lines: pa.StringArray) -> Numbers:
    """The times of lines, and of those without one the time that JSON of the gate begins with."""
    rows = np.flatnonzero(~dated)
    said = pc.struct_field(pc.extract_regex(lines.take(pa.array(rows)), _GATE_TIME), "time")
    read = pc.strptime(said, format="%Y-%m-%dT%H:%M:%S", unit="us", error_is_null=True)
    times = times.copy()
    times[rows] = read.cast(pa.int64()).fill_null(NO_TIME).to_numpy()
    return times


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
