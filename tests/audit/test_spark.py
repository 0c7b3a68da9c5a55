# SPDX-License-Identifier: GPL-3.0-or-later
"""A Spark cluster, of a master and a worker that the test starts, finds what DuckDB finds, to the byte."""

import gzip
import os
import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit import engines
from audit.corpora import LOGS
from audit.maillog import START, day_of_work
from audit.office import WRITTEN
from audit.test_line_kinds import SAMPLES, TAGS
from mailaudit.cli import app
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
def cluster(jre: None) -> Iterator[str]:
    from bed.spark import SparkCluster

    with pytest.MonkeyPatch.context() as patch, SparkCluster() as running:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield running.url


def write(path: Path, lines: list[str], pack: bool = False) -> Path:
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if pack else data)
    os.utime(path, (WRITTEN, WRITTEN))
    return path


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


def test_every_field_of_every_kind_of_line_is_the_same(cluster: str, tmp_path: Path) -> None:
    """Also of lines that somebody has spoilt, and of those that others wrote, where they are at hand."""
    logs = [
        write(tmp_path / "samples.log", [TAGS[producer] + sample for producer, _, sample, _ in SAMPLES]),
        write(tmp_path / "strange.log", strange_lines(1000)),
        write(tmp_path / "long.log", long_lines()),
        *(path for path in sorted(LOGS.rglob("*")) if path.is_file() and path.stat().st_size),
    ]
    with SparkEngine(cluster) as engine:
        there = engines.on_spark(engine, logs)
    here = engines.on_duckdb(logs)
    assert len(here) > 1000
    assert [event for event in zip(here, there, strict=True) if event[0] != event[1]] == []


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_what_analyze_prints_is_the_same_to_the_byte(cluster: str, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs / "mail.log", day_of_work(40, 4000))
    write(logs / "mail.log.1", day_of_work(30, 2000, START.replace(month=8)), pack=True)
    here, there = (run("--engine", engine, "analyze", "--json", logs) for engine in ("duckdb", cluster))
    assert here[0] == 0, here[1]
    assert here[1].count("\n") > 100
    assert there == here


def test_a_log_that_a_worker_cannot_read_is_said(cluster: str, tmp_path: Path) -> None:
    with SparkEngine(cluster) as engine, pytest.raises(SparkError, match=r"^/none/mail\.log: No such file"):
        engines.on_spark(engine, [Path("/none/mail.log")])


def test_without_a_cluster_it_is_said_at_once(tmp_path: Path) -> None:
    log = write(tmp_path / "mail.log", day_of_work(2, 10))
    code, output = run("--engine", "spark://127.0.0.1:1", "analyze", log)
    assert (code, output.strip()) == (2, "spark://127.0.0.1:1: [Errno 111] Connection refused")
    assert run("--engine", "spark://nowhere", "analyze", log)[0] == 2
    code, output = run("--engine", "sparkle", "analyze", log)
    assert code == 2
    assert "expected duckdb, or spark://HOST:PORT" in " ".join(output.replace("│", " ").split())
