# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `mailaudit`: accounts for what happened, and acts and reports as the regulation says."""

import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mailaudit import ingested, jsonform, show
from mailaudit.activity import last_activity
from mailaudit.commands import LATER, PANELS
from mailaudit.home import home_of, open_store
from mailaudit.later import LaterGroup
from mailaudit.lock import LockedError, only_one
from mailaudit.store import StoreError
from mailaudit.summary import summarise
from mailaudit.zone import TimeZone
from mailpolicy.progress import reading

NONE, COULD_NOT = 1, 2
OBJECTS = 100_000
"""So many new objects the garbage collector lets come before it looks for cycles among them.

Commands make millions of rows and hardly a cycle. As often as Python looks by default, it costs an ingest a
tenth of its time and a report a sixth; looking this seldom keeps a `follow` of many days as small.
"""
TURN = 0.001
"""Seconds after which a thread of an ingest lets another have Python's lock.

One reads lines while another stores those before, and both need it often and briefly; with turns of 5
milliseconds, Python's default, they take a sixth longer.
"""


class _Program(LaterGroup):
    later = LATER
    panels = PANELS


def _check_engine(value: str | None) -> str | None:
    if value is None:
        return None
    from mailaudit.analyze.cli import check_engine  # noqa: PLC0415  long to load

    return check_engine(value)


app = typer.Typer(
    cls=_Program,
    help="Say from the logs who used which mailbox and when; act and report on it as the regulation says.",
    epilog="Example: mailaudit --home /var/lib/mailaudit ingest /var/log/mail.log",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.callback()
def main(
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder with the store and the facts.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="MAILAUDIT_STORE",
            help="A store in PostgreSQL that several homes share, instead: postgresql://USER@HOST/DATABASE.",
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="ENGINE",
            callback=_check_engine,
            help="What computes `analyze`: duckdb, on this machine, or a cluster's spark://HOST:PORT.",
        ),
    ] = None,
) -> None:
    """Say from the logs who used which mailbox and when; act and report on it as the regulation says."""
    gc.set_threshold(OBJECTS)


@app.command("ingest", epilog="Example: mailaudit --home /var/lib/mailaudit ingest /var/log/mail.log*")
def ingest_command(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Logs, or folders with logs; - is standard input, journal: is systemd's journal.",
        ),
    ],
    zone: TimeZone = None,
) -> None:
    """Read what is new in logs, plain or packed. What was read before is not counted again.

    Exit status: 0 all were read, 2 some could not be.
    """
    from mailaudit.ingest import ingest  # noqa: PLC0415  its engine takes long to load

    sys.setswitchinterval(TURN)
    home = home_of(ctx)
    with _saying_why_not():
        home.mkdir(parents=True, exist_ok=True)
        with only_one(home), reading() as progress:
            outcomes = ingest(open_store(ctx, create=True), paths, progress, zone=zone)
        ingested.write(home, outcomes)
    show.show_outcomes(outcomes)
    if any(outcome.error is not None for outcome in outcomes):
        raise typer.Exit(COULD_NOT)


@app.command(epilog="Example: mailaudit --home /var/lib/mailaudit last-login canbo1@example.org --json")
def last_login(
    ctx: typer.Context,
    mailbox: Annotated[str | None, typer.Argument(metavar="[MAILBOX]", help="Only this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show when each mailbox was last used by its owner, how, from where, and the log line that proves it.

    Exit status: 0 done, 1 no login of this mailbox is known, 2 there is no store.
    """
    with _saying_why_not():
        activity = last_activity(open_store(ctx), mailbox)
    if as_json:
        typer.echo(json.dumps(jsonform.logins(activity), ensure_ascii=False, indent=2))
    elif activity or mailbox is None:
        show.show_logins(activity)
    else:
        typer.echo(f"{mailbox}: no login is known", err=True)
    if mailbox is not None and not activity:
        raise typer.Exit(NONE)


@app.command(epilog="Example: mailaudit --home /var/lib/mailaudit summary")
def summary(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Count all lines that were read, by program and kind, and those that could not be parsed.

    Exit status: 0 done, 2 there is no store.
    """
    with _saying_why_not():
        found = summarise(open_store(ctx))
    if as_json:
        typer.echo(json.dumps(jsonform.summary(found), ensure_ascii=False, indent=2))
    else:
        show.show_summary(found)


@contextmanager
def _saying_why_not() -> Iterator[None]:
    """Say what is wrong with the store or the home, and end with 2."""
    try:
        yield
    except (LockedError, StoreError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
