# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit acknowledgement`: whether mail to the mailboxes of agencies and units was answered."""

import json

import typer

from mailaudit.coverage.cli import FirstDay, LastDay, day
from mailaudit.coverage.grounds import on_each_row
from mailaudit.directory.cli import AsJson, DirectoryFile, SiteFile, read
from mailaudit.home import open_store
from mailaudit.sheetfiles import CsvFile, XlsxFile, one_form, written
from mailaudit.store import StoreError
from mailaudit.usage.period import asked
from mailaudit.working import working

COULD_NOT = 2


def acknowledgement_command(
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
    """Show how much of the mail to units and agencies was answered within a week, and how soon.

    Exit status: 0 done, 1 the directory has mistakes, 2 something could not be read or written.
    """
    from mailaudit.acknowledgement import show  # noqa: PLC0415  its engine takes long to load
    from mailaudit.acknowledgement.measure import acknowledgement  # noqa: PLC0415

    one_form(as_json_, csv, xlsx)
    office, listing = read(site, directory)
    try:
        store = open_store(ctx)
        period = asked(store, day(first), day(last))
        with working("acknowledgement"):
            found = acknowledgement(store, office.site, listing.mailboxes, period)
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    sheets = show.sheets(found)
    if as_json_:
        typer.echo(json.dumps(show.as_json(found), ensure_ascii=False, indent=2))
    elif not written(csv, on_each_row(sheets[0], found.grounds), xlsx, sheets):
        show.show(found)
