# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan for people: the logs it rests on, its steps in tables, and what it adds up to."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import typer

from mailaudit.sweep.plan import Plan
from mailaudit.table import Row, show_table
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.printable import printable

HEADER = ("step", "mailbox", "unit", "article", "since", "last use", "why", "next")
MEANING = {
    StepKind.RECLAIM: "taken back; the last step",
    StepKind.LOCK: "closed to their users; mail still arrives",
    StepKind.ESCALATE: "the heads of their agencies are told",
    StepKind.REMIND: "their users are told of a duty not met",
    StepKind.WARN: "their users and units are told",
    StepKind.WAIT: "locked already, and stay so for now",
    StepKind.REVIEW: "people decide",
    StepKind.UNPROVEN: "not proven by the logs and the directory: left alone for now",
}
STRANGERS_SHOWN = 10


def show(plan: Plan) -> None:
    """Print the plan: the logs it rests on, one table for each kind of step, and the sum."""
    typer.echo(f"{plan.regulation.name}, sweep plan for {plan.as_of}")
    typer.echo("\n".join(_logs(plan)) + "\n")
    for kind, steps in groupby(plan.steps, key=lambda step: step.kind):
        rows = [_row(step) for step in steps]
        show_table(f"{kind} ({len(rows)}): {MEANING[kind]}", HEADER, rows)
    for line in (*_strangers(plan), _summary(plan)):
        typer.echo(line)


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
    return (step.kind, box.address, box.unit, step.article, since, used, step.reason, step.next)


def _strangers(plan: Plan) -> Iterable[str]:
    names = sorted(plan.strangers)
    if names:
        more = len(names) - STRANGERS_SHOWN
        rest = f" and {more} more" if more > 0 else ""
        listed = ", ".join(map(printable, names[:STRANGERS_SHOWN])) + rest
        yield f"in the logs but not in the directory ({len(names)}): {listed}"


def _summary(plan: Plan) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in plan.counts().items())
    mailboxes = "1 mailbox" if plan.mailboxes == 1 else f"{plan.mailboxes} mailboxes"
    return f"{mailboxes}: {counts}. Nothing was changed."
