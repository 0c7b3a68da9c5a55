# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a plan that was applied, or taken back, for people and for programs."""

from collections.abc import Sequence
from typing import Any

import typer

from mailaudit.sweep.apply import Report
from mailaudit.sweep.undo import Undone
from mailaudit.table import show_table
from mailpolicy.printable import printable

HEADER = ("outcome", "step", "mailbox", "unit", "why not")


def show(report: Report) -> None:
    """Print every step's outcome and the sum."""
    for note in report.notes:
        typer.echo(printable(note))
    rows = [
        (one.outcome, one.step["step"], one.step["mailbox"], one.step["unit"], one.why)
        for one in report.results
    ]
    if rows:
        show_table("", HEADER, rows)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts().items() if count)
    lists = f" {report.letters} lists for review queued." if report.letters else ""
    typer.echo(f"{counts or 'nothing to do'}.{lists}")


def as_json(report: Report) -> dict[str, Any]:
    """Return it as values that the json module writes."""
    return {
        "counts": {str(outcome): count for outcome, count in report.counts().items()},
        "stopped": report.stopped or None,
        "notes": report.notes,
        "results": [
            {
                "key": one.step["key"],
                "mailbox": one.step["mailbox"],
                "step": one.step["step"],
                "outcome": str(one.outcome),
                "why": one.why or None,
            }
            for one in report.results
        ],
    }


def show_undone(undone: Sequence[Undone]) -> None:
    """Print what came of each lock."""
    for one in undone:
        typer.echo(f"{one.mailbox}: {f'still closed: {one.why}' if one.why else 'open again'}")
    if not undone:
        typer.echo("no lock that the record knows holds any of these: nothing was changed")
