# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep apply` and `mailaudit sweep undo`: what changes mailboxes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mailaudit.directory.cli import SiteFile
from mailaudit.enforcement.backend import EnforcementError
from mailaudit.record.sole import OtherSweepError, only_one_sweep
from mailaudit.store import StoreError
from mailaudit.sweep import here as places
from mailaudit.sweep import reportshow
from mailaudit.sweep.apply import Application, Asked, Refused
from mailaudit.sweep.here import COULD_NOT, Trouble
from mailaudit.sweep.letters import Letters
from mailaudit.sweep.options import AsJson, UnitName
from mailaudit.sweep.plan import NoLogsError
from mailaudit.sweep.scope import EVERYBODY
from mailaudit.sweep.servers import needed_servers, office_of, servers_of
from mailaudit.sweep.undo import lock_of, locks_of, undo
from mailpolicy.address import normalise
from mailpolicy.files.problems import BadFile
from mailpolicy.progress import counting

NO = 1

PlanPath = Annotated[
    Path, typer.Argument(metavar="PLAN", help="A plan's file, as `sweep plan --out` writes it.")
]


def apply_command(
    ctx: typer.Context,
    plan: PlanPath,
    *,
    site: SiteFile,
    unit: UnitName = EVERYBODY,
    reclaim: Annotated[
        bool, typer.Option("--reclaim", help="Also reclaim: archive, verify the archive, remove.")
    ] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Though the directory lost much of itself.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Do what a plan's file says, that and nothing else. Every mailbox is looked at again just before.

    Killed anywhere and run again, it goes on where it was: nothing is done twice, nothing is forgotten.

    Exit status: 0 done, 1 refused, or done in part, 2 it could not be tried.
    """
    file = places.plan_file(plan)
    here = places.by_site(ctx, site, unit)
    letters = Trouble().need(lambda: Letters(office_of(here), here.listing))
    with _saying_why_not():
        application = Application(here, file, servers_of(here), letters)
        with only_one_sweep(here.store), counting("sweep", len(application.carried_out)) as advance:
            report = application.run(Asked(reclaim, allow_shrink), advance)
    if as_json:
        typer.echo(json.dumps(reportshow.as_json(report), ensure_ascii=False, indent=2))
    else:
        reportshow.show(report)
    if report.stopped:
        _end(f"stopped: {report.stopped}; run it again when that is mended", COULD_NOT)
    if report.is_partly_undone:
        raise typer.Exit(NO)


def undo_command(
    ctx: typer.Context,
    plan: Annotated[
        Path | None, typer.Argument(metavar="[PLAN]", help="Open what this plan's file has locked.")
    ] = None,
    *,
    site: SiteFile,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is recorded.")],
    mailbox: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Open this one instead, whatever has locked it.")
    ] = None,
    unit: UnitName = EVERYBODY,
) -> None:
    """Take back locks: mailboxes are opened again, and idle time counts anew from today.

    Reclaimed mailboxes are brought back by `mailaudit mailbox restore`.

    Exit status: 0 opened, 1 some could not be, or none was locked, 2 it could not be tried.
    """
    if (plan is None) == (mailbox is None):
        raise typer.BadParameter("expected a plan, or --mailbox")
    file = places.plan_file(plan) if plan else None
    here = places.by_site(ctx, site, unit)
    with _saying_why_not(), only_one_sweep(here.store):
        servers = needed_servers(here)
        found = locks_of(here.store, file) if file else [lock_of(here.store, normalise(mailbox or ""))]
        reachable = {box.address for box in here.reach.judged()} if unit else None
        locks = [one for one in found if one and (reachable is None or one.mailbox in reachable)]
        servers.lock.check()
        with counting("undo", len(locks)) as advance:
            undone = undo(here.store, servers, locks, reason, advance)
    reportshow.show_undone(undone)
    if not undone or any(one.why for one in undone):
        raise typer.Exit(NO)


@contextmanager
def _saying_why_not() -> Iterator[None]:
    """Say why nothing was done: 1 if it was refused, 2 if it could not be tried."""
    try:
        yield
    except Refused as refused:
        _end("\n".join(f"refused: {reason}" for reason in refused.reasons) + "\nNothing was changed.", NO)
    except (BadFile, EnforcementError, NoLogsError, OtherSweepError, StoreError, OSError) as error:
        _end(str(error), COULD_NOT)


def _end(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)
