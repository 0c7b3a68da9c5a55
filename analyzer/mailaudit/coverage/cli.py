# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit coverage`: for which hours logs were read."""

import json
from datetime import date, datetime
from typing import Annotated

import typer

from mailaudit.coverage.gaps import coverage, within
from mailaudit.coverage.show import as_json, show
from mailaudit.directory.cli import AsJson
from mailaudit.home import open_store
from mailaudit.store import StoreError

GAPS, COULD_NOT = 1, 2
FirstDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="The first day.")
]
LastDay = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="The last day.")
]


def day(time: datetime | None) -> date | None:
    """Return the day that an option names."""
    return time.date() if time else None


def coverage_command(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Only this one.")] = None,
    first: FirstDay = None,
    last: LastDay = None,
    as_json_: AsJson = False,
) -> None:
    """Show for which hours each host's logs were read, where some are missing, and why that is held to be so.

    Exit status: 0 no gap, 1 there are gaps, or no line of this host, 2 there is no store.
    """
    try:
        covered = [within(one, day(first), day(last)) for one in coverage(open_store(ctx), host)]
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json_:
        typer.echo(json.dumps(as_json(covered), ensure_ascii=False, indent=2))
    elif covered:
        show(covered)
    else:
        typer.echo(f"no line of {host or 'any host'} was read", err=True)
    if not covered or any(one.gaps for one in covered):
        raise typer.Exit(GAPS)
