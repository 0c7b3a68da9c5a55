# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the analyzer in a test: on lines in memory, or on whole logs in a home folder."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from mailaudit.analysis import Analysis
from mailaudit.engine import Engine
from mailaudit.logs.lines import Block, cut_lines
from mailaudit.logs.stamp import calendar
from mailaudit.store import Store
from mailaudit.store.usage_rows import Folded
from mailaudit.usage.batch import open_lines
from mailaudit.usage.rollup import OpenMessages

WRITTEN = datetime(2026, 11, 22).astimezone()
TAG = "Nov 21 23:52:46 mail "
"""What syslog puts before a program's tag."""


@cache
def analysis() -> Analysis:
    """One for all tests: its queries are always the same."""
    return Analysis(Path("/nonexistent"))


@cache
def open_messages() -> OpenMessages:
    """One for all tests likewise."""
    return OpenMessages(Engine(Path("/nonexistent")))


def still_open(store: Store) -> Folded:
    """Return what mailaudit.usage.batch.still_open does."""
    lines = open_lines(store)
    return open_messages().fold_all(lines) if lines.num_rows else Folded()


def load(lines: Iterable[str]) -> None:
    """Let the analysis parse lines of one log."""
    block = Block("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"), 0)
    analysis().load([cut_lines(block, 1, calendar([], WRITTEN)).batch])


def parse(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Return the event of each line, as a dict of its columns that are not null, in the lines' order."""
    load(lines)
    found = sorted(analysis().events().to_pylist(), key=lambda event: int(event["position"]))
    return [{name: value for name, value in event.items() if value is not None} for event in found]
