# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail to an agency's mailing list: from the agency's mailbox, or from whom its head authorised."""

from collections.abc import Iterator

from mailpolicy.address import without_detail
from mailpolicy.context import Context
from mailpolicy.directory import Directory, Kind, Mailbox
from mailpolicy.message import Message, Origin
from mailpolicy.office.sentas import addresses
from mailpolicy.office.unittree import units_above
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Certainty, Evidence, Finding

LEVELS = (
    12  # of units above a list's that are looked at; a tree that never ends is a mistake of the directory
)


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find mail to a list from anybody but its agency's or unit's own mailbox and the list's managers.

    A login is who he is. A program of the office's networks is taken at its word if MAIL FROM and From all
    agree. A stranger proves nothing, and a bounce belongs to whoever runs the list (RFC 5321, 3.9.2), not to
    all its readers. Of a list for which the directory names nobody it is only a sign.
    """
    directory = context.directory
    if not directory.known:
        return None
    lists = list(_lists(message, directory))
    barred = [one for one in lists if _has_keepers(one) and not _may_write(message, one, context)]
    if barred:
        detail = "sent to a mailing list by somebody not authorised"
        return _finding(message, duty, barred, detail, Certainty.CERTAIN)
    if unkept := [one for one in lists if not _has_keepers(one)]:
        detail = "the directory names nobody who may write to this list"
        return _finding(message, duty, unkept, detail, Certainty.SIGN)
    return None


def _finding(
    message: Message, duty: Duty, lists: list[Mailbox], detail: str, certainty: Certainty
) -> Finding:
    evidence: dict[str, Evidence] = {
        "list": lists[0].address,
        "unit": lists[0].unit,
        "lists": len(lists),
        "sender": message.envelope.sender,
        "login": message.envelope.login,
    }
    return Finding(duty.code, duty.article, detail, evidence, certainty=certainty)


def _lists(message: Message, directory: Directory) -> Iterator[Mailbox]:
    for recipient in dict.fromkeys(map(without_detail, message.envelope.recipients)):
        mailbox = directory.mailbox(recipient)
        if mailbox is not None and mailbox.kind is Kind.LIST:
            yield mailbox


def _has_keepers(mailing_list: Mailbox) -> bool:
    return bool(mailing_list.unit or mailing_list.managers)


def _may_write(message: Message, mailing_list: Mailbox, context: Context) -> bool:
    """Whether this writer is the list's agency or one of its managers."""
    if message.origin is Origin.STRANGER:
        return False
    if message.origin is Origin.LOGIN:
        own = context.own_addresses(message.envelope.login)
        shown = set(addresses(message, context)) - own
        himself = any(_keeps(address, mailing_list, context.directory) for address in own)
        return himself or _for_the_agency(own, shown, mailing_list, context.directory)
    senders = [message.envelope.sender, *(box.address for box in message.headers.mailboxes("From"))]
    return all(_keeps(without_detail(address), mailing_list, context.directory) for address in senders)


def _for_the_agency(
    own: frozenset[str], shown: set[str], mailing_list: Mailbox, directory: Directory
) -> bool:
    """Whether a manager of the agency's mailbox sends as that mailbox, and as nobody else but himself."""
    sent_as = [directory.mailbox(address) for address in shown]
    return bool(sent_as) and all(
        mailbox is not None
        and not own.isdisjoint(mailbox.managers)
        and _keeps(mailbox.address, mailing_list, directory)
        for mailbox in sent_as
    )


def _keeps(address: str, mailing_list: Mailbox, directory: Directory) -> bool:
    """Whether this mailbox is a manager of the list, its unit's own, or the agency's that the unit is of."""
    if address in mailing_list.managers:
        return True
    mailbox = directory.mailbox(address)
    if mailbox is None or not mailbox.unit:
        return False
    if mailbox.kind is Kind.UNIT:
        return mailbox.unit == mailing_list.unit
    return mailbox.kind is Kind.AGENCY and mailbox.unit in units_above(mailing_list.unit, directory)
