# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit directory`: whether the office's directory is in order."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.directory import office
from mailaudit.directory.check import check
from mailaudit.directory.finding import Finding
from mailaudit.directory.listing import Listing
from mailaudit.directory.logged import against_logs
from mailaudit.home import open_store
from mailaudit.store import StoreError
from mailaudit.table import show_table
from mailaudit.working import working
from mailpolicy.files.problems import BadFile, UnreadableFile
from mailpolicy.site import Site

WRONG, COULD_NOT = 1, 2

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Look at the office's directory.")

SiteFile = Annotated[Path, typer.Option("--site", metavar="FILE", help="The office's site file.")]
DirectoryFile = Annotated[
    Path | None,
    typer.Option("--directory", metavar="CSV", help="Mailboxes in CSV, in place of what the site names."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def directory() -> None:
    """Look at the office's directory."""


@app.command("check", epilog="Example: mailaudit directory check --site /etc/postwarden/site.toml")
def check_command(
    ctx: typer.Context, *, site: SiteFile, directory: DirectoryFile = None, as_json: AsJson = False
) -> None:
    """Say what is wrong with the directory: mistakes, names that lead nowhere, addresses against the rules.

    With --home also who is in the logs and not in the directory, and the other way round.

    Exit status: 0 nothing, 1 something, 2 it could not be read.
    """
    here, listing = read(site, directory)
    with working("checking the directory"):
        findings = [*check(listing, here.site), *_against_logs(ctx, here.site, listing)]
    if as_json:
        typer.echo(json.dumps(_as_json(listing, findings), ensure_ascii=False, indent=2))
    else:
        _show(listing, findings)
    if findings:
        raise typer.Exit(WRONG)


def _against_logs(ctx: typer.Context, site: Site, listing: Listing) -> list[Finding]:
    if ctx.find_root().params["home"] is None:
        return []
    try:
        return list(against_logs(listing.mailboxes, site, open_store(ctx)))
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error


def read(site: Path, csv: Path | None) -> tuple[office.Office, Listing]:
    """Read site file and directory, or say every mistake: status 1 if it is the directory's, otherwise 2."""
    try:
        here = office.load(site)
    except BadFile as bad:
        typer.echo(str(bad), err=True)
        raise typer.Exit(COULD_NOT) from bad
    try:
        with working("reading the directory"):
            return here, here.listing(csv)
    except BadFile as bad:
        typer.echo(str(bad), err=True)
        raise typer.Exit(COULD_NOT if isinstance(bad, UnreadableFile) else WRONG) from bad


def _show(listing: Listing, findings: Sequence[Finding]) -> None:
    if findings:
        show_table("", ("what", "where", "why"), [(one.fault, one.at, one.said) for one in findings])
    found = f"{len(findings)} to mend" if findings else "nothing to mend"
    typer.echo(f"{listing.source}: {counted(listing)}: {found}")


def counted(listing: Listing) -> str:
    """How many there are, as in "200 mailboxes in 12 units"."""
    boxes = "1 mailbox" if len(listing.mailboxes) == 1 else f"{len(listing.mailboxes)} mailboxes"
    units = "1 unit" if len(listing.units) == 1 else f"{len(listing.units)} units"
    return f"{boxes}, {units}"


def _as_json(listing: Listing, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "source": listing.source,
        "mailboxes": len(listing.mailboxes),
        "units": len(listing.units),
        "findings": [asdict(one) for one in findings],
    }
