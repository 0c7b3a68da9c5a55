# SPDX-License-Identifier: GPL-3.0-or-later
"""A Spark cluster, of a master and a worker that the test starts, finds what DuckDB finds, to the byte."""

import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import ibis
import pytest

from audit import engines
from audit.corpora import LOGS
from audit.engines import write_log
from audit.test_line_kinds import SAMPLES, TAGS
from mailaudit.spark import SparkError
from mailaudit.spark.engine import SparkEngine

STRANGE = [
    *("\u2028", "\x85", "\x0b", "\u00a0", "  ", "\0", "\r", "İ", "ẞ", "ǅ", "Σ", "ï", "\U0001f600", "\ufeff"),
    *("password: x", "PAſſWORD: é", "from=<", "to=<", "user=<", "rip=", "session=<", "master=<", "; ", ", "),
    *("<", ">", '"', "'", "\\", "(", ")", "[", "]", "{", "}", "+", "*", "@", "$1", r"\1", "%", "="),
    *("a" * 50, "9" * 30, "1.5", "1e5", "-1", " 7", "null", '"event": "alarm", ', "//x", "NaN"),
]
LONG = 4_000  # twice what Postfix writes at most


@pytest.fixture(scope="module")
def engine(spark: str) -> Iterator[SparkEngine]:
    with SparkEngine(spark) as running:
        yield running


def strange_lines(count: int) -> list[str]:
    """Samples of all kinds with something strange put in anywhere; the same at each run."""
    chance = random.Random(5)  # noqa: S311
    lines = []
    for _ in range(count):
        producer, _, sample, _ = chance.choice(SAMPLES)
        at = chance.randrange(len(sample) + 1)
        cut = chance.choice((0, 0, 1, 9))
        lines.append(TAGS[producer] + sample[:at] + chance.choice(STRANGE) + sample[at + cut :])
    return lines


def long_lines() -> list[str]:
    """Lines with which a stranger would keep a pattern busy that backtracks."""
    grown = ['"', "<", 'a"', '""', "a, ", "; from=<", ">, to=<", "[1]", ": ", "\\", "(", "a"]
    return [
        TAGS[producer]
        + sample[: len(sample) // 2]
        + piece * (LONG // len(piece))
        + sample[len(sample) // 2 :]
        for (producer, _, sample, _), piece in zip(SAMPLES, cycle(grown), strict=False)
    ]


def others_logs(folder: Path) -> Iterator[Path]:
    """All files in each folder of others' logs, put together into one: each log is a task of its own."""
    for number, theirs in enumerate(path for path in sorted(LOGS.glob("*")) if path.is_dir()):
        together = folder / f"others{number}.log"
        files = [path for path in sorted(theirs.iterdir()) if path.is_file()]
        together.write_bytes(b"".join(path.read_bytes() + b"\n" for path in files))
        yield together


def test_every_field_of_every_kind_of_line_is_the_same(engine: SparkEngine, tmp_path: Path) -> None:
    """Also of lines that somebody has spoilt, and of those that others wrote, where they are at hand."""
    logs = [
        write_log(tmp_path / "samples.log", [TAGS[producer] + sample for producer, _, sample, _ in SAMPLES]),
        write_log(tmp_path / "strange.log", strange_lines(1000)),
        write_log(tmp_path / "long.log", long_lines()),
        *others_logs(tmp_path),
    ]
    there = engines.on_spark(engine, logs)
    here = engines.on_duckdb(logs)
    assert len(here) > 1000
    assert [event for event in zip(here, there, strict=True) if event[0] != event[1]] == []


def test_a_log_that_a_worker_cannot_read_is_said(engine: SparkEngine) -> None:
    engine.load_logs("lines", [Path("/none/mail.log")])
    lines = ibis.table({"line": "string"}, name="lines")
    with pytest.raises(SparkError, match=r"^/none/mail\.log: No such file"):
        engine.rows(engine.query(lines.select("line")))
