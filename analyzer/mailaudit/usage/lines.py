# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that tell of a message in Postfix's queue, taken out of events and made alike.

A line about one queue identifier that says something of another one is added to the other one's lines too:
a filter that hands a message back, a forward, and a message that Dovecot's submission service relayed.
"""

import ibis

from mailaudit.activity import DETAIL
from mailaudit.logs.functions import Expression, engine_function

QUEUE_LINE = {
    "host": "string",
    "queue_id": "string",
    "time": "timestamp",
    "source": "int32",
    "position": "int64",
    "kind": "string",
    "user": "string",
    "address": "string",
    "sender": "string",
    "size": "int64",
    "recipient": "string",
    "orig_recipient": "string",
    "message_id": "string",
    "reached": "string",
}
"""The columns of such lines. `host` is empty where the log names none."""
BEGINS = ("client", "client-login", "pickup")
"""Kinds that a new message begins with; one that Postfix makes itself begins with its message-id."""
MAILBOX, OUTSIDE, HOP, FORWARDED = "mailbox", "outside", "hop", "forwarded"
"""What a delivery reached (the column `reached`): a mailbox here, another host, or this queue again."""
FROM_HOP, RELAYED, SIEVE = "from-hop", "relayed", "sieve-forwarded"
"""Kinds of added lines: what was before a hop, and who submitted through Dovecot; and Sieve's own kind."""
_LOCAL_AGENTS = ("lmtp", "local", "virtual", "pipe")
_QUEUED_AS, _FORWARDED_AS = "queued as ", "forwarded as "
_OF_MESSAGES = (*BEGINS, "message-id", "queued", "removed")

microseconds = engine_function("epoch_us", ("timestamp",), "int64")
_split_part = engine_function("split_part", ("string", "string", "int64"), "string")


def mailbox_of(address: Expression) -> Expression:
    """Return an address as mailboxes are counted: in lower case, without the +detail of its local part."""
    address = address.strip().lower()
    return address.contains("+").ifelse(address.re_replace(DETAIL, r"\1"), address)


def domain_of(address: Expression) -> Expression:
    """Return what stands after the last @, empty if there is none."""
    return address.contains("@").ifelse(_split_part(address, "@", -1), "")


def queue_lines(events: Expression) -> Expression:
    """Return the lines (the columns QUEUE_LINE) that events (the columns FACTS) hold."""
    postfix = events.filter(events.producer == "postfix", events.queue_id.notnull())
    deliveries = _deliveries(postfix)
    return ibis.union(
        _shaped(_of_messages(postfix)),
        _shaped(deliveries.drop("next_id")),
        _shaped(_after_hops(deliveries)),
        _shaped(_relayed(events)),
        _shaped(_by_sieve(events)),
    )


def _of_messages(rows: Expression) -> Expression:
    rows = rows.filter(rows.kind.isin(_OF_MESSAGES))
    requeued = (rows.kind == "pickup") & rows.related_queue_id.notnull()
    return rows.mutate(kind=requeued.ifelse("client", rows.kind))


def _deliveries(rows: Expression) -> Expression:
    """Deliveries with what they reached, and the identifier that the message went on under."""
    rows = rows.filter(rows.kind == "delivery", rows.status == "sent")
    back, forwarded = _goes_back(rows), _goes_to_forward(rows)
    agent = _split_part(rows.program, "/", -1)
    reached = ibis.cases(
        (back, HOP), (forwarded, FORWARDED), (agent.isin(_LOCAL_AGENTS), MAILBOX), else_=OUTSIDE
    )
    return rows.mutate(reached=reached, next_id=next_id(rows))


def next_id(rows: Expression) -> Expression:
    """Return the identifier that a message went on under, as the line of its delivery to this host says."""
    return ibis.cases(
        (_goes_back(rows), _first_word(_split_part(rows.reply, _QUEUED_AS, 2))),
        (_goes_to_forward(rows), _first_word(_split_part(rows.reply, _FORWARDED_AS, 2))),
    )


def _goes_back(rows: Expression) -> Expression:
    """Whether a filter took the message and says under which identifier it came back."""
    agent = _split_part(rows.program, "/", -1)
    here = rows.relay.contains("[127.") | rows.relay.contains("[::1]") | (agent == "lmtp")
    return here & rows.reply.contains(_QUEUED_AS)


def _goes_to_forward(rows: Expression) -> Expression:
    return (_split_part(rows.program, "/", -1) == "local") & rows.reply.startswith(_FORWARDED_AS)


def _first_word(text: Expression) -> Expression:
    return _split_part(text, " ", 1)


def _after_hops(deliveries: Expression) -> Expression:
    """What is known of a message before a hop, as a line of the message after it."""
    rows = deliveries.filter(deliveries.next_id.notnull())
    named = rows.orig_recipient.notnull() | (rows.reached == FORWARDED)
    before = rows.orig_recipient.coalesce(rows.recipient)
    return rows.filter(named).mutate(
        queue_id=rows.next_id, kind=ibis.literal(FROM_HOP), orig_recipient=before
    )


def _relayed(events: Expression) -> Expression:
    rows = events.filter(events.kind == RELAYED, events.reply.contains(_QUEUED_AS))
    return rows.mutate(queue_id=_first_word(_split_part(rows.reply, _QUEUED_AS, 2)))


def _by_sieve(events: Expression) -> Expression:
    rows = events.filter(events.kind == SIEVE, events.user.notnull())
    return rows.mutate(queue_id=ibis.literal(""), recipient=rows.target)


def _shaped(rows: Expression) -> Expression:
    """Return rows with the columns QUEUE_LINE, those that a kind does not use left null."""
    rows = rows.mutate(host=rows.host.coalesce(""))
    there = set(rows.columns)
    return rows.select(
        **{name: rows[name] if name in there else ibis.null(kind) for name, kind in QUEUE_LINE.items()}
    )
