# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit usage`: how much each mailbox, unit, day or hour of the day sends, receives and logs in."""

import json
from typing import Annotated

import typer

from mailaudit.coverage.cli import FirstDay, LastDay, day
from mailaudit.directory.cli import AsJson, DirectoryFile, SiteFile, read
from mailaudit.home import open_store
from mailaudit.sheetfiles import CsvFile, XlsxFile, one_form, written
from mailaudit.store import StoreError
from mailaudit.usage.gather import Rows, usage
from mailaudit.usage.period import asked
from mailaudit.usage.show import as_json, csv_sheet, sheets, show
from mailaudit.working import working

COULD_NOT = 2


def usage_command(
    ctx: typer.Context,
    *,
    site: SiteFile,
    by: Annotated[Rows, typer.Option(help="What the rows are.")] = Rows.MAILBOX,
    first: FirstDay = None,
    last: LastDay = None,
    directory: DirectoryFile = None,
    peers: Annotated[
        bool, typer.Option("--peers", help="Count different correspondents too, in the facts: takes longer.")
    ] = False,
    as_json_: AsJson = False,
    csv: CsvFile = None,
    xlsx: XlsxFile = None,
) -> None:
    """Show what the office's mailboxes sent and received, and how often they were logged in to.

    Exit status: 0 done, 1 the directory has mistakes, 2 something could not be read or written.
    """
    if peers and by not in (Rows.MAILBOX, Rows.UNIT):
        raise typer.BadParameter("only by mailbox or unit", param_hint="--peers")
    one_form(as_json_, csv, xlsx)
    office, listing = read(site, directory)
    try:
        store = open_store(ctx)
        period = asked(store, day(first), day(last))
        with working("usage"):
            found = usage(store, office.site, listing.mailboxes, by, period, with_peers=peers)
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json_:
        typer.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    elif not written(csv, csv_sheet(found), xlsx, sheets(found)):
        show(found)
