# SPDX-License-Identifier: GPL-3.0-or-later
"""What the store keeps of parsed lines: how many there are, who used which mailbox, and when last."""

from collections.abc import Iterable
from typing import Any

import ibis

from mailaudit import mastersessions, officedays
from mailaudit.activity import LOGIN, SESSION_END
from mailaudit.logs.functions import Expression, engine_function
from mailaudit.logs.parse import NUMBERED, events
from mailaudit.store.rows import Seen
from mailaudit.usage.lines import BLANKS, mailbox_of

LOGINS = {
    *(("dovecot", "login"), ("dovecot", "login-as"), ("dovecot", "proxy-login")),
    ("postfix", "client-login"),
}
"""Kinds of lines, by producer, that are written after somebody has proved who he is."""
SESSION_ENDS = {("dovecot", "session-end")}
LOGIN_KINDS = {kind for _, kind in LOGINS}
END_KINDS = {kind for _, kind in SESSION_ENDS}


def _numbers(kinds: set[tuple[str, str]]) -> list[int]:
    return [number for number, (producer, kind) in NUMBERED.items() if (producer.name, kind.name) in kinds]


SESSION_KINDS = _numbers(LOGINS | SESSION_ENDS)
"""The numbers of the kinds of lines that tell of sessions."""
_microseconds = engine_function("epoch_us", ("timestamp",), "int64")


def counts(rows: Expression) -> Expression:
    """Return source, program, producer, kind, lines, first, last: how many parsed lines, and their times."""
    groups = rows.group_by("source", "program", "producer", "kind")
    return groups.aggregate(
        lines=rows.count(), first=_microseconds(rows.time.min()), last=_microseconds(rows.time.max())
    )


def logins_and_ends(rows: Expression) -> Expression:
    """Return the events that tell of sessions, from parsed lines."""
    return events(rows.filter(rows.kind.isin(SESSION_KINDS)), SESSION_KINDS)


def master_sessions(events: Expression) -> Expression:
    """Return the sessions that master users begin (mailaudit.mastersessions.OPEN), from events."""
    return mastersessions.begun(events, LOGIN_KINDS)


def ended_sessions(events: Expression, sessions: Expression) -> Expression:
    """Return `session` of those of a master user's sessions whose end is among events."""
    return mastersessions.ended(events, sessions, END_KINDS)


def uses_among(events: Expression, sessions: Expression) -> Expression:
    """Return each use of a mailbox by its owner, from events.

    What a master user does in another's place is none; `sessions` are his, those of these events included.
    """
    seen = events.filter(events.kind.isin(LOGIN_KINDS | END_KINDS), events.user.notnull())
    owners = mastersessions.without(seen.filter(~mastersessions.is_by_master(seen)), sessions)
    is_end = owners.kind.isin(END_KINDS)
    return owners.select(
        "source",
        "position",
        "time",
        "address",
        "session",
        mailbox=mailbox_of(owners.user),
        service=(owners.producer == "postfix").ifelse("submission", owners.service.replace("-login", "")),
        event=is_end.ifelse(SESSION_END, LOGIN),
    )


def last_seen(uses: Expression, lines: Expression) -> Expression:
    """Return rows for `seen`, in the store's order, each with its line."""
    latest_first = [uses[name].desc() for name in ("time", "source", "position")]
    one = ibis.window(group_by=["mailbox", "service", "event"], order_by=latest_first)
    last = uses.mutate(place=ibis.row_number().over(one))
    rows = last.filter(last.place == 0).join(lines, ["source", "position"])
    seen = rows.select(
        "mailbox",
        "service",
        "event",
        time=_microseconds(rows.time),
        address=rows.address,
        session=rows.session,
        source=rows.source,
        position=rows.position,
        line=rows.line,
    )
    return seen.order_by("mailbox", "service", "event")


def seen(rows: Iterable[tuple[Any, ...]]) -> list[Seen]:
    """Return what `last_seen` gives. Engines take a hundred times as long to take blanks off a line's end."""
    return [Seen._make((*row[:-1], row[-1].rstrip(BLANKS))) for row in rows]


def activity_days(uses: Expression) -> Expression:
    """Return rows as mailaudit.store.rows.ActivityDay, in the store's order."""
    days = uses.group_by(day=officedays.date_of(uses.time), mailbox=uses.mailbox, service=uses.service)
    counted = days.aggregate(logins=(uses.event == LOGIN).sum(), ends=(uses.event == SESSION_END).sum())
    return counted.mutate(day=counted.day.cast("string")).order_by("day", "mailbox", "service")
