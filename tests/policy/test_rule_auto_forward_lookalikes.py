# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary mail to a public provider that resembles an automatic forward and is none."""

import pytest

from forwards import (
    AUTHOR,
    BACK_TO_OWNER,
    CITIZEN,
    FIRST_HOP,
    LEFT_ALONE,
    LMTP,
    OWNER,
    Field,
    finding,
    forwarded,
    sign,
)
from mailpolicy.directory import Kind, Mailbox, NoDirectory

OFFICE = "soctrang.gov.vn"
NEWS, BOUNCES = f"bantin@{OFFICE}", f"bantin-bounces@{OFFICE}"
SIEVE: Field = ("X-Sieve", "Pigeonhole Sieve 0.5.19 (4eae2f79)")
HIMSELF: Field = ("From", OWNER)


class Lists(NoDirectory):
    """A directory of one mailing list."""

    known = True

    def mailbox(self, address: str) -> Mailbox | None:
        return Mailbox(NEWS, Kind.LIST) if address == NEWS else None


@pytest.mark.parametrize("login", ["", OWNER], ids=["a program", "a login"])
@pytest.mark.parametrize(
    "fields",
    [
        (HIMSELF, ("Subject", "Fwd: Giấy mời")),
        (HIMSELF, ("Subject", "Re: hỏi"), ("In-Reply-To", "<a@example.org>")),
        (HIMSELF, SIEVE, ("Auto-Submitted", "auto-replied (vacation)"), ("Precedence", "bulk")),
        (HIMSELF, ("Auto-Submitted", "auto-replied (zimbra; vacation)")),
        (HIMSELF, ("Content-Type", "multipart/report; report-type=disposition-notification")),
        (HIMSELF, ("Content-Type", "text/calendar; method=REPLY")),
        (("From", f"MAILER-DAEMON@{OFFICE}"), ("Auto-Submitted", "auto-generated")),
        (("From", f"postmaster@{OFFICE}"), SIEVE, ("Content-Type", "multipart/report")),
    ],
    ids=["forward by hand", "reply", "vacation", "Zimbra's", "read receipt", "calendar", "bounce", "reject"],
)  # fmt: skip
def test_what_people_and_programs_of_the_office_write_passes(fields: tuple[Field, ...], login: str) -> None:
    for sender in (OWNER, ""):
        assert finding(*fields, sender=sender, login=login) is None


# Mailing lists

POST = (
    ("Received", f"from mx.example.org ([203.0.113.7]) by mx with ESMTP for <{NEWS}>; Fri"),
    ("Precedence", "list"),
    AUTHOR,
)


@pytest.mark.parametrize(
    "sender", [BOUNCES, CITIZEN, f"bantin-bounces@lists.{OFFICE}", f"SRS0=Ab=CD=example.org=a@{OFFICE}"]
)
@pytest.mark.parametrize(
    "of_list", [("List-Id", f"Bản tin <bantin.{OFFICE}>"), ("List-Id", f"<bantin.lists.{OFFICE}>")]
)
def test_a_list_of_the_office_sends_its_post_to_subscribers_anywhere(sender: str, of_list: Field) -> None:
    assert forwarded(*POST, of_list, sender=sender) == LEFT_ALONE
    assert sign(*POST, of_list, sender=sender) is None


@pytest.mark.parametrize("of_list", [("List-Id", f"<bantin.{OFFICE}>"), ("List-Post", f"<mailto:{NEWS}>")])
def test_a_list_whose_program_gets_its_post_delivered_is_one_too(of_list: Field) -> None:
    assert forwarded(("Delivered-To", NEWS), *POST, of_list) == LEFT_ALONE


def test_the_directory_tells_which_mailbox_is_a_list() -> None:
    assert forwarded(*POST, directory=Lists()) == LEFT_ALONE
    assert forwarded(("Delivered-To", NEWS), *POST, directory=Lists()) == LEFT_ALONE
    assert forwarded(FIRST_HOP, AUTHOR, directory=Lists()) == BACK_TO_OWNER


def test_a_subscriber_who_forwards_his_post_is_no_list() -> None:
    assert forwarded(LMTP, *POST, ("List-Id", f"<bantin.{OFFICE}>"), sender=BOUNCES) == BACK_TO_OWNER
    outside = ("List-Id", "<tin.example.org>")
    assert forwarded(FIRST_HOP, AUTHOR, outside) == BACK_TO_OWNER


# Notices of new mail


@pytest.mark.parametrize(
    "fields",
    [
        (("From", f"postmaster@{OFFICE}"), ("Auto-Submitted", f'auto-notified; owner-email="{OWNER}"')),
        (HIMSELF, ("Auto-Submitted", "auto-notified")),
    ],
)
def test_a_notice_of_new_mail_is_a_sign(fields: tuple[Field, ...]) -> None:
    for sender in ("", OWNER):
        assert sign(SIEVE, *fields, sender=sender) == (OWNER, "Auto-Submitted")
        assert forwarded(SIEVE, *fields, sender=sender) == LEFT_ALONE


def test_an_outsiders_notice_is_not_the_offices() -> None:
    assert sign(AUTHOR, ("Auto-Submitted", "auto-notified")) is None
