# SPDX-License-Identifier: GPL-3.0-or-later
"""Who used which mailbox: the parsed lines that count as activity, and what the store keeps of them."""

import ibis

from mailaudit.activity import DETAIL, LOGIN, SESSION_END
from mailaudit.logs.kinds import Expression, engine_function
from mailaudit.logs.parse import NUMBERED, events

LOGINS = {("dovecot", "login"), ("dovecot", "proxy-login"), ("postfix", "client-login")}
"""Kinds of lines, by producer, that are written after somebody has proved who he is."""
SESSION_ENDS = {("dovecot", "session-end")}
MASTER = "*"
"""Stands in a login name before the master user who came in another's place (auth_master_user_separator)."""


_microseconds = engine_function("epoch_us", ("timestamp",), "int64")


def used(kinds: set[int]) -> set[int]:
    """Return those numbers of kinds whose lines count as activity."""
    return {
        n
        for n in kinds
        if n in NUMBERED and (NUMBERED[n][0].name, NUMBERED[n][1].name) in LOGINS | SESSION_ENDS
    }


def uses(rows: Expression, kinds: set[int]) -> Expression:
    """Return each use of a mailbox by its owner, from parsed lines of these kinds."""
    seen = events(rows, kinds)
    seen = seen.filter(seen.user.notnull(), ~seen.user.contains(MASTER))
    return seen.select(
        "source",
        "position",
        "time",
        "address",
        "session",
        mailbox=seen.user.strip().lower().re_replace(DETAIL, r"\1"),
        service=(seen.producer == "postfix").ifelse("submission", seen.service.re_replace("-login$", "")),
        event=seen.kind.isin([kind for _, kind in SESSION_ENDS]).ifelse(SESSION_END, LOGIN),
    )


def last_seen(uses_: Expression, lines: Expression) -> Expression:
    """Return rows as mailaudit.store.rows.Seen: the last use of each mailbox, service and event, with its line."""
    when = ibis.struct({name: uses_[name] for name in ("time", "source", "position", "address", "session")})
    last = (
        uses_.mutate(when=when).group_by("mailbox", "service", "event").aggregate(last=lambda t: t.when.max())
    )
    last = last.select("mailbox", "service", "event", **{name: last["last"][name] for name in when.names})
    joined = last.join(lines, ["source", "position"])
    return joined.select(
        "mailbox",
        "service",
        "event",
        time=_microseconds(joined.time),
        address=joined.address,
        session=joined.session,
        source=joined.source,
        position=joined.position,
        line=joined.line.rstrip(),
    )


def activity_days(uses_: Expression) -> Expression:
    """Return rows as mailaudit.store.rows.ActivityDay, in the store's order."""
    days = uses_.group_by(day=uses_.time.strftime("%Y-%m-%d"), mailbox=uses_.mailbox, service=uses_.service)
    counted = days.aggregate(logins=(uses_.event == LOGIN).sum(), ends=(uses_.event == SESSION_END).sum())
    return counted.order_by("day", "mailbox", "service")


def counts(rows: Expression) -> Expression:
    """Return how many parsed lines there are by source, program, producer and kind, and their first and last time."""
    groups = rows.group_by("source", "program", "producer", "kind")
    return groups.aggregate(
        lines=rows.count(), first=_microseconds(rows.time.min()), last=_microseconds(rows.time.max())
    )
