# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan for people: the logs it rests on, its steps as a table, and what it adds up to."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from mailaudit.sweep.plan import Plan
from mailpolicy.step import Step, StepKind

HEADER = ("step", "mailbox", "unit", "article", "since", "last use", "why", "next")
MEANING = {
    StepKind.RECLAIM: "taken back; the last step",
    StepKind.LOCK: "closed to their users; mail still arrives",
    StepKind.WARN: "their users and units are told",
    StepKind.WAIT: "locked already, and stay so for now",
    StepKind.REVIEW: "people decide",
    StepKind.UNPROVEN: "not proven by the logs and the directory: left alone for now",
}
STRANGERS_SHOWN = 10

Row = tuple[str, ...]


def show(plan: Plan, console: Console) -> None:
    """Write the plan: as tables on a terminal, else as plain lines however long they are."""
    write = typer.echo  # the console's own way to write is made for screens, not for 100,000 lines
    write(f"{plan.regulation.name}, sweep plan for {plan.as_of}")
    for line in _logs(plan):
        write(line)
    for kind, steps in groupby(plan.steps, key=lambda step: step.kind):
        rows = [_row(step) for step in steps]
        write(f"\n{kind} ({len(rows)}): {MEANING[kind]}")
        if console.is_terminal:
            console.print(_table(rows))
        else:
            write("\n".join(_lines(rows)))
    write("")
    for line in (*_strangers(plan), _summary(plan)):
        write(line)


def _logs(plan: Plan) -> Iterator[str]:
    if plan.coverage is None:
        yield f"logs: none from {plan.as_of} or before, so nothing is proven"
    else:
        yield f"logs: {plan.coverage.first} to {plan.coverage.last} without a gap"
    for earlier in plan.logs:
        if plan.coverage and earlier.end.date() < plan.coverage.first:
            yield f"logs: before that {earlier.start.date()} to {earlier.end.date()}, then a gap: not counted"


def _row(step: Step) -> Row:
    used = f"{step.activity.day} {step.activity.evidence}" if step.activity else "none seen"
    box = step.mailbox
    since = str(step.since or "")
    return tuple(
        map(_plain, (step.kind, box.address, box.unit, step.article, since, used, step.reason, step.next))
    )


def _plain(text: str) -> str:
    """Names in logs and files are written by strangers: nothing of them may steer a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def _table(rows: Sequence[Row]) -> Table:
    table = Table(show_lines=True)
    for name in HEADER[1:]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell}" for cell in row[1:]))
    return table


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(cell_len, column)) for column in zip(HEADER, *rows, strict=True)]
    for row in (HEADER, *rows):
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _strangers(plan: Plan) -> Iterable[str]:
    names = sorted(plan.strangers)
    if names:
        more = len(names) - STRANGERS_SHOWN
        listed = ", ".join(map(_plain, names[:STRANGERS_SHOWN])) + (f" and {more} more" if more > 0 else "")
        yield f"in the logs but not in the directory ({len(names)}): {listed}"


def _summary(plan: Plan) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in plan.counts().items())
    mailboxes = "1 mailbox" if plan.mailboxes == 1 else f"{plan.mailboxes} mailboxes"
    return f"{mailboxes}: {counts}. Nothing was changed."
