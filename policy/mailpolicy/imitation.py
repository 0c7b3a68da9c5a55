# SPDX-License-Identifier: GPL-3.0-or-later
"""Display names from outside that make a reader take their sender for somebody of the office."""

import unicodedata
from dataclasses import dataclass

from mailpolicy.address import Mailbox
from mailpolicy.context import Context
from mailpolicy.lookalike import LONGEST, readings
from mailpolicy.message import Message, Origin


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

    People have the same names: it is never more than a sign.
    """
    if message.origin is not Origin.STRANGER:
        return None
    for author in message.headers.mailboxes("From"):
        if author.display and not context.is_official(author.address):
            if shown := _official_address(author.display, context):
                return Imitation(author.address, shown, "address")
            if known := _official_name(author, context):
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


def _official_name(author: Mailbox, context: Context) -> str:
    """The address of the official who goes by this display name, "" if nobody does."""
    if not context.directory.known:
        return ""
    for folded in readings(author.display):
        if official := context.directory.named(folded):
            return official.address
    return ""
