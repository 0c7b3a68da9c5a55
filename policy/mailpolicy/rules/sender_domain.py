# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sends as whom: a logged-in user as himself or as a unit he manages; nobody from outside as the office
without proof."""

from typing import NamedTuple

from mailpolicy.address import domain_of, without_detail
from mailpolicy.context import Context
from mailpolicy.directory import Kind
from mailpolicy.message import Message, Origin
from mailpolicy.office.imitation import imitation
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Certainty, Finding

SHARED = (Kind.UNIT, Kind.AGENCY, Kind.LIST)
"""Mailboxes that others send as: nobody logs in as a list, and a unit writes through its managers."""


class Wrong(NamedTuple):
    """A false sender: in one English line, the field it stands in, the address, and how sure it is."""

    detail: str
    where: str
    address: str
    certainty: Certainty = Certainty.CERTAIN


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a false sender, in MAIL FROM or in From:.

    Programs of trusted networks without a login are not judged: a forwarded copy keeps its writer's address.
    """
    if message.origin is Origin.LOGIN:
        wrong = _not_himself(message, context)
    elif message.origin is Origin.STRANGER:
        wrong = _claims_the_office(message, context) or _looks_like_the_office(message, context)
    else:
        return None
    if wrong is None:
        return None
    evidence = {"where": wrong.where, "address": wrong.address, "login": message.envelope.login}
    return Finding(duty.code, duty.article, wrong.detail, evidence, certainty=wrong.certainty)


def _not_himself(message: Message, context: Context) -> Wrong | None:
    """What a logged-in user sends as, if it is neither himself nor a mailbox he manages."""
    own = {without_detail(address) for address in context.own_addresses(message.envelope.login)}
    sender = message.envelope.sender
    if sender and not _may_send_as(sender, own, context):
        return _wrong("MAIL FROM", sender, context)
    authors = [box.address for box in message.headers.mailboxes("From")]
    if not authors:
        return Wrong("no author in From:", "From", "")
    foreign = [author for author in authors if not _may_send_as(author, own, context)]
    if foreign and not _resent_by(own, foreign, message, context):
        return _wrong("From", foreign[0], context)
    return None


def _may_send_as(address: str, own: set[str], context: Context) -> bool:
    """Whether an official address is the user's own, or that of a shared mailbox he manages."""
    if not context.is_official(address):
        return False
    if without_detail(address) in own:
        return True
    mailbox = context.directory.mailbox(without_detail(address))
    return mailbox is not None and mailbox.kind in SHARED and not own.isdisjoint(mailbox.managers)


def _wrong(where: str, address: str, context: Context) -> Wrong:
    if context.is_official(address):
        return Wrong(f"{where} is another's official address", where, address)
    return Wrong(f"{where} is not in the official domain", where, address)


def _resent_by(own: set[str], authors: list[str], message: Message, context: Context) -> bool:
    """Whether he passes on somebody else's mail in his own name (Resent-From, RFC 5322, 3.6.6).

    Mail of outsiders may be resent so; under a colleague's name it would be a false sender like any other.
    """
    resenders = [box.address for box in message.headers.mailboxes("Resent-From")]
    himself = bool(resenders) and all(_may_send_as(address, own, context) for address in resenders)
    return himself and not any(context.is_official(author) for author in authors)


def _claims_the_office(message: Message, context: Context) -> Wrong | None:
    """What a stranger claims of the official domains without their proof."""
    if _is_unproved(message.envelope.sender, message, context):
        wrong = Wrong("a stranger sends as the official domain", "MAIL FROM", message.envelope.sender)
    else:
        authors = (box.address for box in message.headers.mailboxes("From"))
        claimed = next((author for author in authors if _is_unproved(author, message, context)), None)
        if claimed is None:
            return None
        wrong = Wrong("a stranger writes as the official domain", "From", claimed)
    if not message.proof.undecided:
        return wrong
    return wrong._replace(
        detail=f"{wrong.detail}; its proof could not be looked up", certainty=Certainty.UNDECIDED
    )


def _looks_like_the_office(message: Message, context: Context) -> Wrong | None:
    """A stranger who claims nothing but shows an official's name, or an official address as his name."""
    seen = imitation(message, context)
    if seen is None:
        return None
    detail = f"a stranger's display name looks like that of {seen.official}"
    return Wrong(detail, f"display name in From, by {seen.how}", seen.address, Certainty.SIGN)


def _is_unproved(address: str, message: Message, context: Context) -> bool:
    return context.is_official(address) and domain_of(address) not in message.proof.domains
