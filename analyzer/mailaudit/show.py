# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read of the analyzer: tables on a terminal, lines of aligned columns anywhere else."""

from collections.abc import Iterable, Mapping

import typer

from mailaudit.activity import LOGIN, Activity
from mailaudit.outcome import Outcome
from mailaudit.store import local_time
from mailaudit.store.rows import UNPARSED, Source
from mailaudit.summary import Lines, Summary
from mailaudit.table import Row, show_table


def show_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Print a line for each log, and what could not be read on standard error."""
    for outcome in outcomes:
        if outcome.error is not None:
            typer.echo(outcome.error, err=True)
        else:
            counted = [f"{outcome.lines:,} new line{'s' * (outcome.lines > 1)}"] if outcome.lines else []
            unparsed = [f"{outcome.unparsed:,} not parsed"] if outcome.unparsed else []
            copies = [f"{outcome.copies:,} that another log has brought before"] if outcome.copies else []
            typer.echo(f"{outcome.path}: {'; '.join([*counted, *unparsed, *copies, *outcome.notes])}")


def show_logins(activity: Mapping[str, Activity]) -> None:
    """Print each mailbox's last login and where it stands."""
    rows = [
        (
            mailbox,
            one.time.isoformat(sep=" ", timespec="seconds"),
            one.service if one.event == LOGIN else f"{one.service} (end of a session)",
            one.address or "",
            f"{one.evidence.file}:{one.evidence.position}",
        )
        for mailbox, one in sorted(activity.items())
    ]
    show_table("", ("mailbox", "last login", "service", "address", "evidence (file:byte)"), rows)


def show_summary(found: Summary) -> None:
    """Print what was read, by program and kind, by program what was not parsed, and by log."""
    events = [
        (*event, f"{count:,}") for event, count in sorted(found.events.items()) if event.kind != UNPARSED
    ]
    show_table("Parsed lines", ("program", "table", "kind", "lines"), events)
    if unparsed := [(each.program, f"{each.unparsed:,}", f"{each.share:.1%}") for each in found.unparsed()]:
        show_table("Lines of a kind that is not known", ("program", "lines", "of all its lines"), unparsed)
    header = ("log", "lines", "parsed", "unparsed", "first", "last")
    show_table("Logs", header, [_log(source, found.by_source[source.id]) for source in found.sources])
    lines = found.lines
    typer.echo(f"{lines.total:,} lines = {lines.parsed:,} parsed + {lines.unparsed:,} unparsed", nl=False)
    typer.echo(f", of which {lines.unreadable:,} are no log lines" if lines.unreadable else "")


def _log(source: Source, lines: Lines) -> Row:
    span = (source.first_time, source.last_time)
    times = ["" if time is None else local_time(time).isoformat(sep=" ", timespec="seconds") for time in span]
    return (source.path, f"{lines.total:,}", f"{lines.parsed:,}", f"{lines.unparsed:,}", *times)
