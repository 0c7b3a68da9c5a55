# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit unparsed`: lines that no table knows."""

import json

import typer

from mailaudit.directory.cli import AsJson
from mailaudit.home import open_store
from mailaudit.store import StoreError
from mailaudit.table import show_table
from mailaudit.working import working

COULD_NOT = 2


def unparsed_command(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Show what the lines look like that no table knows: the commonest of each program, one of each shape.

    Exit status: 0 done, 2 there is no store.
    """
    from mailaudit.unparsed.samples import samples  # noqa: PLC0415  its engine takes long to load

    try:
        with working("unparsed"):
            found = samples(open_store(ctx))
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json:
        typer.echo(json.dumps([each._asdict() for each in found], ensure_ascii=False, indent=2))
    elif found:
        rows = [(each.program, f"{each.lines:,}", each.text) for each in found]
        show_table("Lines of a kind that is not known", ("program", "lines", "one of them"), rows)
    else:
        typer.echo("every line is of a known kind")
