# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep`: what a regulation wants done with mailboxes, and the doing of it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.directory.cli import DirectoryFile
from mailaudit.officedays import today
from mailaudit.record.operator import now
from mailaudit.sweep import here as places
from mailaudit.sweep import planfile
from mailaudit.sweep.applycli import apply_command, undo_command
from mailaudit.sweep.here import COULD_NOT, Here, Trouble
from mailaudit.sweep.indented import indented
from mailaudit.sweep.jsonform import plan_as_json
from mailaudit.sweep.letters import mail_plan
from mailaudit.sweep.options import UnitName
from mailaudit.sweep.plan import make
from mailaudit.sweep.private import write_privately
from mailaudit.sweep.rules import digest
from mailaudit.sweep.scope import EVERYBODY
from mailaudit.sweep.show import show
from mailpolicy.progress import counting

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Say which mailboxes a regulation wants warned, locked or reclaimed; do it.",
)


@app.callback()
def sweep() -> None:
    """Say which mailboxes a regulation wants warned, locked or reclaimed; do it, and take it back."""


@app.command(
    "plan",
    epilog="Example: mailaudit --home /var/lib/mailaudit sweep plan --site /etc/postwarden/site.toml "
    "--out /var/lib/mailaudit/plan.json",
)
def plan_command(
    ctx: typer.Context,
    *,
    site: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The office's site file: regulation and directory.")
    ] = None,
    regulation: Annotated[
        str | None,
        typer.Option(help="Without a site file: a regulation's name, short name (HCM, TS, CT, ST, MR) ..."),
    ] = None,
    directory: DirectoryFile = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to plan for; default today.")
    ] = None,
    unit: UnitName = EVERYBODY,
    out: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="Write the plan into this file, for `sweep apply`.")
    ] = None,
    to_approver: Annotated[
        bool, typer.Option("--to-approver", help="Queue a letter with the plan to audit.notices.approver.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole plan as JSON.")] = False,
) -> None:
    """Show who would be warned, locked or reclaimed, and why. Nothing is changed.

    Nobody is locked whose idle time is not covered by logs without a gap.

    Exit status: 0 a plan was made, 2 it could not be.
    """
    where = _where(ctx, site, regulation, directory, unit)
    day = as_of.date() if as_of else today()
    with counting("mailboxes judged", len(where.reach.judged())) as one_more:
        plan = Trouble().need(lambda: make(where.store, where.reach, where.regulation, day, one_more))
    values = plan_as_json(plan)
    if out:
        store = Trouble().need(where.store.identity)
        _write(out, planfile.text_of(values, digest(where.regulation), store, now()))
    if to_approver:
        Trouble().need(lambda: mail_plan(where, values, plan.as_of))
    if as_json:
        typer.echo(indented(values))
        return
    show(values)
    if out:
        typer.echo(f"written to {out}")


@app.command("show", epilog="Example: mailaudit sweep show /var/lib/mailaudit/plan.json")
def show_command(plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan's file.")]) -> None:
    """Show a plan's file in tables, as `sweep plan` has shown it, without the steps taken out since.

    Exit status: 0 it is shown, 2 it could not be read, or was changed.
    """
    read = places.plan_file(plan)
    show(read.values | {"steps": read.steps, "counts": read.counts()})
    if taken_out := read.planned - len(read.steps):
        typer.echo(f"{taken_out} of {read.planned} steps were taken out of the file.")


app.command(
    "apply",
    epilog="Example: mailaudit --home /var/lib/mailaudit sweep apply /var/lib/mailaudit/plan.json "
    "--site /etc/postwarden/site.toml",
)(apply_command)
app.command(
    "undo",
    epilog="Example: mailaudit --home /var/lib/mailaudit sweep undo /var/lib/mailaudit/plan.json "
    "--site /etc/postwarden/site.toml --reason 'nhầm đơn vị'",
)(undo_command)


def _where(
    ctx: typer.Context, site: Path | None, regulation: str | None, directory: Path | None, unit: str
) -> Here:
    """By site file, or by a regulation's name and a directory."""
    if site and not regulation:
        return places.by_site(ctx, site, unit, directory)
    if regulation and directory and not site and not unit:
        return places.by_name(ctx, regulation, directory)
    raise typer.BadParameter("expected --site, or --regulation and --directory alone")


def _write(path: Path, text: Iterable[str]) -> None:
    try:
        write_privately(path, text)
    except OSError as error:
        typer.echo(f"{path}: can't be written ({error.strerror}); what was there is unchanged", err=True)
        raise typer.Exit(COULD_NOT) from error
