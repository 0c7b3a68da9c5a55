# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan for people: the logs it rests on, its steps in tables, and what it adds up to.

Plans are shown as mailaudit.sweep.jsonform writes them, whether just made or read from a file.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import typer

from mailaudit.table import Row, show_table
from mailpolicy.clocks.step import StepKind
from mailpolicy.officetime import office_day
from mailpolicy.printable import printable

Values = Mapping[str, Any]

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


def show(plan: Values) -> None:
    """Print the plan: the logs it rests on, one table for each kind of step, and the sum."""
    of_unit = f" of {printable(plan['unit'])}" if plan["unit"] else ""
    typer.echo(f"{plan['regulation']}, sweep plan for {plan['as_of']}{of_unit}")
    typer.echo("\n".join(_logs(plan)) + "\n")
    for kind, steps in groupby(plan["steps"], key=lambda step: str(step["step"])):
        rows = [_row(step) for step in steps]
        show_table(f"{kind} ({len(rows)}): {MEANING[StepKind(kind)]}", HEADER, rows)
    for line in (*_strangers(plan), _summary(plan)):
        typer.echo(line)


def _logs(plan: Values) -> Iterator[str]:
    days = plan["coverage"]
    if days is None:
        yield f"logs: none from {plan['as_of']} or before, so nothing is proven"
    else:
        yield f"logs: {days['first']} to {days['last']} without a gap"
    for earlier in plan["logs"]:
        first, last = (_day(earlier[name]) for name in ("start", "end"))
        if days and last < days["first"]:
            yield f"logs: before that {first} to {last}, then a gap: not counted"


def _row(step: Values) -> Row:
    used = step["last_activity"]
    since = step["since"] or ""
    last = f"{_day(used['time'])} {in_short(used)}" if used else "none seen"
    names = ("step", "mailbox", "unit", "article")
    return (*(step[name] for name in names), since, last, step["reason"], step["next"])


def in_short(used: Values) -> str:
    """How a use is known, as in `imap from 10.20.3.21, mail.log:402` (file:byte)."""
    where = f" from {used['address']}" if used["address"] else ""
    evidence = used["evidence"]
    return f"{used['service']}{where}, {evidence['file'].rpartition('/')[2]}:{evidence['position']}"


def _day(time: str) -> str:
    return str(office_day(datetime.fromisoformat(time)))


def _strangers(plan: Values) -> Iterable[str]:
    names = [one["name"] for one in plan["not_in_directory"]]
    if names:
        more = len(names) - STRANGERS_SHOWN
        rest = f" and {more} more" if more > 0 else ""
        listed = ", ".join(map(printable, names[:STRANGERS_SHOWN])) + rest
        yield f"in the logs but not in the directory ({len(names)}): {listed}"


def _summary(plan: Values) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in plan["counts"].items())
    mailboxes = "1 mailbox" if plan["mailboxes"] == 1 else f"{plan['mailboxes']} mailboxes"
    return f"{mailboxes}: {counts}. Nothing was changed."
