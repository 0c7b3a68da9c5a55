# SPDX-License-Identifier: GPL-3.0-or-later
"""What came to some mailboxes and what they wrote, taken out of the facts without looking at other mail.

Logs hold no In-Reply-To: an answer is the first mail from the mailbox, or from somebody in charge of it, to
the address that wrote to it.
"""

from datetime import timedelta

import ibis

from mailaudit import officedays
from mailaudit.engine import Engine
from mailaudit.factsengine import NAMES, keep
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS
from mailaudit.usage import entries, totals
from mailaudit.usage.entries import ID
from mailaudit.usage.lines import MAILBOX, QUEUE_LINE, RELAYED, SIEVE, domain_of, mailbox_of, of_messages
from mailaudit.usage.period import Period

WITHIN = timedelta(days=7)
"""A later mail is held to be about something else."""
NOBODY = (
    r"^(no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletter)([-+=._@]|$)"
)
"""Senders that want no answer; nor does mail without an envelope sender."""
_KEY = [*ID, "message"]


def letters(engine: Engine, period: Period) -> Expression:
    """Return `mailbox`, `inside`, `time` and `answered` (null: never) of mail that came in a period.

    The engine has the facts, and as `names` whose mailboxes are meant, by the login names of those in charge.
    Mail that those in charge wrote is left out. `inside` is the sender's domain, to be looked at by others.
    """
    lines = keep(engine, "letter_lines", _lines(ibis.table(FACTS, name="facts"), _names()))
    ids = keep(engine, "letter_ids", entries.by_id(lines))
    parts = keep(engine, "letter_parts", entries.parted(lines, ids))
    messages = keep(engine, "letter_messages", entries.messages(ids, parts))
    deliveries = keep(engine, "letter_deliveries", entries.deliveries(lines, parts))
    came = keep(engine, "came", _came(messages, deliveries, period))
    written = keep(engine, "written", _written(messages, deliveries, lines))
    return keep(engine, "letters", _answered(came, written))


def _names() -> Expression:
    return ibis.table(NAMES, name="names")


def _lines(events: Expression, names: Expression) -> Expression:
    """The queue's lines about messages that reached one of the mailboxes, or that one of them sent."""
    events = events.mutate(host=events.host.coalesce(""))
    reached = events.filter(events.kind == "delivery", events.status == "sent")
    reached = reached.filter(mailbox_of(reached.recipient).isin(names.mailbox))
    sent = events.filter(events.kind == "client-login")
    sent = sent.filter(mailbox_of(sent.user).isin(names.name))
    local = events.filter(events.kind == "pickup")
    local = local.filter(mailbox_of(local.sender).isin(names.name))
    aside = of_messages(events.filter(events.kind.isin((RELAYED, SIEVE))))
    aside = aside.filter((aside.kind == SIEVE) | mailbox_of(aside.user).isin(names.name)).select(*QUEUE_LINE)
    relayed = aside.filter(aside.kind == RELAYED)
    ids = ibis.union(*(rows.select(*ID) for rows in (reached, sent, local, relayed)), distinct=True)
    of_ids = of_messages(events.filter(events.queue_id.notnull()).semi_join(ids, ID))
    return of_ids.select(*QUEUE_LINE).union(aside)


def _came(messages: Expression, deliveries: Expression, period: Period) -> Expression:
    """What came to the mailboxes in the period, from somebody who may want an answer."""
    boxes = deliveries.filter(deliveries.reached == MAILBOX)
    boxes = boxes.filter(officedays.within(boxes.time, period.first, period.last))
    boxes = boxes.join(messages.select(*_KEY, writer=messages.sender.lower()), _KEY)
    rows = boxes.select(mailbox=mailbox_of(boxes.recipient), writer="writer", time="time")
    rows = rows.filter(rows.mailbox.isin(_names().mailbox), rows.writer != "", ~rows.writer.re_search(NOBODY))
    own = _names().select("mailbox", writer="name")
    return rows.anti_join(own, ["mailbox", "writer"]).mutate(number=ibis.row_number())


def _written(messages: Expression, deliveries: Expression, lines: Expression) -> Expression:
    """What those in charge of the mailboxes sent, and to whom."""
    sent = totals.sent(messages, lines).select(*_KEY, name="mailbox", at="queued")
    rows = deliveries.join(sent, _KEY).join(_names(), "name")
    to = rows.orig_recipient.coalesce(rows.recipient).lower()
    return rows.select("mailbox", writer=to, at="at").distinct()


def _answered(came: Expression, written: Expression) -> Expression:
    latest = ibis.interval(seconds=int(WITHIN.total_seconds()))
    pairs = came.join(written, ["mailbox", "writer"])
    pairs = pairs.filter(pairs["at"] >= pairs.time, pairs["at"] <= pairs.time + latest)
    first = pairs.group_by("number").aggregate(answered=pairs["at"].min())
    rows = came.left_join(first, "number")
    return rows.select("mailbox", "time", "answered", domain=domain_of(rows.writer))
