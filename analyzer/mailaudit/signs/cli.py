# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit signs`: logins and bursts of mail that people should look at."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.coverage import grounds
from mailaudit.coverage.cli import FirstDay, LastDay, day
from mailaudit.directory import office
from mailaudit.directory.cli import AsJson, SiteFile
from mailaudit.home import open_store
from mailaudit.store import StoreError
from mailaudit.table import show_table
from mailaudit.usage.period import asked
from mailaudit.working import working
from mailpolicy.files.problems import BadFile

if TYPE_CHECKING:
    from mailaudit.signs.find import Sign

SOME, COULD_NOT = 1, 2
HEADER = ("mailbox", "sign", "duty", "time", "number", "from")


def signs_command(
    ctx: typer.Context,
    *,
    site: SiteFile,
    mailbox: Annotated[str | None, typer.Option(help="Only this one's.")] = None,
    first: FirstDay = None,
    last: LastDay = None,
    as_json: AsJson = False,
) -> None:
    """Show signs that a mailbox is shared, taken over or misused. None of them is proof.

    Exit status: 0 nothing, 1 something, 2 the site file or the store could not be read.
    """
    from mailaudit.signs.find import signs  # noqa: PLC0415  its engine takes long to load

    try:
        here = office.load(site).site
        store = open_store(ctx)
        period = asked(store, day(first), day(last))
        with working("signs"):
            found = [one for one in signs(store, here, period) if mailbox in (None, one.mailbox)]
        rests_on = grounds.grounds(store, period)
    except (BadFile, StoreError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json:
        told = {**grounds.as_json(rests_on), "signs": [_json(one) for one in found]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        show_table("", HEADER, [_cells(one) for one in found])
        for line in ("Signs for people to look at, not proof.", *grounds.lines(rests_on)):
            typer.echo(line)
    if found:
        raise typer.Exit(SOME)


def _cells(one: "Sign") -> tuple[str, ...]:
    time = f"{one.time:%Y-%m-%d %H:%M}"
    return one.mailbox, one.what, one.code, time, str(one.number), " ".join(one.addresses)


def _json(one: "Sign") -> dict[str, object]:
    return {
        "mailbox": one.mailbox,
        "sign": str(one.what),
        "duty": one.code,
        "time": one.time.isoformat(),
        "number": one.number,
        "addresses": list(one.addresses),
    }
