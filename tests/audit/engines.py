# SPDX-License-Identifier: GPL-3.0-or-later
"""The same logs on DuckDB and on Spark: every event with all its columns, to compare."""

import gzip
import operator
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from audit.office import WRITTEN
from mailaudit.analyze.rollups import AnyEngine
from mailaudit.engine import Engine
from mailaudit.logs.lines import LINES
from mailaudit.logs.parse import FACTS, NUMBERED, events, parsed
from mailaudit.logs.reading import lines_of
from mailaudit.spark.engine import SparkEngine


def write_log(path: Path, lines: Iterable[str], pack: bool = False) -> Path:
    """Write lines, each with or without its newline; packed with gzip or not."""
    data = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if pack else data)
    os.utime(path, (WRITTEN, WRITTEN))
    return path


def on_duckdb(logs: Sequence[Path]) -> list[tuple[Any, ...]]:
    """The events of logs, by source and position."""
    engine = Engine(Path("/nonexistent"))
    batches = [
        lines for number, path in enumerate(logs, start=1) for lines in lines_of(path, number, path.parent)
    ]
    engine.load("lines", pa.Table.from_batches(batches, LINES))
    return _events(engine)


def on_spark(engine: SparkEngine, logs: Sequence[Path]) -> list[tuple[Any, ...]]:
    """The same, on a cluster."""
    engine.load_logs("lines", logs)
    return _events(engine)


def _events(engine: AnyEngine) -> list[tuple[Any, ...]]:
    rows = parsed(ibis.table(ibis.Schema.from_pyarrow(LINES), name="lines"))
    engine.keep("parsed", engine.query(rows))
    found = events(ibis.table(rows.schema(), name="parsed"), NUMBERED)
    place = operator.itemgetter(*map(list(FACTS).index, ("source", "position")))
    return sorted(engine.rows(engine.query(found)), key=place)
