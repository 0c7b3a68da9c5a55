# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that `--home` names. Only commands that need the store ask for it."""

from pathlib import Path

import typer


def home_of(ctx: typer.Context) -> Path:
    """Return the folder, or say that it must be named and end with 2."""
    home: Path | None = ctx.find_root().params["home"]
    if home is None:
        raise typer.BadParameter("missing; it goes before the command's name", param_hint="--home")
    return home
