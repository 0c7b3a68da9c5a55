# SPDX-License-Identifier: GPL-3.0-or-later
"""Coverage in words, as a table and as JSON. Times are shown in the machine's local time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import typer

from mailaudit.coverage.gaps import Coverage
from mailaudit.table import show_table

NO_HOST = "(no host named)"


def in_short(covered: Sequence[Coverage]) -> list[str]:
    """Say for each host in one line which period its logs cover, and how many hours are missing."""
    return [
        f"Logs of {_name(one.host)}: {_minute(one.first)} to {_minute(one.last)}, {_missing(one)}"
        for one in covered
    ]


def show(covered: Sequence[Coverage]) -> None:
    """Print each host's coverage, then its gaps with their reasons."""
    header = ("host", "first hour", "until", "hours with lines", "quiet hours", "gaps", "lines")
    show_table("", header, [_row(one) for one in covered])
    gaps = [(one.host, gap) for one in covered for gap in one.gaps]
    rows = [(_name(host), _minute(gap.begin), _minute(gap.end), gap.why, gap.said) for host, gap in gaps]
    if rows:
        show_table("Gaps", ("host", "from", "to", "what", "why"), rows)
    else:
        typer.echo("no gap")


def as_json(covered: Sequence[Coverage]) -> list[dict[str, Any]]:
    """Return the coverage for a program to read; times in UTC."""
    return [
        {
            "host": one.host or None,
            "first": one.first.isoformat(),
            "until": one.last.isoformat(),
            "hours_with_lines": one.hours,
            "lines": one.lines,
            "silences": [
                {
                    "from": s.begin.isoformat(),
                    "to": s.end.isoformat(),
                    "gap": s.is_gap,
                    "what": s.why,
                    "why": s.said,
                }
                for s in one.silences
            ],
        }
        for one in covered
    ]


def _row(one: Coverage) -> tuple[str, ...]:
    quiet = sum(_hours(silence.begin, silence.end) for silence in one.silences if not silence.is_gap)
    counts = (f"{one.hours:,}", f"{quiet:,}", str(len(one.gaps)), f"{one.lines:,}")
    return (_name(one.host), _minute(one.first), _minute(one.last), *counts)


def _missing(one: Coverage) -> str:
    if not one.gaps:
        return "without a gap"
    hours = sum(_hours(gap.begin, gap.end) for gap in one.gaps)
    return f"{hours:,} hours of them in {len(one.gaps)} gaps (mailaudit coverage)"


def _hours(begin: datetime, end: datetime) -> int:
    return round((end - begin).total_seconds() / 3600)


def _name(host: str) -> str:
    return host or NO_HOST


def _minute(time: datetime) -> str:
    return time.astimezone().isoformat(sep=" ", timespec="minutes")
