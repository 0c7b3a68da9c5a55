# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of a mailbox that went on by itself to another domain, as the logs show it.

Which domain is official and which a public mail provider's is asked later, of a site file. What somebody
writes to such an address by hand is no forward and leaves none of these marks.
"""

import ibis

from mailaudit import officedays
from mailaudit.logs.functions import Expression
from mailaudit.usage.entries import ID
from mailaudit.usage.lines import MAILBOX, OUTSIDE, domain_of, mailbox_of, microseconds
from mailaudit.violations.how import How

INSIDE = r"^(127\.|10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|::1$|f[cde])"
"""Addresses inside an office (RFC 1918, RFC 4193, link-local, loopback): its own hosts may send anywhere."""

KEY = [*ID, "message"]


def gone_on(messages: Expression, deliveries: Expression) -> Expression:
    """Return deliveries to other hosts that nobody may have addressed, of messages that are done with.

    They bear the address they were first for, or nobody logged in to send the message.
    """
    outside = deliveries.filter(deliveries.reached == OUTSIDE).drop("address", "message_id")
    said = messages.select(*KEY, "login", "local", "address", "message_id")
    rows = outside.mutate(to=outside.recipient.lower()).join(said, KEY)
    return rows.filter(rows.orig_recipient.notnull() | rows.login.isnull())


def forwards(outside: Expression, deliveries: Expression, hops: Expression, sieve: Expression) -> Expression:
    """Return rows as mailaudit.store.usage_rows.Forward, given what has `gone_on`."""
    found = _by_alias(outside, hops).union(_by_copy(outside, deliveries))
    found = found.filter(domain_of(found.mailbox) != "", domain_of(found.mailbox) != domain_of(found.to))
    sieve = sieve.filter(sieve.now)
    return aggregated(found.union(_row(sieve, sieve.user, sieve.recipient.lower(), How.SIEVE)))


def undelivered(sieve: Expression) -> Expression:
    """Return such rows of what Sieve handed on and no log shows delivered."""
    return aggregated(_row(sieve, sieve.user, sieve.recipient.lower(), How.SIEVE, delivered=0))


def aggregated(found: Expression) -> Expression:
    """Return forwards by day, mailbox, address, way and outcome: how many, and where the first one stands."""
    names = ("time", "source", "position", "queue_id", "message_id")
    first = ibis.struct({name: found[name] for name in names})
    found = found.mutate(first=first, day=officedays.day(found.time))
    groups = found.group_by("day", "mailbox", "to", "how", "delivered")
    added = groups.aggregate(messages=found.count(), first=found["first"].min())
    return added.select(
        day=added.day,
        mailbox=added.mailbox,
        target=added.to,
        **{name: added[name] for name in ("how", "delivered", "messages")},
        time=microseconds(added["first"].time),
        **{name: added["first"][name] for name in names if name != "time"},
    )


def _by_alias(outside: Expression, hops: Expression) -> Expression:
    """What bears the address it was first for, or did so before a filter or a forward file had it."""
    hops = hops.mutate(to=hops.recipient.lower())
    before = hops.group_by(*KEY, "to").aggregate(before=hops.orig_recipient.max())
    files = (
        hops.filter(hops.to == hops.orig_recipient.lower()).select(*KEY, by_file=ibis.literal(1)).distinct()
    )
    rows = _joined(_joined(outside, before, [*KEY, "to"]), files, KEY)
    rows = rows.mutate(before=rows.orig_recipient.coalesce(rows.before))
    rows = rows.filter(rows.before.notnull())
    how = rows.by_file.notnull().ifelse(str(How.FORWARD_FILE), str(How.ALIAS))
    return _row(rows, rows.before, rows.to, how)


def _by_copy(outside: Expression, deliveries: Expression) -> Expression:
    """What strangers wrote to a mailbox and went elsewhere too: they could not have addressed that here."""
    rows = outside.filter(outside.orig_recipient.isnull(), outside.login.isnull(), outside.local.isnull())
    rows = rows.filter(rows.address.notnull(), ~rows.address.re_search(INSIDE))
    boxes = deliveries.filter(deliveries.reached == MAILBOX).select(*KEY, box="recipient").distinct()
    rows = rows.join(boxes, KEY)
    return _row(rows, rows.box, rows.to, How.COPY)


def _joined(rows: Expression, others: Expression, key: list[str]) -> Expression:
    return rows.left_join(others, key).drop(*(f"{name}_right" for name in key))


def _row(
    rows: Expression, mailbox: Expression, to: Expression, how: Expression | How, delivered: int = 1
) -> Expression:
    return rows.select(
        "time",
        "source",
        "position",
        "queue_id",
        "message_id",
        mailbox=mailbox_of(mailbox),
        to=to,
        how=ibis.literal(str(how)) if isinstance(how, How) else how,
        delivered=ibis.literal(delivered, "int16"),
    )
