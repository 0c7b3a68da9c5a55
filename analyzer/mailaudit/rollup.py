# SPDX-License-Identifier: GPL-3.0-or-later
"""What the store keeps of parsed lines: how many there are, who used which mailbox, and when last."""

import ibis

from mailaudit import officedays
from mailaudit.activity import DETAIL, LOGIN, SESSION_END
from mailaudit.logs.functions import Expression, engine_function
from mailaudit.logs.parse import NUMBERED, events

LOGINS = {
    *(("dovecot", "login"), ("dovecot", "login-as"), ("dovecot", "proxy-login")),
    ("postfix", "client-login"),
}
"""Kinds of lines, by producer, that are written after somebody has proved who he is."""
SESSION_ENDS = {("dovecot", "session-end")}
MASTER = "*"
"""Stands in a login name before the master user (auth_master_user_separator)."""


def _numbers(kinds: set[tuple[str, str]]) -> list[int]:
    return [number for number, (producer, kind) in NUMBERED.items() if (producer.name, kind.name) in kinds]


_microseconds = engine_function("epoch_us", ("timestamp",), "int64")


def counts(rows: Expression) -> Expression:
    """Return source, program, producer, kind, lines, first, last: how many parsed lines, and their times."""
    groups = rows.group_by("source", "program", "producer", "kind")
    return groups.aggregate(
        lines=rows.count(), first=_microseconds(rows.time.min()), last=_microseconds(rows.time.max())
    )


def uses(rows: Expression) -> Expression:
    """Return each use of a mailbox by its owner, from parsed lines."""
    numbers = _numbers(LOGINS | SESSION_ENDS)
    return uses_among(events(rows.filter(rows.kind.isin(numbers)), numbers))


def uses_among(events: Expression) -> Expression:
    """Return each use of a mailbox by its owner, from events.

    What a master user does in another's place is none, nor is the end of his session.
    """
    kinds = {kind for _, kind in LOGINS | SESSION_ENDS}
    seen = events.filter(events.kind.isin(kinds), events.user.notnull())
    by_master = seen.user.contains(MASTER) | _is_another(seen.auth_user.lower(), seen.user.lower())
    seen = seen.mutate(by_master=by_master)
    sessions = seen.filter(seen.by_master, seen.session.notnull()).select("session")
    owners = seen.filter(~seen.by_master).anti_join(sessions, "session")
    is_end = owners.kind.isin([kind for _, kind in SESSION_ENDS])
    return owners.select(
        "source",
        "position",
        "time",
        "address",
        "session",
        mailbox=owners.user.strip().lower().re_replace(DETAIL, r"\1"),
        service=(owners.producer == "postfix").ifelse("submission", owners.service.re_replace("-login$", "")),
        event=is_end.ifelse(SESSION_END, LOGIN),
    )


def _is_another(auth_user: Expression, user: Expression) -> Expression:
    """Whether who proved himself is named and is not the user, with his domain or without."""
    same = (auth_user == user) | user.startswith(auth_user + "@") | auth_user.startswith(user + "@")
    return ibis.cases((auth_user.notnull(), ~same), else_=False)


def last_seen(uses: Expression, lines: Expression) -> Expression:
    """Return rows as mailaudit.store.rows.Seen, in the store's order, each with its line."""
    when = ibis.struct({name: uses[name] for name in ("time", "source", "position")})
    uses = uses.mutate(when=when)
    last = uses.group_by("mailbox", "service", "event").aggregate(last=uses.when.max())
    last = last.select(source=last["last"].source, position=last["last"].position)
    rows = uses.join(last, ["source", "position"]).join(lines, ["source", "position"])
    seen = rows.select(
        "mailbox",
        "service",
        "event",
        time=_microseconds(rows.time),
        address=rows.address,
        session=rows.session,
        source=rows.source,
        position=rows.position,
        line=rows.line.rstrip(),
    )
    return seen.order_by("mailbox", "service", "event")


def activity_days(uses: Expression) -> Expression:
    """Return rows as mailaudit.store.rows.ActivityDay, in the store's order."""
    days = uses.group_by(day=officedays.day(uses.time), mailbox=uses.mailbox, service=uses.service)
    counted = days.aggregate(logins=(uses.event == LOGIN).sum(), ends=(uses.event == SESSION_END).sum())
    return counted.order_by("day", "mailbox", "service")
