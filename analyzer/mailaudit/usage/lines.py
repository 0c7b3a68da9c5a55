# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that tell of a message in Postfix's queue, taken out of events and made alike.

A line about one queue identifier that says something of another one is added to the other one's lines too:
a filter that hands a message back, a forward, and a message that Dovecot's submission service relayed.
"""

from functools import reduce
from operator import or_

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
LOCAL_AGENTS = ("lmtp", "local", "virtual", "pipe")
QUEUED_AS, FORWARDED_AS = "queued as ", "forwarded as "
_OF_MESSAGES = (*BEGINS, "message-id", "queued", "delivery", "removed")

BLANKS = " \t\n\r\v\f"

microseconds = engine_function("epoch_us", ("timestamp",), "int64")
_split_part = engine_function("split_part", ("string", "string", "int64"), "string")


def mailbox_of(address: Expression) -> Expression:
    """Return an address as mailboxes are counted: in lower case, without the +detail of its local part."""
    address = _stripped(address).lower()
    return address.contains("+").ifelse(address.re_replace(DETAIL, r"\1"), address)


def _stripped(text: Expression) -> Expression:
    """Hardly any has a blank, and to look for one takes a fifth of the time of taking all off."""
    has_blanks = reduce(or_, (text.contains(blank) for blank in BLANKS))
    return has_blanks.ifelse(text.strip(), text)


def domain_of(address: Expression) -> Expression:
    """Return what stands after the last @, empty if there is none."""
    return address.contains("@").ifelse(_split_part(address, "@", -1), "")


def of_messages(events: Expression) -> Expression:
    """Return the lines that events (the columns FACTS) hold: the columns QUEUE_LINE and `next_id`."""
    is_queued = (events.producer == "postfix") & events.queue_id.notnull() & events.kind.isin(_OF_MESSAGES)
    is_sent = (events.kind != "delivery") | (events.status == "sent")
    is_sieve = (events.kind == SIEVE) & events.user.notnull()
    is_relayed = (events.kind == RELAYED) & events.reply.contains(QUEUED_AS)
    rows = events.filter((is_queued & is_sent) | is_sieve | is_relayed)
    requeued = (rows.kind == "pickup") & rows.related_queue_id.notnull()
    relayed_as = _first_word(_split_part(rows.reply, QUEUED_AS, 2))
    changed = {
        "host": rows.host.coalesce(""),
        "queue_id": ibis.cases(
            (rows.kind == SIEVE, ""), (rows.kind == RELAYED, relayed_as), else_=rows.queue_id
        ),
        "kind": requeued.ifelse("client", rows.kind),
        "recipient": (rows.kind == SIEVE).ifelse(rows.target, rows.recipient),
        "reached": (rows.kind == "delivery").ifelse(_reached(rows), ibis.null("string")),
    }
    kept = {name: changed[name] if name in changed else rows[name] for name in QUEUE_LINE}
    return rows.select(**kept, next_id=(rows.kind == "delivery").ifelse(next_id(rows), ibis.null("string")))


def after_hops(lines: Expression) -> Expression:
    """Return what is known of messages before a hop (`of_messages`), as lines of the messages after it."""
    rows = lines.filter(lines.next_id.notnull())
    rows = rows.filter(rows.orig_recipient.notnull() | (rows.reached == FORWARDED))
    before = rows.orig_recipient.coalesce(rows.recipient)
    rows = rows.mutate(queue_id=rows.next_id, kind=ibis.literal(FROM_HOP), orig_recipient=before)
    return rows.select(*QUEUE_LINE)


def _reached(rows: Expression) -> Expression:
    agent = _split_part(rows.program, "/", -1)
    here = agent.isin(LOCAL_AGENTS)
    return ibis.cases(
        (_goes_back(rows), HOP), (_goes_to_forward(rows), FORWARDED), (here, MAILBOX), else_=OUTSIDE
    )


def next_id(rows: Expression) -> Expression:
    """Return the identifier that a message went on under, as the line of its delivery to this host says."""
    return ibis.cases(
        (_goes_back(rows), _first_word(_split_part(rows.reply, QUEUED_AS, 2))),
        (_goes_to_forward(rows), _first_word(_split_part(rows.reply, FORWARDED_AS, 2))),
    )


def _goes_back(rows: Expression) -> Expression:
    """Whether a filter took the message and says under which identifier it came back."""
    agent = _split_part(rows.program, "/", -1)
    here = rows.relay.contains("[127.") | rows.relay.contains("[::1]") | (agent == "lmtp")
    return here & rows.reply.contains(QUEUED_AS)


def _goes_to_forward(rows: Expression) -> Expression:
    return (_split_part(rows.program, "/", -1) == "local") & rows.reply.startswith(FORWARDED_AS)


def _first_word(text: Expression) -> Expression:
    return _split_part(text, " ", 1)
