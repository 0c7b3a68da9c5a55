# SPDX-License-Identifier: GPL-3.0-or-later
"""The edits of a copy that goes back to its mailbox: no delivery agent shall take it for a loop."""

from dataclasses import replace

import pytest

from gate.offices import INSIDE, PRIVATE, VANTHU, forwarded, office, outcome
from mailgate.address import Address
from mailgate.answer import answer
from mailgate.effects import AddRecipient, DeleteHeader
from mailpolicy.message import Headers, Message
from mailpolicy.verdict import Action, Verdict

POLICY = office()
DELIVERED = ("Delivered-To", VANTHU.encode())


def edits(verdict: Verdict, *fields: tuple[str, bytes]) -> list[object]:
    seen = outcome(POLICY, forwarded(), INSIDE).message
    headers = Headers([*fields, ("From", b"congdan@example.org")])
    envelope = replace(seen.envelope, recipients=(PRIVATE, VANTHU))
    message: Message = replace(seen, headers=headers, envelope=envelope)
    received = [Address(f"<{PRIVATE}>"), Address(f"<{VANTHU}>")]
    return list(answer(message, verdict, POLICY, received, by_sendmail=False).edits)


BACK = Verdict(Action.REDIRECT, remove=(PRIVATE,), add=(VANTHU,))


@pytest.mark.parametrize("name", ["Delivered-To", "delivered-to"])
def test_a_copy_that_goes_back_loses_its_newest_delivery_only(name: str) -> None:
    older = ("Delivered-To", b"phong@soctrang.gov.vn")
    assert edits(BACK, (name, VANTHU.encode()), older)[0] == DeleteHeader("Delivered-To", 1)
    assert sum(isinstance(edit, DeleteHeader) for edit in edits(BACK, DELIVERED, older)) == 1


def test_a_copy_that_was_not_delivered_yet_keeps_its_header() -> None:
    assert not any(isinstance(edit, DeleteHeader) for edit in edits(BACK))


def test_mail_that_goes_back_to_nobody_keeps_its_header() -> None:
    taken_off = Verdict(Action.DROP_RECIPIENTS, remove=(PRIVATE,))
    found = edits(taken_off, DELIVERED)
    assert not any(isinstance(edit, DeleteHeader | AddRecipient) for edit in found)
