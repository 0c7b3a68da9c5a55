# SPDX-License-Identifier: GPL-3.0-or-later
"""Open lines: what plain messages that go on leave, what those that are done with take away."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from mailaudit.logs.stamp import Flags
from mailaudit.store.usage_rows import OpenKey, OpenLine
from mailaudit.usage.columns import picked, table_of
from mailaudit.usage.lines import QUEUE_LINE
from mailaudit.usage.queue import Queue
from mailaudit.usage.reached import REACHED

_AS_TOLD = [name for name in QUEUE_LINE if name not in ("host", "time", "reached")]


def opened(queue: Queue, ids: Flags) -> Iterator[OpenLine]:
    """Yield the lines that a batch brings of messages with these identifiers, which go on."""
    for kind, lines in queue.lines.items():
        rows = np.flatnonzero(ids[lines.new_ids])
        if not len(rows):
            continue
        told: dict[str, list[Any]] = picked(lines.events.select(["host", *_AS_TOLD]), rows).to_pydict()
        told["host"] = [host or "" for host in told["host"]]
        told["time"] = lines.times[rows].tolist()
        told["reached"] = [None] * len(rows)
        if kind == "delivery":
            told["reached"] = [REACHED[place] for place in queue.reached[rows].tolist()]
        yield from map(OpenLine._make, zip(*(told[name] for name in QUEUE_LINE), strict=True))


def closed(queue: Queue, ids: Flags) -> Iterator[tuple[int, int, str]]:
    """Yield the keys of lines that were open of messages with these identifiers, which are done with."""
    for kind, lines in queue.lines.items():
        keys = rows_of(lines.opened.select(["source", "position"]), ids[lines.old_ids])
        for source, position in zip(*(column.to_pylist() for column in keys.columns), strict=True):
            yield source, position, kind


def rows_of(table: pa.Table, chosen: Flags) -> pa.Table:
    """Return the chosen rows of a table."""
    return picked(table, np.flatnonzero(chosen))


def keys_of(open_lines: pa.Table) -> list[OpenKey]:
    """Return what tells open lines (QUEUE_LINE) from each other."""
    columns = (open_lines[name].to_pylist() for name in OpenKey._fields)
    return list(map(OpenKey._make, zip(*columns, strict=True)))


def open_lines_table(lines: Sequence[OpenLine]) -> pa.Table:
    """Return open lines as they are worked with: the columns QUEUE_LINE."""
    return table_of(lines, QUEUE_LINE)
