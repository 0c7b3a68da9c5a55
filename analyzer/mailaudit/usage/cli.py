# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit usage`: how much each mailbox, unit, day or hour of the day sends, receives and logs in."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from mailaudit.coverage.cli import FirstDay, LastDay, day, within
from mailaudit.coverage.gaps import coverage
from mailaudit.directory.cli import AsJson, DirectoryFile, SiteFile, read
from mailaudit.home import open_store
from mailaudit.store import Store, StoreError
from mailaudit.usage.amounts import Amounts, By, amounts, grouped
from mailaudit.usage.people import STRANGER, by_address, units
from mailaudit.usage.period import Period, asked
from mailaudit.usage.show import Usage, as_json, show
from mailpolicy.directory import Mailbox
from mailpolicy.site import Site

COULD_NOT = 2


class Rows(StrEnum):
    """What the rows of the table are."""

    MAILBOX = "mailbox"
    UNIT = "unit"
    DAY = "day"
    HOUR = "hour"


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
) -> None:
    """Show what the office's mailboxes sent and received, and how often they were logged in to.

    Exit status: 0 done, 1 the directory has mistakes, 2 it or the store could not be read.
    """
    if peers and by not in (Rows.MAILBOX, Rows.UNIT):
        raise typer.BadParameter("only by mailbox or unit", param_hint="--peers")
    office, listing = read(site, directory)
    groups = units(listing.mailboxes)
    try:
        store = open_store(ctx)
        period = asked(store, day(first), day(last))
        rows = _rows(store, by, period, office.site, listing.mailboxes)
        group_of = {name: groups.get(name, STRANGER) if by is Rows.UNIT else name for name in rows}
        counted = _peers(store, period, group_of) if peers else None
        covered = [within(one, period.first, period.last) for one in coverage(store)]
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if by is Rows.UNIT:
        rows = grouped(rows, groups, STRANGER)
    usage = Usage(by, period, rows, covered, counted)
    if as_json_:
        typer.echo(json.dumps(as_json(usage), ensure_ascii=False, indent=2))
    else:
        show(usage)


def _rows(
    store: Store, by: Rows, period: Period, site: Site, mailboxes: Sequence[Mailbox]
) -> dict[str, Amounts]:
    """The amounts by day or hour, or else by mailbox."""
    from mailaudit.usage.batch import still_open  # noqa: PLC0415  its engine takes long to load

    key = By(by) if by in (Rows.DAY, Rows.HOUR) else By.MAILBOX
    found = amounts(store, still_open(store), period, site.domains, key)
    if key is By.MAILBOX:
        return by_address(found, mailboxes, site.domains)
    return {str(name): one for name, one in found.items()}


def _peers(store: Store, period: Period, group_of: Mapping[str, str]) -> dict[str, int]:
    from mailaudit.usage import peers  # noqa: PLC0415  its engine takes long to load

    return peers.count(store, period, group_of)
