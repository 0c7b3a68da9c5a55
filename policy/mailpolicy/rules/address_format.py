# SPDX-License-Identifier: GPL-3.0-or-later
"""Official senders whose address is not made as the regulation says."""

from typing import cast

from mailpolicy.context import Context
from mailpolicy.directory import Kind
from mailpolicy.message import Message, Origin
from mailpolicy.office.namerules import Misfit, misfit
from mailpolicy.office.sentas import addresses
from mailpolicy.parameters import AddressFormat
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Certainty, Finding

SAID = {
    Misfit.CHARACTERS: "the address has characters that no address may have",
    Misfit.SHAPE: "the address fits none of the patterns",
    Misfit.NAME: "the address is not made from the name in the directory",
}


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a login's official address that fits no pattern.

    That it does not go with the name in the directory is only a sign: names are spelled and cut up in many
    ways. So is a strange form where administrators may choose one by hand.
    """
    if message.origin is not Origin.LOGIN:
        return None
    rules = cast(AddressFormat, duty.parameters)
    for address in addresses(message, context):
        mailbox = context.directory.mailbox(address)
        kind, name = (mailbox.kind, mailbox.name) if mailbox else (None, "")
        if kind is Kind.PERSON and not name:
            kind = None  # what a directory gives whom it knows nothing of
        wrong = misfit(address.rpartition("@")[0], kind, name, rules)
        if wrong is not None:
            evidence = {"address": address, "wrong": wrong.value, "kind": kind.value if kind else "unknown"}
            certainty = _certainty(wrong, rules)
            return Finding(duty.code, duty.article, SAID[wrong], evidence, certainty=certainty)
    return None


def _certainty(wrong: Misfit, rules: AddressFormat) -> Certainty:
    doubtful = wrong is Misfit.NAME or (wrong is Misfit.SHAPE and rules.then_by_hand)
    return Certainty.SIGN if doubtful else Certainty.CERTAIN
