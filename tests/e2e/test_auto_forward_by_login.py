# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwards by other mail servers of the office and by users' own mail programs, on a real Postfix."""

from collections.abc import Iterator

import pytest

from bed import Bed, compose
from bed.gate import Gate
from e2e.forwarding import CITIZEN, OFFICE, PARTNER, PASSWORD, PRIVATE, copies, left

pytestmark = pytest.mark.e2e

OWNER, COLLEAGUE = f"canbo1@{OFFICE}", f"canbo2@{OFFICE}"
EXCHANGE, ZIMBRA = "X-MS-Exchange-Inbox-Rules-Loop", "X-Zimbra-Forwarded"


@pytest.fixture(scope="module")
def office(gate: Gate) -> Iterator[Bed]:
    users = dict.fromkeys((OWNER, COLLEAGUE), PASSWORD)
    with Bed(OFFICE, users, milter=gate.milter) as running:
        yield running


@pytest.mark.parametrize("mark", [EXCHANGE, ZIMBRA])
def test_a_copy_that_another_server_of_the_office_forwards_goes_back_to_its_mailbox(
    office: Bed, mark: str
) -> None:
    letter = compose(CITIZEN, OWNER, "Đơn đề nghị")
    letter[mark] = OWNER
    assert office.send_as_host(letter, CITIZEN, PRIVATE).accepted
    assert left(office, letter["Message-ID"]) == []
    assert copies(office, OWNER, letter["Message-ID"]) == 1


def test_what_went_back_once_is_refused_when_the_server_sends_it_again(office: Bed) -> None:
    letter = compose(CITIZEN, OWNER, "Đơn đề nghị")
    letter[EXCHANGE] = OWNER
    assert office.send_as_host(letter, CITIZEN, PRIVATE).accepted
    again = office.wait_for_mail(OWNER, lambda mail: mail["Message-ID"] == letter["Message-ID"])
    refused = office.send_as_host(again, CITIZEN, PRIVATE)
    assert refused.answer.code == 550
    assert "PW-ST-auto-forward" in refused.answer.text
    assert left(office, letter["Message-ID"]) == []
    assert copies(office, OWNER, letter["Message-ID"]) == 1


def test_an_automatic_reply_of_that_server_passes(office: Bed) -> None:
    letter = compose(OWNER, PRIVATE, "Trả lời tự động: Hỏi")
    letter[EXCHANGE] = OWNER
    letter["Auto-Submitted"] = "auto-replied"
    assert office.send_as_host(letter, "", PRIVATE).accepted
    assert left(office, letter["Message-ID"]) == [(PRIVATE,)]


def test_a_mail_programs_own_rule_is_refused_and_hears_which_article(office: Bed) -> None:
    letter = compose(OWNER, PRIVATE, "FW: Đơn đề nghị")
    letter[EXCHANGE] = OWNER
    refused = office.send_as_user(letter, OWNER, PRIVATE)
    assert refused.answer.code == 550
    assert "khoan 3 Dieu 9" in refused.answer.text
    assert left(office, letter["Message-ID"]) == []


def test_of_a_rules_recipients_a_colleague_still_gets_the_mail(office: Bed) -> None:
    letter = compose(OWNER, [COLLEAGUE, PRIVATE], "FW: Đơn đề nghị")
    letter[EXCHANGE] = OWNER
    assert office.send_as_user(letter, OWNER, [COLLEAGUE, PRIVATE]).accepted
    assert left(office, letter["Message-ID"]) == []
    assert copies(office, COLLEAGUE, letter["Message-ID"]) == 1


@pytest.mark.parametrize("target", [PRIVATE, PARTNER])
def test_forwarding_and_resending_by_hand_pass(office: Bed, target: str) -> None:
    forward = compose(OWNER, target, "Fwd: Đơn đề nghị")
    assert office.send_as_user(forward, OWNER, target).accepted
    assert left(office, forward["Message-ID"]) == [(target,)]
    arrived = compose(CITIZEN, OWNER, "Đơn đề nghị")
    assert office.send_as_stranger(arrived, CITIZEN, OWNER).accepted
    office.wait_for_mail(OWNER, lambda mail: mail["Message-ID"] == arrived["Message-ID"])
    (stored,) = (raw for raw in office.dovecot.stored(OWNER) if arrived["Message-ID"].encode() in raw)
    resent = f"Resent-From: {OWNER}\nResent-To: {target}\n".encode() + stored
    assert office.send_as_user(resent, OWNER, target).accepted
    assert left(office, arrived["Message-ID"]) == [(target,)]


def test_a_program_that_sends_on_its_owners_whole_inbox_leaves_every_mail_there(office: Bed) -> None:
    letter = compose(CITIZEN, COLLEAGUE, "Đơn đề nghị")
    assert office.send_as_stranger(letter, CITIZEN, COLLEAGUE).accepted
    first = office.wait_for_mail(COLLEAGUE, lambda mail: mail["Message-ID"] == letter["Message-ID"])
    office.sendmail(first, CITIZEN, PRIVATE)
    second = office.wait_for_mail(COLLEAGUE, lambda mail: "X-Postwarden" in mail)
    office.sendmail(second, CITIZEN, PRIVATE)
    office.wait_for_log("milter-hold: END-OF-MESSAGE")
    assert left(office, letter["Message-ID"]) == []
    assert copies(office, COLLEAGUE, letter["Message-ID"]) == 2
    (held,) = office.held()
    office.postfix.run("postsuper", "-d", held["queue_id"])
