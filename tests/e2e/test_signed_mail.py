# SPDX-License-Identifier: GPL-3.0-or-later
"""The ministry's signed mail on a real Postfix: going out signed or not at all, coming in with the result."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bed import Bed, compose
from bed.gate import Gate
from listed import MADE
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.snapshot.encode import encode
from signing import Signer

pytestmark = pytest.mark.e2e

OFFICE = "monre.gov.vn"
AGENCY, PERSON = f"vanphong@{OFFICE}", f"canbo1@{OFFICE}"
LAWYER = "luatsu@example.org"
ROOT = Signer.authority()
SEAL, HAND = ROOT.issue("Van phong Bo", AGENCY), ROOT.issue("Luat su", LAWYER)
DIRECTORY = encode([Mailbox(AGENCY, Kind.AGENCY), Mailbox(PERSON)], (), MADE)
SITE = """
regulation = "monre-2019-2016"
trusted_networks = ["127.0.0.1/32", "::1/128"]
[duties.digital-signature]
mode = "enforce"
parameters = {{ signers = ["agency"] }}
[gate.signatures]
roots = ["{root}"]
authserv_id = "mx.monre.gov.vn"
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    root = Path(tmp_path_factory.mktemp("roots") / "root.pem")
    root.write_bytes(ROOT.pem)
    users = dict.fromkeys((AGENCY, PERSON), "Mat-Khau-7894")
    with (
        Gate(SITE.format(root=root), directory=DIRECTORY) as gate,
        Bed(OFFICE, users, milter=gate.milter) as bed,
    ):
        yield bed


def received(office: Bed, raw: EmailMessage | bytes, mail: EmailMessage) -> list[str]:
    assert office.send_as_stranger(raw, LAWYER, PERSON).accepted
    arrived = office.wait_for_mail(PERSON, lambda one: one["Message-ID"] == mail["Message-ID"])
    return [str(value) for value in arrived.get_all("Authentication-Results", [])]


def test_unsigned_mail_of_an_agency_is_refused_with_the_article(office: Bed) -> None:
    sent = office.send_as_user(compose(AGENCY, LAWYER, "Công văn"), AGENCY, LAWYER)
    assert sent.answer.code == 550
    assert "[PW-MR-digital-signature]" in sent.answer.text
    assert "(Article 9.2, MONRE e-mail regulation" in sent.answer.text


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_signed_mail_leaves_as_it_was_written(office: Bed, opaque: bool) -> None:
    before = len(office.outside.departed(LAWYER))
    signed = SEAL.smime(compose(AGENCY, LAWYER, "Công văn"), opaque=opaque)
    assert office.send_as_user(signed, AGENCY, LAWYER).accepted
    office.settle()
    assert len(office.outside.departed(LAWYER)) == before + 1


def test_who_was_issued_no_signature_writes_without_one(office: Bed) -> None:
    assert office.send_as_user(compose(PERSON, LAWYER, "Trả lời"), PERSON, LAWYER).accepted
    assert office.send_as_user(compose(AGENCY, PERSON, "Nội bộ"), AGENCY, PERSON).accepted


def test_the_result_of_a_good_signature_is_in_the_mail_that_arrives(office: Bed) -> None:
    mail = compose(LAWYER, PERSON, "Đơn")
    mail["Authentication-Results"] = "mx.monre.gov.vn; smime=pass body.smime-identifier=boss@example.org"
    expected = f"mx.monre.gov.vn; smime=pass body.smime-identifier={LAWYER}"
    assert received(office, HAND.smime(mail), mail) == [expected]


def test_a_tampered_mail_arrives_with_its_failure(office: Bed) -> None:
    mail = compose(LAWYER, PERSON, "Đơn", "Số tiền: 1000")
    changed = HAND.smime(mail).replace(b"1000", b"9000")
    (result,) = received(office, changed, mail)
    assert result.startswith('mx.monre.gov.vn; smime=fail reason="tampered"')


def test_a_forged_result_on_unsigned_mail_is_gone(office: Bed) -> None:
    mail = compose(LAWYER, PERSON, "Đơn")
    mail["Authentication-Results"] = "mx.monre.gov.vn; smime=pass"
    assert received(office, mail, mail) == []
