# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit notices`: the letters to owners, units and heads."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.directory import office
from mailaudit.directory.cli import AsJson, SiteFile
from mailaudit.directory.office import Office
from mailaudit.home import open_store
from mailaudit.notices import outbox, show
from mailaudit.notices.onesender import OtherSenderError
from mailaudit.notices.outbox import State
from mailaudit.notices.preview import previews
from mailaudit.notices.sender import send
from mailaudit.notices.settings import NoticeSettings
from mailaudit.notices.writer import Writer
from mailaudit.store import Store, StoreError
from mailpolicy.files.problems import BadFile, Problem
from mailpolicy.progress import counting

NONE, COULD_NOT = 1, 2

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Letters to the owners, units and heads of mailboxes."
)


@app.callback()
def notices() -> None:
    """Letters to the owners, units and heads of mailboxes."""


@app.command("list", epilog="Example: mailaudit --home /var/lib/mailaudit notices list --state failed")
def list_command(
    ctx: typer.Context,
    mailbox: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Only about this one.")] = None,
    state: Annotated[list[State] | None, typer.Option(help="Only those; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show every letter and what became of it.

    Exit status: 0 done, 2 there is no store.
    """
    with _saying_why_not(), open_store(ctx).recording() as connection:
        letters = outbox.kept(connection, mailbox=mailbox, states=state or None)
    if as_json:
        typer.echo(json.dumps(show.letters_as_json(letters), ensure_ascii=False, indent=2))
    else:
        show.show_letters(letters)


@app.command(
    "send",
    epilog="Example: mailaudit --home /var/lib/mailaudit notices send --site /etc/postwarden/site.toml",
)
def send_command(ctx: typer.Context, site: SiteFile, as_json: AsJson = False) -> None:
    """Send the letters that wait, each at most once, and settle by the logs those that were cut off.

    Exit status: 0 all are sent, 1 some wait, were refused or are unsure, 2 it could not be tried.
    """
    with _saying_why_not():
        _, settings = _office(site)
        store = open_store(ctx)
        shown = partial(counting, "letters")
        report = send(store, settings, lambda message_id: _taken(store, message_id), counting=shown)
    if as_json:
        typer.echo(json.dumps(show.report_as_json(report), ensure_ascii=False, indent=2))
    else:
        show.show_report(report)
    if not report.all_is_well:
        raise typer.Exit(NONE)


@app.command(
    "again", epilog="Example: mailaudit --home /var/lib/mailaudit notices again '<notice.1f@monre.gov.vn>'"
)
def again_command(
    ctx: typer.Context,
    message_id: Annotated[str, typer.Argument(metavar="MESSAGE-ID", help="As `notices list` shows it.")],
) -> None:
    """Let a letter that was refused, is unsure or waits be sent at the next `notices send`.

    Exit status: 0 done, 1 there is none like that, 2 there is no store.
    """
    with _saying_why_not(), open_store(ctx).recording() as connection:
        found = outbox.again(connection, message_id, datetime.now(UTC))
    if not found:
        typer.echo(f"{message_id}: no letter that was refused, is unsure or waits", err=True)
        raise typer.Exit(NONE)
    typer.echo(f"{message_id}: will be sent by the next `mailaudit notices send`")


@app.command(
    "preview", epilog="Example: mailaudit notices preview --site /etc/postwarden/site.toml --to /tmp/letters"
)
def preview_command(
    site: SiteFile,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a file for each letter into this folder.")
    ] = None,
) -> None:
    """Show every letter as this office's people would get it, written about invented mailboxes.

    Exit status: 0 done, 2 the site file or a template has mistakes, and all are said.
    """
    with _saying_why_not():
        here, settings = _office(site)
        shown = list(previews(Writer(here.site, settings, here.file)))
        if to:
            to.mkdir(parents=True, exist_ok=True)
        for name, letter in shown:
            if to:
                (to / f"{name}.txt").write_text(letter, "utf-8")
            else:
                typer.echo(f"--- {name}\n{letter}")
    if to:
        typer.echo(f"{to}: {len(shown)} letters")


def _office(site: Path) -> tuple[Office, NoticeSettings]:
    here = office.load(site)
    if here.audit.notices is None:
        expected = "a table [audit.notices], with from = an address of the office"
        raise BadFile([Problem(str(site), "audit.notices", "missing", expected)])
    return here, here.audit.notices


def _taken(store: Store, message_id: str) -> str | None:
    from mailaudit.notices.evidence import taken  # noqa: PLC0415  its engine takes long to load

    return taken(store, message_id)


@contextmanager
def _saying_why_not() -> Iterator[None]:
    try:
        yield
    except (BadFile, OtherSenderError, StoreError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
