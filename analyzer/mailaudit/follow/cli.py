# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `mailaudit follow`."""

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from mailaudit.home import home_of, open_store
from mailaudit.store import StoreError
from mailaudit.zone import TimeZone

COULD_NOT = 2


def follow_command(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Logs, there or not yet; journal: is systemd's.")
    ],
    zone: TimeZone = None,
) -> None:
    """Read logs while they are written: what is new is in the store within five seconds.

    It goes on where it stopped, also in what was rotated meanwhile. SIGTERM or SIGINT ends it, once what was
    read is stored. Exit status: 0 it was told to end, 2 the store or a folder could not be opened.
    """
    from mailaudit.follow.follower import follow  # noqa: PLC0415  its engine takes long to load

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        _check(paths)
        home_of(ctx).mkdir(parents=True, exist_ok=True)
        follow(open_store(ctx, create=True), paths, stop, lambda line: typer.echo(line, err=True), zone)
    except (StoreError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error


def _check(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            raise IsADirectoryError(f"{path}: a folder; name the logs to follow")
