# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages add to the totals of mailboxes and of hours.

Sent is what entered the queue after a login, or from a program of the host (pickup) that is no Sieve script.
Received is what was delivered to a mailbox, by the address it was delivered to. A hop through a filter is
neither.
"""

import ibis

from mailaudit.logs.functions import Expression
from mailaudit.usage.entries import ID
from mailaudit.usage.lines import MAILBOX, SIEVE, domain_of, mailbox_of

AMOUNTS = ("sent", "sent_bytes", "recipients", "received", "received_bytes")
"""What is added up. `recipients` are those that sent messages reached, as their writers wrote them."""


def flows(messages: Expression, deliveries: Expression, lines: Expression) -> Expression:
    """Return `time`, `mailbox`, the other side's `domain` if any, and AMOUNTS, all yet to be added up."""
    key = [*ID, "message"]
    by_owner = sent(messages, lines)
    reached = deliveries.join(by_owner.select(*key, "mailbox", "queued"), key)
    written = reached.orig_recipient.coalesce(reached.recipient).lower()
    reached = reached.select(*key, "mailbox", time="queued", written=written).distinct()
    received = deliveries.filter(deliveries.reached == MAILBOX)
    received = received.join(messages.select(*key, from_="sender", bytes_="size"), key)
    return ibis.union(
        by_owner.select(**_flow(by_owner.queued, by_owner.mailbox, None, sent=1, sent_bytes=by_owner.size)),
        reached.select(**_flow(reached.time, reached.mailbox, domain_of(reached.written), recipients=1)),
        received.select(
            **_flow(
                received.time,
                mailbox_of(received.recipient),
                domain_of(received.from_.lower()),
                received=1,
                received_bytes=received.bytes_,
            )
        ),
    )


def sent(messages: Expression, lines: Expression) -> Expression:
    """Return messages that a mailbox sent, with that `mailbox`."""
    sieved = lines.filter(lines.kind == SIEVE).select("message_id").distinct()
    queued = messages.filter(messages.queued.notnull())
    by_login = queued.filter(queued.login.notnull())
    by_program = queued.filter(queued.login.isnull(), queued.local.notnull(), queued.sender.notnull())
    by_program = by_program.anti_join(sieved, "message_id")
    return by_login.mutate(mailbox=mailbox_of(by_login.login)).union(
        by_program.mutate(mailbox=mailbox_of(by_program.sender))
    )


def _flow(
    time: Expression, mailbox: Expression, domain: Expression | None, **amounts: Expression | int
) -> dict[str, Expression]:
    values = {
        name: ibis.literal(amount, "int64") if isinstance(amount, int) else amount.fill_null(0)
        for name, amount in amounts.items()
    }
    nothing = ibis.literal(0, "int64")
    other = ibis.null("string") if domain is None else domain
    return {"time": time, "mailbox": mailbox, "domain": other} | {
        name: values.get(name, nothing) for name in AMOUNTS
    }
