# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that the commands about mailboxes share."""

from typing import Annotated

import typer

UnitName = Annotated[
    str,
    typer.Option("--unit", metavar="NAME", help="Only this unit's mailboxes and those of units below it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
