# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit violations`: the ledger of what broke a duty."""

import json
from typing import Annotated

import typer

from mailaudit.activity import normalise_mailbox
from mailaudit.coverage.cli import FirstDay, LastDay, day
from mailaudit.directory import office
from mailaudit.directory.cli import AsJson, SiteFile
from mailaudit.home import open_store
from mailaudit.store import StoreError
from mailaudit.usage.period import asked
from mailaudit.violations.ledger import Rules, ledger
from mailaudit.violations.show import show
from mailaudit.working import working
from mailpolicy.files.problems import BadFile
from mailpolicy.ledger import encode

SOME, COULD_NOT = 1, 2


def violations_command(
    ctx: typer.Context,
    *,
    site: SiteFile,
    mailbox: Annotated[str | None, typer.Option(help="Only this one's.")] = None,
    first: FirstDay = None,
    last: LastDay = None,
    as_json: AsJson = False,
) -> None:
    """Show what broke a duty: forwards and deletions in logs, what the gate found; each with its line.

    Exit status: 0 nothing, 1 something, 2 the site file, the directory or the store could not be read.
    """
    from mailaudit.usage.batch import still_open  # noqa: PLC0415  its engine takes long to load

    try:
        rules = _rules(office.load(site))
        store = open_store(ctx)
        period = asked(store, day(first), day(last))
        name = mailbox and normalise_mailbox(mailbox)
        with working("violations"):
            found = ledger(store, still_open(store), rules, period, name)
    except (BadFile, StoreError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json:
        typer.echo(json.dumps([json.loads(encode(one)) for one in found], ensure_ascii=False, indent=2))
    else:
        show(found)
    if found:
        raise typer.Exit(SOME)


def _rules(here: office.Office) -> Rules:
    if here.directory is None:
        return Rules(here.site)
    return Rules.of(here.site, here.listing().mailboxes)
