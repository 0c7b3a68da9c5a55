# SPDX-License-Identifier: GPL-3.0-or-later
"""What only a real Postfix shows: how it reads odd addresses, how it edits mail, the sendmail path."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from bed import Bed, compose
from bed.gate import Gate

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
OWNER, WRITER = f"canbo2@{OFFICE}", f"canbo1@{OFFICE}"
CITIZEN = "congdan@example.org"
USERS = dict.fromkeys((OWNER, WRITER), "Mat-Khau-7894")
SITE = """
regulation = "soctrang-59-2024"
trusted_networks = ["127.0.0.1/32", "::1/128"]
[duties]
attachment-cap = { mode = "enforce", parameters = { limit_mb = 1 } }
auto-forward.mode = "enforce"
sender-domain.mode = "enforce"
"""
# All of them lead to a.b@gmail.com, as Postfix reads them.
SPELLINGS = [
    "<a.b@gmail.com>",
    "<A.B@GMAIL.com.>",
    "a.b@gmail.com",
    "<@relay.example:a.b@gmail.com>",
    '<"a.b@gmail.com">',
    "<a.b%gmail.com>",
    "<a.b%gmail.com@[127.0.0.1]>",
    "<gmail.com!a.b>",
]


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(SITE) as running:
        yield running


@pytest.fixture(scope="module")
def office(gate: Gate) -> Iterator[Bed]:
    with Bed(OFFICE, USERS, milter=gate.milter) as running:
        yield running


def submit(office: Bed, sender: str, recipient: str, mail: EmailMessage, stranger: bool = False) -> int:
    """Send with the arguments of MAIL and RCPT as they are given here."""
    with smtplib.SMTP("127.0.0.1", office.postfix.mx_port) as server:
        server.ehlo()
        if stranger:
            server.docmd("XCLIENT", "ADDR=203.0.113.7 NAME=mx.example.org")
            server.ehlo()
        server.docmd("MAIL", f"FROM:{sender}")
        assert server.docmd("RCPT", f"TO:{recipient}")[0] == 250
        return server.data(mail.as_bytes())[0]


def big(author: str, to: str) -> EmailMessage:
    mail = compose(author, to, "Tài liệu")
    mail.add_attachment(bytes(1024 * 1024 + 1), maintype="application", subtype="pdf", filename="a.pdf")
    return mail


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_forward_is_turned_back_however_its_target_is_spelled(office: Bed, spelling: str) -> None:
    mail = compose(CITIZEN, OWNER, "Đơn đề nghị")
    mail["X-Sieve-Redirected-From"] = OWNER
    before = len(office.outside.departed())
    assert submit(office, f"<{CITIZEN}>", spelling, mail) == 250
    kept = office.wait_for_mail(OWNER, lambda one: one["Message-ID"] == mail["Message-ID"])
    assert kept["X-Postwarden"] == "auto-forward; ST 9.3"
    office.settle()
    assert len(office.outside.departed()) == before


@pytest.mark.parametrize("sender", ["<canbo1>", "<canbo1%soctrang.gov.vn>", f"<@relay.example:{WRITER}>"])
def test_a_stranger_is_refused_however_he_spells_the_office(office: Bed, sender: str) -> None:
    assert submit(office, sender, f"<{OWNER}>", compose(CITIZEN, OWNER, "Chào"), stranger=True) == 550


def test_marks_that_a_stranger_forged_do_not_arrive(office: Bed) -> None:
    mail = compose(CITIZEN, OWNER, "Chào")
    for _ in range(3):
        mail["X-Postwarden"] = "spam-report; ST 9.4"
    assert submit(office, f"<{CITIZEN}>", f"<{OWNER}>", mail, stranger=True) == 250
    arrived = office.wait_for_mail(OWNER, lambda one: one["Message-ID"] == mail["Message-ID"])
    assert arrived.get_all("X-Postwarden") is None


def test_mail_on_its_way_through_sendmail_is_marked_and_not_bounced_to_its_writer(
    office: Bed, gate: Gate
) -> None:
    mail = big(CITIZEN, OWNER)
    mail["Received"] = f"from mx.example.org by mx.{OFFICE} for <{WRITER}>"
    office.sendmail(mail, CITIZEN, OWNER)
    arrived = office.wait_for_mail(OWNER, lambda one: one["Message-ID"] == mail["Message-ID"])
    assert arrived["X-Postwarden"] == "attachment-cap; ST 7"
    office.settle()
    assert office.outside.departed(CITIZEN) == []
    assert (gate.verdicts()[-1]["action"], gate.verdicts()[-1]["withheld"]) == ("annotate", True)


def test_mail_the_office_wrote_bounces_to_its_own_writer(office: Bed) -> None:
    mail = big(WRITER, CITIZEN)
    office.sendmail(mail, WRITER, CITIZEN)
    bounce = office.wait_for_mail(WRITER, lambda one: "[PW-ST-attachment-cap]" in one.as_string())
    assert "MAILER-DAEMON@" in bounce["From"]
    office.settle()
    assert office.outside.departed(CITIZEN) == []
