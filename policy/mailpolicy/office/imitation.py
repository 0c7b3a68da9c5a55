# SPDX-License-Identifier: GPL-3.0-or-later
"""Display names from outside that make a reader take their sender for somebody of the office."""

import unicodedata
from dataclasses import dataclass

from mailpolicy.address import Mailbox as Author
from mailpolicy.address import without_detail
from mailpolicy.context import Context
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.message import Message, Origin
from mailpolicy.office.lookalike import LONGEST, fold, person_of, readings
from mailpolicy.office.unittree import units_above

MOST = 20  # recipients of a message that are looked at


@dataclass(frozen=True, slots=True)
class Imitation:
    """A stranger's `address` beside a display name that looks like that of `official`, an address.

    `how` is "address" where the display name has an official address in it, else "name".
    """

    address: str
    official: str
    how: str


def imitation(message: Message, context: Context) -> Imitation | None:
    """Find an author outside the office who shows an official's name, or an official address as his name.

    Many people have the same name: a bare one counts only in mail to people of that official's unit or of
    those below it, to whom it is their head's. It is never more than a sign.
    """
    if message.origin is not Origin.STRANGER:
        return None
    for author in message.headers.mailboxes("From"):
        if author.display and not context.is_official(author.address):
            if shown := _official_address(author.display, context):
                return Imitation(author.address, shown, "address")
            if known := _official_name(author, message, context):
                return Imitation(author.address, known, "name")
    return None


def _official_address(display: str, context: Context) -> str:
    """An address of the office that stands in a display name, "" if none does."""
    if "@" not in display and "\uff20" not in display:
        return ""
    for word in unicodedata.normalize("NFKC", display[:LONGEST]).lower().split():
        address = word.strip("\"'<>()[],;:")
        if context.is_official(address):
            return address
    return ""


def _official_name(author: Author, message: Message, context: Context) -> str:
    """The address of the official who goes by this display name, "" if nobody does."""
    if not context.directory.known:
        return ""
    for folded in readings(author.display):
        official = context.directory.named(folded)
        if official and (_is_whole(folded, official) or _writes_to_his_people(official, message, context)):
            return official.address
    return ""


def _is_whole(folded: str, official: Mailbox) -> bool:
    """Whether it is more than a person's bare name: a unit's, or a person's with the agency."""
    bare = official.kind is Kind.PERSON and person_of(official.name) == official.name
    return not bare and folded == fold(official.name)


def _writes_to_his_people(official: Mailbox, message: Message, context: Context) -> bool:
    """Whether any recipient is a person of the official's unit or of one below it."""
    directory = context.directory
    for recipient in message.envelope.recipients[:MOST]:
        mailbox = directory.mailbox(without_detail(recipient))
        if mailbox is None or mailbox.kind is not Kind.PERSON:
            continue
        if official.unit and official.unit in units_above(mailbox.unit, directory):
            return True
    return False
