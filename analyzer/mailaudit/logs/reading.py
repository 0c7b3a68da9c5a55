# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a whole log, from its first line to its last, as lines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from mailaudit.logs.lines import Blocks, calendar_of, cut_lines
from mailaudit.logs.source import open_log


def lines_of(
    path: Path, source: int, spool: Path, read: Callable[[int], None] = lambda _: None
) -> Iterator[pa.RecordBatch]:
    """Yield the lines (the columns LINES) of the log numbered `source`; it is unpacked in the folder `spool`.

    `read` is told how many more bytes of the file as it is, packed or not, were read. Raises UnreadableError.
    """
    with open_log(path, spool) as log:
        years = calendar_of(log, 0)
        packed = size_of(path)
        for block in Blocks(log, 0):
            read(len(block.data) * packed // log.size)
            yield cut_lines(block, source, years).batch


def size_of(path: Path) -> int:
    """Return how many bytes a file has as it is, packed or not; 0 if nobody can tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
