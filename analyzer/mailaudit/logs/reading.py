# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a whole log, from its first line to its last, as lines."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from mailaudit.logs.lines import Blocks, calendar_of, cut_lines
from mailaudit.logs.source import open_log


def lines_of(path: Path, source: int, spool: Path) -> Iterator[pa.RecordBatch]:
    """Yield the lines (the columns LINES) of the log numbered `source`; it is unpacked in the folder `spool`.

    Raises UnreadableError.
    """
    with open_log(path, spool) as log:
        years = calendar_of(log, 0)
        for block in Blocks(log, 0):
            yield cut_lines(block, source, years).batch
