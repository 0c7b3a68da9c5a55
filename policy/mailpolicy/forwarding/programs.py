# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwards by programs of a trusted network, sent without a login: Sieve, Exchange, Zimbra, procmail."""

from mailpolicy.address import same_mailbox
from mailpolicy.context import Context
from mailpolicy.forwarding import lookalikes, marks, senders
from mailpolicy.forwarding.mailbox import official
from mailpolicy.forwarding.route import WayIn
from mailpolicy.forwarding.seen import Seen
from mailpolicy.message import Message
from mailpolicy.verdict import Certainty


def look(message: Message, public: tuple[str, ...], way: WayIn, context: Context) -> Seen | None:
    """Find the mailbox that forwards to these public recipients. The surest evidence is asked first."""
    if owner := marks.sieve_owner(message.headers, way, context):
        return Seen(owner, marks.SIEVE)
    return (
        _named(message, public, way, context)
        or _by_sender(message, public, context)
        or _unmarked(message, way, context)
        or _sign(message, public, way, context)
    )


def _named(message: Message, public: tuple[str, ...], way: WayIn, context: Context) -> Seen | None:
    """A mark's mailbox, if the mail came in for it or it is the sender, or if nothing of that shows.

    A stranger may have written the mark: it must not send somebody's mail into another mailbox.
    """
    headers = message.headers
    if lookalikes.answer(headers):
        return None  # Exchange's and Zimbra's automatic replies are marked too
    unconfirmed = not way.mailboxes and not lookalikes.is_list_post(headers, context)
    known = (*way.mailboxes, message.envelope.sender)
    for owner, where in marks.named(headers, public, context):
        if unconfirmed or any(same_mailbox(owner, one) for one in known):
            return Seen(owner, where)
    return None


def _by_sender(message: Message, public: tuple[str, ...], context: Context) -> Seen | None:
    owner = official(senders.gmail_forwarder(message.envelope.sender, public), context)
    return Seen(owner, "MAIL FROM") if owner else None


def _unmarked(message: Message, way: WayIn, context: Context) -> Seen | None:
    """A forward by a program that says nothing of it, as procmail and a pipe into sendmail.

    Mail that was delivered to a mailbox and leaves again is forwarded, whoever wrote it. If only its way in
    shows, it must be an outsider's: what our own people and programs write (RFC 3834) has a way in too.
    """
    headers = message.headers
    if way.delivered:
        no_forward = lookalikes.is_list(way.delivered, headers, context)
        return None if no_forward else Seen(way.delivered, "Delivered-To")
    if not way.came_for or headers.automatic or lookalikes.is_list_post(headers, context):
        return None
    sender, owner = message.envelope.sender, way.came_for[0]
    written_here = lookalikes.is_ours(sender, context) and not senders.is_rewritten(sender)
    no_forward = written_here or lookalikes.is_list(owner, headers, context)
    return None if no_forward else Seen(owner, "Received")


def _sign(message: Message, public: tuple[str, ...], way: WayIn, context: Context) -> Seen | None:
    """What people should look at: a notice of new mail, or a forward that does not say whose."""
    headers, sender = message.headers, message.envelope.sender
    if answer := lookalikes.answer(headers):
        owner = lookalikes.notified_mailbox(headers, way, context) if answer == "auto-notified" else ""
        return Seen(owner, "Auto-Submitted", Certainty.SIGN, "notice of new mail") if owner else None
    if lookalikes.is_list_post(headers, context):
        return None
    where = marks.nameless(headers, public)
    came_in = senders.is_rewritten(sender) and lookalikes.is_ours(sender, context) and "Received" in headers
    return Seen("", where or "MAIL FROM", Certainty.SIGN) if where or came_in else None
