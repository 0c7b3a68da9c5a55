# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the provisioning desk of Cần Thơ on a real Postfix, with a directory and real signatures."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bed import Bed, compose
from bed.gate import Gate
from listed import MADE
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.snapshot.encode import encode
from signing import Signer, plain_pdf

pytestmark = pytest.mark.e2e

OFFICE = "cantho.gov.vn"
DESK, AGENCY, PERSON = (f"{name}@{OFFICE}" for name in ("sottt", "sonv", "nvminh"))
PRIVATE = "nvminh@gmail.com"
PAGE = plain_pdf()
ROOT = Signer.authority()
SEAL = ROOT.issue("So Noi vu", AGENCY)
DIRECTORY = encode([Mailbox(DESK, Kind.AGENCY), Mailbox(AGENCY, Kind.AGENCY), Mailbox(PERSON)], (), MADE)
SITE = """
regulation = "cantho-33-2015"
trusted_networks = ["127.0.0.1/32", "::1/128"]
[duties]
provisioning-desk.mode = "enforce"
[gate.signatures]
roots = ["{root}"]
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    root = Path(tmp_path_factory.mktemp("roots") / "root.pem")
    root.write_bytes(ROOT.pem)
    users = dict.fromkeys((DESK, AGENCY, PERSON), "Mat-Khau-7894")
    with (
        Gate(SITE.format(root=root), directory=DIRECTORY) as gate,
        Bed(OFFICE, users, milter=gate.milter) as bed,
    ):
        yield bed


def request(author: str, document: bytes, *, to: str | list[str] = DESK) -> EmailMessage:
    mail = compose(author, to, "Đề nghị cấp mới hộp thư")
    mail.add_attachment(document, maintype="application", subtype="pdf", filename="denghi.pdf")
    mail.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="danhsach.xlsx")
    return mail


def test_an_agencys_request_with_a_signed_document_and_the_list_reaches_the_desk(office: Bed) -> None:
    mail = request(AGENCY, SEAL.pdf(PAGE))
    assert office.send_as_user(mail, AGENCY, DESK).accepted
    arrived = office.wait_for_mail(DESK, lambda one: one["Message-ID"] == mail["Message-ID"])
    assert arrived["X-Postwarden"] is None


def test_an_agencys_signed_mail_reaches_the_desk(office: Bed) -> None:
    mail = request(AGENCY, PAGE)
    assert office.send_as_user(SEAL.smime(mail), AGENCY, DESK).accepted
    office.wait_for_mail(DESK, lambda one: one["Message-ID"] == mail["Message-ID"])


def test_without_a_signature_it_is_refused_with_the_article_for_all_its_recipients(office: Bed) -> None:
    sent = office.send_as_user(request(AGENCY, PAGE, to=[DESK, PERSON]), AGENCY, [DESK, PERSON])
    assert sent.answer.code == 550
    assert "[PW-CT-provisioning-desk]" in sent.answer.text
    assert "(Article 6.1, Can Tho e-mail regulation" in sent.answer.text
    assert "none of its recipients" in sent.answer.text


def test_a_tampered_document_is_refused(office: Bed) -> None:
    forged = SEAL.pdf(PAGE).replace(b"hop thu", b"hop tho", 1)
    assert office.send_as_user(request(AGENCY, forged), AGENCY, DESK).answer.code == 550


def test_a_persons_mailbox_is_refused(office: Bed) -> None:
    assert office.send_as_user(request(PERSON, SEAL.pdf(PAGE)), PERSON, DESK).answer.code == 550


def test_a_public_mailbox_is_refused(office: Bed) -> None:
    assert office.send_as_stranger(request(PRIVATE, SEAL.pdf(PAGE)), PRIVATE, DESK).answer.code == 550


def test_a_bounce_and_mail_to_others_pass(office: Bed) -> None:
    bounce = compose("MAILER-DAEMON@mx.example.org", DESK, "Undelivered Mail Returned to Sender")
    assert office.send_as_stranger(bounce, "", DESK).accepted
    assert office.send_as_stranger(request(PRIVATE, PAGE, to=AGENCY), PRIVATE, AGENCY).accepted
