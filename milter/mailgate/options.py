# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands that judge saved mail have in common: by what they judge, and how they end."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mailgate import loading
from mailgate.inforce import local_day
from mailpolicy.files.problems import BadFile
from mailpolicy.judge import Policy
from mailpolicy.regulation import UnknownRegulation, load
from mailpolicy.site import for_regulation

COULD_NOT = 2
SiteFile = Annotated[
    Path | None, typer.Option("--site", metavar="FILE", help="Judge by an office's site file.")
]
Name = Annotated[
    str | None,
    typer.Option(
        "--regulation", metavar="NAME", help="Judge by a shipped regulation with every rule in force."
    ),
]


def policy_of(site: Path | None, regulation: str | None) -> Policy:
    """Return today's policy of a site file, with the directory it names, or of a shipped regulation.

    Ends the program if it can't.
    """
    if (site is None) == (regulation is None):
        could_not("say either --site FILE or --regulation NAME")
    try:
        if site is not None:
            return loading.load(site).judging_on(local_day())
        return Policy.of(for_regulation(load(regulation or "")))
    except (BadFile, UnknownRegulation) as error:
        could_not(str(error))


def could_not(why: str) -> NoReturn:
    """Say why it could not be done, and end the program."""
    for line in why.splitlines():
        typer.echo(f"mailgate: {line}", err=True)
    raise typer.Exit(COULD_NOT)
