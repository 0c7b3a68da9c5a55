# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit habits`: how often the mailboxes of units and agencies are looked into."""

import json
from datetime import date

import typer

from mailaudit.coverage.cli import FirstDay, LastDay, day
from mailaudit.coverage.grounds import on_each_row
from mailaudit.directory.cli import AsJson, DirectoryFile, SiteFile, read
from mailaudit.home import open_store
from mailaudit.sheetfiles import CsvFile, XlsxFile, one_form, written
from mailaudit.store import StoreError
from mailaudit.usage.period import asked
from mailaudit.working import working
from mailpolicy.parameters.lifecycle import Inactivity
from mailpolicy.site import Site

COULD_NOT = 2


def habits_command(
    ctx: typer.Context,
    *,
    site: SiteFile,
    first: FirstDay = None,
    last: LastDay = None,
    directory: DirectoryFile = None,
    as_json_: AsJson = False,
    csv: CsvFile = None,
    xlsx: XlsxFile = None,
) -> None:
    """Show how often the mailboxes of units and agencies were looked into on working days that logs cover.

    Exit status: 0 done, 1 the directory has mistakes, 2 something could not be read or written.
    """
    from mailaudit.habits import show  # noqa: PLC0415  its engine takes long to load
    from mailaudit.habits.habits import CODE, habits  # noqa: PLC0415

    one_form(as_json_, csv, xlsx)
    office, listing = read(site, directory)
    duty = office.site.duty(CODE)
    if duty is None:
        typer.echo(f"{office.site.regulation.name} has no duty {CODE}", err=True)
        raise typer.Exit(COULD_NOT)
    try:
        store = open_store(ctx)
        period = asked(store, day(first), day(last))
        with working("habits"):
            found = habits(store, listing.mailboxes, duty, period, _days_off(office.site))
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json_:
        typer.echo(json.dumps(show.as_json(found), ensure_ascii=False, indent=2))
    elif not written(csv, on_each_row(show.sheets(found)[0], found.grounds), xlsx, show.sheets(found)):
        show.show(found)


def _days_off(site: Site) -> tuple[date, ...]:
    """The office's own days off, which the clock of idle mailboxes goes by."""
    duty = site.duty("inactivity")
    return duty.parameters.extra_days_off if duty and isinstance(duty.parameters, Inactivity) else ()
