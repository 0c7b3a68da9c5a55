# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit trace`: where one message went."""

import json
from typing import Annotated

import typer

from mailaudit.coverage.cli import FirstDay, LastDay, day
from mailaudit.directory.cli import AsJson
from mailaudit.home import open_store
from mailaudit.store import StoreError
from mailaudit.trace.show import as_json, as_lines
from mailaudit.trace.track import track
from mailaudit.usage.period import asked
from mailaudit.working import working

NONE, COULD_NOT = 1, 2


def trace_command(
    ctx: typer.Context,
    term: Annotated[
        str, typer.Argument(metavar="WHAT", help="A Message-ID, a queue identifier or an address.")
    ],
    *,
    first: FirstDay = None,
    last: LastDay = None,
    as_json_: AsJson = False,
) -> None:
    """Follow a message over queues, hosts, filters and deliveries to every mailbox it reached.

    Of an address the latest messages are followed. Message text is never shown.

    Exit status: 0 found, 1 no such message, 2 there is no store.
    """
    from mailaudit.trace.search import MOST_MESSAGES, find  # noqa: PLC0415  its engine takes long to load

    try:
        store = open_store(ctx)
        with working("trace"):
            found = find(store, term, asked(store, day(first), day(last)))
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    way = track(found.events)
    named = way.about(term)
    roots = way.roots[:] = named[-MOST_MESSAGES:]
    more = len(named) - len(roots)
    if as_json_:
        typer.echo(json.dumps(as_json(way), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(as_lines(way)) or f"{term}: no such message", err=not roots)
        if more or found.is_cut:
            typer.echo(f"{more} earlier ones are not shown; --from and --to choose the days")
    if not roots:
        raise typer.Exit(NONE)
