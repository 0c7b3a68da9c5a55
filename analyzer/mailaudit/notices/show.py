# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters for people and for programs to read: what became of each, and what a run of the sender did."""

from collections.abc import Iterable, Sequence
from typing import Any

import typer

from mailaudit.notices.outbox import Kept, State
from mailaudit.notices.sender import Report
from mailaudit.table import show_table
from mailpolicy.officetime import office_time

HEADER = ("state", "since", "about", "to", "as", "subject", "Message-ID", "reply")


def show_letters(letters: Sequence[Kept]) -> None:
    """Print a table of letters, and how many there are in each state."""
    if letters:
        show_table("", HEADER, [_row(one) for one in letters])
    counts = [f"{_count(letters, state)} {state}" for state in State if _count(letters, state)]
    typer.echo(f"{len(letters)} notices: {', '.join(counts)}" if counts else "no notices")


def show_report(report: Report) -> None:
    """Print what a run did and, on standard error, what needs somebody."""
    done = [f"{report.counts[state]} {_DONE[state]}" for state in _DONE if report.counts[state]]
    settled = [f"{report.settled} found to be sent, by the logs"] if report.settled else []
    typer.echo("; ".join([*done, *settled]) or "nothing was sent")
    for line in (report.error, _waiting(report.waiting)):
        if line:
            typer.echo(line, err=True)
    for one in (*report.failed, *report.unsure):
        typer.echo(_trouble(one), err=True)


def letters_as_json(letters: Iterable[Kept]) -> list[dict[str, Any]]:
    """Return letters for a program to read; times in the office's zone."""
    return [
        {
            "state": one.state,
            "since": office_time(one.changed_at).isoformat(),
            "queued": office_time(one.queued_at).isoformat(),
            "next_attempt": office_time(one.next_attempt).isoformat() if one.state is State.QUEUED else None,
            "attempts": one.attempts,
            "event": one.notice.event,
            "occasion": one.notice.occasion,
            "mailbox": one.notice.mailbox,
            "recipient": one.notice.recipient,
            "role": one.notice.role,
            "subject": one.notice.subject,
            "message_id": one.notice.message_id,
            "reply": one.said,
        }
        for one in letters
    ]


def report_as_json(report: Report) -> dict[str, Any]:
    """Return what a run did for a program to read."""
    return {
        **{_DONE[state].replace(" ", "_"): report.counts[state] for state in _DONE},
        "settled_by_logs": report.settled,
        "waiting": report.waiting,
        "failed_now": letters_as_json(report.failed),
        "unsure_now": letters_as_json(report.unsure),
        "error": report.error or None,
    }


def _row(one: Kept) -> tuple[str, ...]:
    notice = one.notice
    since = office_time(one.changed_at).isoformat(sep=" ", timespec="seconds")
    said = (notice.role, notice.subject, notice.message_id, one.said)
    return (one.state, since, notice.mailbox, notice.recipient, *said)


def _count(letters: Iterable[Kept], state: State) -> int:
    return sum(one.state is state for one in letters)


def _waiting(count: int) -> str:
    return f"{count} wait to be sent; `mailaudit notices list` tells why" if count else ""


def _trouble(one: Kept) -> str:
    notice = one.notice
    about = f"{notice.occasion} {notice.mailbox} to {notice.recipient}"
    if one.state is State.FAILED:
        advice = "mend that, then `mailaudit notices again"
    else:
        advice = "look for it in the mail server's log; if it was not taken, `mailaudit notices again"
    return f"{one.state}: {about}: {one.said}; {advice} '{notice.message_id}'`"


_DONE = {State.SENT: "sent", State.QUEUED: "put off", State.FAILED: "refused", State.UNSURE: "unsure"}
