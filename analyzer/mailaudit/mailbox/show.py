# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox's life for people."""

from collections.abc import Iterator

import typer

from mailaudit.mailbox.life import MailboxLife
from mailaudit.sweep.plan import in_short
from mailaudit.table import Row, show_table
from mailpolicy.clocks.record import Entry
from mailpolicy.officetime import office_time
from mailpolicy.printable import printable


def show(life: MailboxLife) -> None:
    """Print it: where it stands first, then what comes next, then what was."""
    typer.echo("\n".join(map(printable, (*_directory(life), *_standing(life)))))
    _table("what comes next", ("step", "duty", "article", "why", "next"), _steps(life))
    _table("uses, the last of each service", ("when", "service", "what", "evidence"), _uses(life))
    _table("record", ("when", "event", "article", "by", "until", "reason"), map(_entry, life.entries))
    _table("letters", ("queued", "about", "to", "subject", "state"), _letters(life))
    _table("violations", ("first seen", "duty", "article", "what", "to", "evidence"), _violations(life))


def _table(title: str, header: Row, rows: Iterator[Row]) -> None:
    found = list(rows)
    if found:
        typer.echo("")
        show_table(title, header, found)
    else:
        typer.echo(f"\n{title}: none")


def _directory(life: MailboxLife) -> Iterator[str]:
    box = life.listed
    yield life.address
    if box is None:
        yield "directory: not there"
        return
    days = {
        "created": box.created, "excused until": box.excused_until, "suspended on": box.suspended_on,
        "confirmed on": box.confirmed_on, "password changed": box.password_changed, "left on": box.left_on,
    }  # fmt: skip
    said = [f"{name} {day}" for name, day in days.items() if day]
    unit = f" of {box.unit}" if box.unit else ""
    yield f"directory: {box.kind}{unit}, {', '.join([str(box.status), *said])}"


def _standing(life: MailboxLife) -> Iterator[str]:
    stands = life.standing
    if stands.reclaimed_on:
        yield f"stands: reclaimed on {stands.reclaimed_on}"
    elif stands.lock:
        yield f"stands: locked since {stands.lock.day} ({stands.lock.code})"
    else:
        yield "stands: open"
    if stands.excused_until:
        over = "; that is over" if stands.excused_until < life.today else ""
        yield f"excused until {stands.excused_until}{over}"
    if stands.confirmed_on:
        yield f"confirmed on {stands.confirmed_on}"
    words = {True: "closed", False: "open", None: f"not known: {life.server}"}
    yield f"server: {words[life.closed]}"


def _steps(life: MailboxLife) -> Iterator[Row]:
    for step in life.steps:
        yield (step.kind, step.code, step.article, step.reason, step.next)


def _uses(life: MailboxLife) -> Iterator[Row]:
    for use in life.uses:
        yield (f"{office_time(use.time):%Y-%m-%d %H:%M}", use.service, use.event, in_short(use))


def _entry(entry: Entry) -> Row:
    until = str(entry.until or entry.warned_of or "")
    when = f"{office_time(entry.time):%Y-%m-%d %H:%M}"
    archive = f"; archive: {entry.archive}" if entry.archive else ""
    return (when, entry.event, entry.article, entry.by, until, entry.reason + archive)


def _letters(life: MailboxLife) -> Iterator[Row]:
    for one in life.letters:
        when = f"{office_time(one.queued_at):%Y-%m-%d %H:%M}"
        yield (when, one.notice.occasion, one.notice.recipient, one.notice.subject, one.state)


def _violations(life: MailboxLife) -> Iterator[Row]:
    for one in life.violations:
        when = f"{office_time(one.time):%Y-%m-%d %H:%M}"
        yield (when, one.code, one.article, one.what, one.target, f"{one.file}:{one.position}")
