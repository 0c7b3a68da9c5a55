# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatic forwards on a real Postfix and a real Sieve: by whatever road, the owner has the mail.

Nothing leaves for the public provider, nothing is lost, and nobody who wrote is told of the private address.
"""

from collections.abc import Iterator

import pytest

from bed import Bed, compose
from bed.gate import Gate
from e2e.forwarding import CITIZEN, OFFICE, PARTNER, PASSWORD, PRIVATE, copies, left

pytestmark = pytest.mark.e2e

OWNER, COPIER, KEEPER, AWAY = (f"{name}@{OFFICE}" for name in ("canbo2", "canbo3", "canbo4", "canbo5"))
USERS = dict.fromkeys((OWNER, COPIER, KEEPER, AWAY), PASSWORD)
SIEVE = {
    OWNER: f'redirect "{PRIVATE}";',
    COPIER: f'require "copy"; redirect :copy "{PRIVATE}";',
    KEEPER: f'redirect "{PARTNER}";',
    AWAY: 'require "vacation"; vacation "Tôi đi công tác.";',
}


@pytest.fixture(scope="module", params=[True, False], ids=["over SMTP", "through sendmail"])
def office(request: pytest.FixtureRequest, gate: Gate) -> Iterator[Bed]:
    with Bed(OFFICE, USERS, milter=gate.milter, sieve=SIEVE, sieve_submission=request.param) as running:
        yield running


def send(office: Bed, to: str, sender: str = CITIZEN) -> str:
    letter = compose(CITIZEN, to, "Đơn đề nghị")
    assert office.send_as_stranger(letter, sender, to).accepted
    office.wait_for_mail(to, lambda mail: mail["Message-ID"] == letter["Message-ID"])
    office.settle()
    return str(letter["Message-ID"])


@pytest.mark.parametrize("sender", [CITIZEN, ""], ids=["a citizen's", "the null sender's"])
def test_a_redirect_to_a_public_provider_ends_in_its_owners_inbox(office: Bed, sender: str) -> None:
    message_id = send(office, OWNER, sender)
    assert copies(office, OWNER, message_id) == 1
    assert left(office, message_id) == []
    assert office.queue() == []


def test_nobody_is_told_of_the_private_address(office: Bed) -> None:
    send(office, OWNER)
    assert office.outside.departed(CITIZEN) == []
    assert office.outside.departed(PRIVATE) == []


def test_the_copy_that_comes_back_is_marked(office: Bed) -> None:
    message_id = send(office, OWNER)
    mail = next(mail for mail in office.stored(OWNER) if mail["Message-ID"] == message_id)
    assert mail["X-Postwarden"] == "auto-forward; ST 9.3"


def test_a_redirect_that_keeps_a_copy_brings_the_mail_twice(office: Bed) -> None:
    message_id = send(office, COPIER)
    assert copies(office, COPIER, message_id) == 2  # the one he keeps, and the one that came back
    assert left(office, message_id) == []


def test_a_redirect_to_a_partner_who_is_no_public_provider_leaves(office: Bed) -> None:
    letter = compose(CITIZEN, KEEPER, "Đơn đề nghị")
    assert office.send_as_stranger(letter, CITIZEN, KEEPER).accepted
    office.wait_for_log("redirect action: forwarded to <doitac@example.com>")
    office.settle()
    assert left(office, str(letter["Message-ID"])) == [(PARTNER,)]


def test_a_vacation_reply_to_a_citizen_at_gmail_is_no_forward(office: Bed) -> None:
    letter = compose("congdan@gmail.com", AWAY, "Hỏi")
    assert office.send_as_stranger(letter, "congdan@gmail.com", AWAY).accepted
    office.wait_for_log("sent vacation response to <congdan@gmail.com>")
    office.settle()
    replies = office.outside.departed("congdan@gmail.com")
    assert [mail.message["Auto-Submitted"].split()[0] for mail in replies] == ["auto-replied"]


def test_a_person_forwarding_by_hand_is_not_touched(office: Bed) -> None:
    letter = compose(OWNER, PRIVATE, "Fwd: Giấy mời")
    assert office.send_as_user(letter, OWNER, PRIVATE).accepted
    office.settle()
    assert left(office, str(letter["Message-ID"])) == [(PRIVATE,)]


def test_the_gate_records_whose_mailbox_forwards(office: Bed, gate: Gate) -> None:
    message_id = send(office, OWNER)
    verdicts = [verdict for verdict in gate.verdicts() if verdict["message_id"] == message_id]
    redirects = [verdict for verdict in verdicts if verdict["action"] == "redirect"]
    assert len(redirects) == 1
    assert redirects[0]["findings"][0]["evidence"]["mailbox"] == OWNER
