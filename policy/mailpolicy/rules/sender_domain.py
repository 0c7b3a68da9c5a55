# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sends as whom: a logged-in user as himself, officially; nobody from outside as the office."""

from mailpolicy.address import without_detail
from mailpolicy.context import Context
from mailpolicy.message import Message, Origin
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a false sender, in MAIL FROM or in From:.

    Programs of trusted networks without a login are not judged: a forwarded copy keeps its writer's address.
    """
    if message.origin is Origin.LOGIN:
        wrong = _not_himself(message, context)
    elif message.origin is Origin.STRANGER:
        wrong = _claims_the_office(message, context)
    else:
        return None
    if wrong is None:
        return None
    detail, where, address = wrong
    evidence = {"where": where, "address": address, "login": message.envelope.login}
    return Finding(duty.code, duty.article, detail, evidence)


def _not_himself(message: Message, context: Context) -> tuple[str, str, str] | None:
    """What a logged-in user sends as, if it is not himself: (detail, where, address)."""
    own = {without_detail(address) for address in context.own_addresses(message.envelope.login)}
    sender = message.envelope.sender
    if sender and not _is_own(sender, own, context):
        return _wrong("MAIL FROM", sender, context)
    authors = [box.address for box in message.headers.mailboxes("From")]
    if not authors:
        return "no author in From:", "From", ""
    foreign = [author for author in authors if not _is_own(author, own, context)]
    if foreign and not _resent_by(own, foreign, message, context):
        return _wrong("From", foreign[0], context)
    return None


def _is_own(address: str, own: set[str], context: Context) -> bool:
    return without_detail(address) in own and context.is_official(address)


def _wrong(where: str, address: str, context: Context) -> tuple[str, str, str]:
    if context.is_official(address):
        return f"{where} is another's official address", where, address
    return f"{where} is not in the official domain", where, address


def _resent_by(own: set[str], authors: list[str], message: Message, context: Context) -> bool:
    """Whether he passes on somebody else's mail in his own name (Resent-From, RFC 5322, 3.6.6).

    Mail of outsiders may be resent so; under a colleague's name it would be a false sender like any other.
    """
    resenders = [box.address for box in message.headers.mailboxes("Resent-From")]
    himself = bool(resenders) and all(_is_own(address, own, context) for address in resenders)
    return himself and not any(context.is_official(author) for author in authors)


def _claims_the_office(message: Message, context: Context) -> tuple[str, str, str] | None:
    """What a stranger claims of the official domain: (detail, where, address)."""
    if context.is_official(message.envelope.sender):
        return "a stranger sends as the official domain", "MAIL FROM", message.envelope.sender
    for box in message.headers.mailboxes("From"):
        if context.is_official(box.address):
            return "a stranger writes as the official domain", "From", box.address
    return None
