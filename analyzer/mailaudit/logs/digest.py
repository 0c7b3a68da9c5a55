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

from mailaudit.logs.compiled.mixing import mixed
from mailaudit.logs.stamp import NO_TIME, Flags

Digests = NDArray[np.uint64]
Numbers = NDArray[np.int64]

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_GATE_TIME = r'^\{"timestamp": ?"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z"'


def digests(lines: pa.RecordBatch) -> tuple[Numbers, Digests]:
    """Return the time of each line (the columns LINES), in microseconds or NO_TIME, and its digest.

    A line of the gate has its own time, to the second.
    """
    column = lines["line"]
    _, bounds, data = column.buffers()
    offsets = np.frombuffer(bounds, np.int32)[column.offset : column.offset + len(column) + 1]
    times = np.asarray(lines["time"]).view(np.int64)
    found = mixed(np.frombuffer(data or b"", np.uint8), offsets, np.asarray(lines["rest"]), times)
    dated = times != NO_TIME
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
