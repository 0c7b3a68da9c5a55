# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit mailbox`: one mailbox's life, and what people say and do about it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mailaudit.directory.cli import SiteFile
from mailaudit.enforcement.backend import EnforcementError
from mailaudit.mailbox.acts import Acts, NotNowError
from mailaudit.mailbox.jsonform import life_as_json
from mailaudit.mailbox.life import life_of
from mailaudit.mailbox.show import show
from mailaudit.officedays import today
from mailaudit.record.sole import OtherSweepError, only_one_sweep
from mailaudit.store import StoreError
from mailaudit.sweep import here as places
from mailaudit.sweep.here import COULD_NOT, Here
from mailaudit.sweep.letters import Letters
from mailaudit.sweep.options import AsJson, UnitName
from mailaudit.sweep.scope import EVERYBODY
from mailaudit.sweep.servers import office_of, servers_of
from mailaudit.working import working
from mailpolicy.address import normalise
from mailpolicy.clocks.record import Entry
from mailpolicy.directory import Mailbox
from mailpolicy.files.problems import BadFile

NO = 1
BEFORE = "mailaudit --home /var/lib/mailaudit mailbox"
AT = "canbo1@example.org --site /etc/postwarden/site.toml"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="One mailbox: its life, and what people say and do about it.",
)
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mailbox's address.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, or on what letter; it is recorded.")]


@app.callback()
def mailbox() -> None:
    """One mailbox: its life, and what people say and do about it."""


@app.command("show", epilog=f"Example: {BEFORE} show {AT}")
def show_command(
    ctx: typer.Context,
    address: Address,
    *,
    site: SiteFile,
    unit: UnitName = EVERYBODY,
    as_json: AsJson = False,
) -> None:
    """Show its whole life: uses with their log lines, record, letters, violations, and what comes next.

    Exit status: 0 shown, 1 nothing is known of it, 2 something could not be read.
    """
    here = places.by_site(ctx, site, unit)
    with _saying_why_not():
        box = _mailbox(here, address, unit)
        life = life_of(here, box.address, servers_of(here), today())
    if as_json:
        typer.echo(json.dumps(life_as_json(life), ensure_ascii=False, indent=2))
    else:
        show(life)
    if not life.is_known:
        raise typer.Exit(NO)


@app.command("confirm", epilog=f"Example: {BEFORE} confirm {AT} --reason 'công văn 12/VP'")
def confirm_command(
    ctx: typer.Context, address: Address, *, site: SiteFile, reason: Reason, unit: UnitName = EVERYBODY
) -> None:
    """Record that its agency says it is still needed. What was locked for lying idle is opened again.

    Exit status: 0 recorded, 1 refused, 2 it could not be done.
    """
    with _acts(ctx, site, address, unit) as acts:
        _tell(acts.confirm(reason))


@app.command("excuse", epilog=f"Example: {BEFORE} excuse {AT} --until 2027-03-31 --reason 'nghỉ thai sản'")
def excuse_command(
    ctx: typer.Context,
    address: Address,
    *,
    site: SiteFile,
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The last day of the absence.")
    ],
    reason: Reason,
    unit: UnitName = EVERYBODY,
) -> None:
    """Record an absence with its reason, until a day. Said again, the last one counts.

    Exit status: 0 recorded, 2 it could not be.
    """
    with _acts(ctx, site, address, unit) as acts:
        _tell(acts.excuse(until.date(), reason))


@app.command("unlock", epilog=f"Example: {BEFORE} unlock {AT} --request 'công văn 15/VP của Phòng A'")
def unlock_command(
    ctx: typer.Context,
    address: Address,
    *,
    site: SiteFile,
    request: Annotated[str, typer.Option(metavar="TEXT", help="The unit's request that it rests on.")],
    unit: UnitName = EVERYBODY,
) -> None:
    """Open a locked mailbox on its unit's request, which is recorded.

    Exit status: 0 opened, 1 it is not locked, or the article has it stay so yet, 2 it could not be done.
    """
    with _acts(ctx, site, address, unit) as acts:
        _tell(acts.unlock(request))


@app.command("serious", epilog=f"Example: {BEFORE} serious {AT} --reason 'biên bản 3/BB'")
def serious_command(
    ctx: typer.Context, address: Address, *, site: SiteFile, reason: Reason, unit: UnitName = EVERYBODY
) -> None:
    """Record that its violations are judged to be serious: where the article wants it, it is suspended next.

    Exit status: 0 recorded, 1 refused, 2 it could not be done.
    """
    with _acts(ctx, site, address, unit) as acts:
        _tell(acts.judge_serious(reason))


@app.command("revoke", epilog=f"Example: {BEFORE} revoke {AT} --reason 'mật khẩu bị lộ'")
def revoke_command(
    ctx: typer.Context, address: Address, *, site: SiteFile, reason: Reason, unit: UnitName = EVERYBODY
) -> None:
    """Close a mailbox at once, in an emergency.

    Exit status: 0 closed, 1 refused, 2 it could not be done.
    """
    with _acts(ctx, site, address, unit, waiting=False) as acts:
        _tell(acts.revoke(reason))


@app.command("restore", epilog=f"Example: {BEFORE} restore {AT} --reason 'công văn 20/VP'")
def restore_command(
    ctx: typer.Context,
    address: Address,
    *,
    site: SiteFile,
    reason: Reason,
    archive: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Its archive; default: the record's last one.")
    ] = None,
    unit: UnitName = EVERYBODY,
) -> None:
    """Bring a reclaimed mailbox's mail back from its archive, and open the mailbox. No mail comes twice.

    Exit status: 0 restored, 1 there is no archive, 2 it could not be done.
    """
    with _acts(ctx, site, address, unit) as acts:
        with working("restore"):
            messages, made = acts.restore(archive, reason)
        typer.echo("1 message brought back" if messages == 1 else f"{messages} messages brought back")
        _tell(made)


@contextmanager
def _acts(ctx: typer.Context, site: Path, address: str, unit: str, *, waiting: bool = True) -> Iterator[Acts]:
    """What can be done about a mailbox; a sweep that is at work is waited for, but in an emergency."""
    here = places.by_site(ctx, site, unit)
    with _saying_why_not():
        letters = Letters(office_of(here), here.listing)
        acts = Acts(here, _mailbox(here, address, unit), letters, servers_of(here))
        if not waiting:
            yield acts
            return
        with only_one_sweep(here.store):
            yield acts


def _mailbox(here: Here, address: str, unit: str) -> Mailbox:
    """The directory's mailbox; one that is no longer there may be seen to by who sees to all."""
    wanted = normalise(address)
    found = next((box for box in here.reach.judged() if box.address == wanted), None)
    if found is None and unit:
        raise NotNowError(f"no mailbox of {unit} or a unit below it")
    return found or Mailbox(wanted)


def _tell(made: Sequence[Entry]) -> None:
    for entry in made:
        until = f" until {entry.until}" if entry.until else ""
        typer.echo(f"{entry.mailbox}: {entry.event}{until}, recorded by {entry.by}")


@contextmanager
def _saying_why_not() -> Iterator[None]:
    try:
        yield
    except NotNowError as error:
        _end(f"refused: {error}", NO)
    except (BadFile, EnforcementError, OtherSweepError, StoreError, OSError) as error:
        _end(str(error), COULD_NOT)


def _end(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)
