# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that `--home` names and the store that `--store` names. Only commands that need them ask."""

from pathlib import Path

import typer

import mailaudit.store
from mailaudit.store import Store


def home_of(ctx: typer.Context) -> Path:
    """Return the folder, or say that it must be named and end with 2."""
    home: Path | None = ctx.find_root().params["home"]
    if home is None:
        raise typer.BadParameter("missing; it goes before the command's name", param_hint="--home")
    return home


def open_store(ctx: typer.Context, *, create: bool = False) -> Store:
    """Open the store. Raises mailaudit.store.StoreError."""
    return mailaudit.store.open(home_of(ctx), ctx.find_root().params["store"], create=create)
