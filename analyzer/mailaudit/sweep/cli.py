# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep`: what a regulation asks to be done with idle mailboxes."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from mailaudit.directory import csvfile
from mailaudit.home import open_store
from mailaudit.officedays import today
from mailaudit.store import Store, StoreError
from mailaudit.sweep.jsonform import plan_as_json
from mailaudit.sweep.plan import NoLogsError, Plan, make
from mailaudit.sweep.show import show
from mailpolicy.files.problems import BadFile
from mailpolicy.regulation import UnknownRegulation, load

Result = TypeVar("Result")

app = typer.Typer(
    no_args_is_help=True, help="Say which mailboxes a regulation wants warned, locked or reclaimed."
)


@app.callback()
def sweep() -> None:
    """Say which mailboxes a regulation wants warned, locked or reclaimed."""


@app.command(
    "plan",
    epilog="Example: mailaudit --home /var/lib/mailaudit sweep plan --regulation hcm --directory boxes.csv",
)
def plan_command(
    ctx: typer.Context,
    regulation: Annotated[
        str, typer.Option(help="Its name, short name (HCM, TS, CT, ST, MR) or the beginning of its name.")
    ],
    directory: Annotated[
        Path, typer.Option(help="The office's mailboxes: a CSV file with at least a column address.")
    ],
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to plan for; default today.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the whole plan as JSON.")] = False,
) -> None:
    """Show who would be warned, locked or reclaimed, and why. Nothing is changed.

    Nobody is locked whose idle time is not covered by logs without a gap.

    Exit status: 0 a plan was made, 2 it could not be.
    """
    day = as_of.date() if as_of else today()
    plan = _plan(lambda: open_store(ctx), regulation, directory, day)
    if as_json:
        typer.echo(json.dumps(plan_as_json(plan), ensure_ascii=False, indent=2))
    else:
        show(plan)


def _plan(open_it: Callable[[], Store], regulation: str, directory: Path, day: date) -> Plan:
    """Make the plan, or say all that is in its way and end with 2."""
    trouble: list[Exception] = []
    rules = _attempt(lambda: load(regulation), trouble)
    mailboxes = _attempt(lambda: csvfile.read(directory).mailboxes, trouble)
    store = _attempt(open_it, trouble)
    if rules and mailboxes and store:
        plan = _attempt(lambda: make(store, mailboxes, rules, day), trouble)
        if plan:
            return plan
    for error in trouble:
        typer.echo(str(error), err=True)
    raise typer.Exit(2)


def _attempt(work: Callable[[], Result], trouble: list[Exception]) -> Result | None:
    """Return what the work gives; an error that its user can mend is noted instead."""
    try:
        return work()
    except (BadFile, UnknownRegulation, StoreError, NoLogsError) as error:
        trouble.append(error)
        return None
