# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwards by a mail program, or a server, that logs in as the mailbox's user: the login hears a refusal."""

from mailpolicy.address import normalise, same_mailbox
from mailpolicy.context import Context
from mailpolicy.forwarding import lookalikes, marks, senders
from mailpolicy.forwarding.route import WayIn
from mailpolicy.forwarding.seen import Seen
from mailpolicy.message import Message
from mailpolicy.verdict import Certainty


def look(message: Message, public: tuple[str, ...], way: WayIn, context: Context) -> Seen | None:
    """Find what the user's program does by itself. A mark that names another mailbox is an old one.

    Sieve's mark counts whoever logs in: a server may hand over its users' copies under an account of its own.
    """
    if owner := marks.sieve_owner(message.headers, way, context):
        return Seen(owner, marks.SIEVE)
    if lookalikes.answer(message.headers):
        return None
    own = context.own_addresses(message.envelope.login)
    return _named(message, public, own, context) or _nameless(message, public, way, own)


def _named(message: Message, public: tuple[str, ...], own: frozenset[str], context: Context) -> Seen | None:
    for owner, where in marks.named(message.headers, public, context):
        if _is_one_of(owner, own):
            return Seen(owner, where)
    owner = senders.gmail_forwarder(message.envelope.sender, public)
    return Seen(owner, "MAIL FROM") if _is_one_of(owner, own) else None


def _nameless(message: Message, public: tuple[str, ...], way: WayIn, own: frozenset[str]) -> Seen | None:
    """A mark on what he writes himself; else only a sign, for the mark may be an outsider's.

    Another's mail sent on as it is, not resent in his name (RFC 5322, 3.6.6), is a sign as well.
    """
    where = marks.nameless(message.headers, public)
    if not where and not way.delivered:
        return None
    authors = [box.address for box in message.headers.mailboxes("From")]
    himself = next((normalise(author) for author in authors if _is_one_of(author, own)), "")
    if where:
        return Seen(himself, where, Certainty.CERTAIN if himself else Certainty.SIGN)
    if himself or not _is_one_of(way.delivered, own):
        return None
    return Seen(way.delivered, "Delivered-To", Certainty.SIGN)


def _is_one_of(address: str, own: frozenset[str]) -> bool:
    return any(same_mailbox(address, one) for one in own)
