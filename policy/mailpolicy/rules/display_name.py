# SPDX-License-Identifier: GPL-3.0-or-later
"""The name beside an official address: the full name and the agency."""

import re
import unicodedata
from collections import Counter

from mailpolicy.address import Mailbox as Author
from mailpolicy.context import Context
from mailpolicy.directory import Directory, Kind, Mailbox
from mailpolicy.message import Message, Origin
from mailpolicy.office.lookalike import LONGEST, fold, person_of
from mailpolicy.office.unittree import units_above
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Certainty, Finding

_WORD = re.compile(r"[^\W_]+")


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a login whose display name in From is not the directory's.

    Automatic mail is passed over. A name that only misses the agency, where the directory's own name misses
    it too, is a sign; so is an empty one of which the directory knows nothing. Outsiders who show an
    official's name are false senders (sender-domain).
    """
    if message.origin is not Origin.LOGIN or message.headers.automatic:
        return None
    for author in message.headers.mailboxes("From"):
        if not context.is_official(author.address):
            continue
        if wrong := _wrong(author, context):
            detail, expected, certainty = wrong
            evidence = {"address": author.address, "shown": author.display, "expected": expected}
            return Finding(duty.code, duty.article, detail, evidence, certainty=certainty)
    return None


def _wrong(author: Author, context: Context) -> tuple[str, str, Certainty] | None:
    """What is wrong with a display name: (detail, what was expected, how sure)."""
    shown = author.display.strip()
    mailbox = context.directory.mailbox(author.address)
    if mailbox is None:
        return None if shown else ("no display name", "full name and agency", Certainty.SIGN)
    if mailbox.kind is not Kind.PERSON or not mailbox.name:  # the text speaks of people's mailboxes
        return None
    if not shown or not _shows(shown, mailbox.name):
        detail = "the display name is not the directory's" if shown else "no display name"
        return detail, mailbox.name, Certainty.CERTAIN
    if _agency_missing(shown, mailbox, context.directory):
        return "the display name shows no agency", f"{mailbox.name} - {mailbox.unit}", Certainty.SIGN
    return None


def _shows(display: str, name: str) -> bool:
    """Whether all words of a name are shown, in any order, with or without marks."""
    return fold(display) == fold(name) or not _words(name) - _words(display)


def _words(text: str) -> Counter[str]:
    return Counter(map(fold, _WORD.findall(unicodedata.normalize("NFC", text[:LONGEST]))))


def _agency_missing(display: str, mailbox: Mailbox, directory: Directory) -> bool:
    """Whether neither the directory's name has an agency nor one of the person's units is shown."""
    if not mailbox.unit or person_of(mailbox.name) != mailbox.name:
        return False
    return not any(_shows(display, name) for name in units_above(mailbox.unit, directory))
