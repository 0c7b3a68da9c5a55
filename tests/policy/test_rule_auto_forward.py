# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatic forwards, and everything that only looks like one."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action

POLICY = Policy.of(for_regulation(load("soctrang")))
OWNER, COLLEAGUE, CITIZEN = "canbo2@soctrang.gov.vn", "vanthu@soctrang.gov.vn", "nguoidan@example.org"
PRIVATE, PARTNER = "hopthu.rieng@gmail.com", "congty@example.com"

MARK = ("X-Sieve-Redirected-From", OWNER)
FIRST_HOP = (
    "Received",
    f"from mx.example.org (mx.example.org [203.0.113.7])\n\tby mx with ESMTP\n\tfor <{OWNER}>; Fri",
)
LMTP = (
    "Received",
    f"from mx ([127.0.0.1])\n\tby mx with LMTP\n\t(envelope-from <{CITIZEN}>)\n\tfor <{OWNER}>; Fri",
)
SIEVE = ("X-Sieve", "Pigeonhole Sieve 0.5.19")
LOCAL = ("Received", "by mx.soctrang.gov.vn (Postfix, from userid 5000)\n\tid 8CCA62266C3; Fri")
AUTHOR = ("From", CITIZEN)


Outcome = tuple[Action, tuple[str, ...], tuple[str, ...]]


def forwarded(
    *fields: tuple[str, str],
    to: tuple[str, ...] = (PRIVATE,),
    sender: str = CITIZEN,
    client: str = LOOPBACK,
    login: str = "",
) -> Outcome:
    envelope = Envelope(sender, to, login=login, client_address=client)
    verdict = judge(letter(POLICY, envelope, *fields), POLICY)
    return verdict.action, verdict.remove, verdict.add


BACK_TO_OWNER = (Action.REDIRECT, (PRIVATE,), (OWNER,))
LEFT_ALONE = (Action.ACCEPT, (), ())


@pytest.mark.parametrize(
    "fields",
    [
        (MARK, LMTP, FIRST_HOP, AUTHOR),
        (SIEVE, MARK, LMTP, FIRST_HOP, AUTHOR),
        (MARK, FIRST_HOP, AUTHOR),
        # A saved message shows the Received line that Postfix hides from milters.
        (LOCAL, MARK, LMTP, FIRST_HOP, AUTHOR),
        (MARK, ("X-Sieve-Redirected-From", "gia@gmail.com"), FIRST_HOP, AUTHOR),
        # The citizen's system wrote it, not ours.
        (MARK, LMTP, ("Auto-Submitted", "auto-generated"), AUTHOR),
        # procmail, or a pipe into sendmail.
        (LMTP, FIRST_HOP, AUTHOR),
    ],
)
def test_a_forwarded_copy_goes_back_to_its_owner(fields: tuple[tuple[str, str], ...]) -> None:
    assert forwarded(*fields) == BACK_TO_OWNER
    assert forwarded(*fields, sender="") == BACK_TO_OWNER


def test_a_script_that_rewrites_the_sender_is_seen_by_the_mark() -> None:
    assert forwarded(MARK, LMTP, ("From", OWNER), sender=OWNER) == BACK_TO_OWNER


def test_only_the_public_recipients_are_taken_off() -> None:
    assert forwarded(MARK, LMTP, AUTHOR, to=(PARTNER, PRIVATE)) == BACK_TO_OWNER
    assert forwarded(MARK, LMTP, AUTHOR, to=(PARTNER,)) == LEFT_ALONE


def test_an_owner_who_gets_it_anyway_is_not_added_twice() -> None:
    assert forwarded(MARK, LMTP, AUTHOR, to=(OWNER, PRIVATE)) == (Action.REDIRECT, (PRIVATE,), ())


@pytest.mark.parametrize(
    "domain", ["gmail.com", "GMAIL.com.", "yahoo.com.vn", "outlook.com", "hcm.vnn.vn", "proton.me", "mail.ru"]
)
def test_public_providers_are_known_in_every_spelling(domain: str) -> None:
    assert forwarded(MARK, LMTP, AUTHOR, to=(f"x@{domain}",)) == (Action.REDIRECT, (f"x@{domain}",), (OWNER,))


@pytest.mark.parametrize(
    "fields",
    [
        (
            ("X-Sieve", "Pigeonhole Sieve 0.5.19"),
            ("Auto-Submitted", "auto-replied (vacation)"),
            ("From", OWNER),
        ),
        (
            ("X-Sieve", "Pigeonhole Sieve 0.5.19"),
            ("Auto-Submitted", "auto-notified; owner-email=x"),
            ("From", OWNER),
        ),
        (FIRST_HOP, ("X-Sieve-Redirected-From", "ai@congty.example"), ("From", OWNER)),
        (("X-Sieve-Redirected-From", "ai@congty.example"), AUTHOR),
        (AUTHOR,),
    ],
)
def test_a_programs_own_mail_is_no_forward(fields: tuple[tuple[str, str], ...]) -> None:
    assert forwarded(*fields, sender=OWNER) == LEFT_ALONE


def test_a_mark_below_a_foreign_received_line_is_a_strangers_own_and_proves_nothing() -> None:
    foreign = ("Received", "from mx.example.org ([203.0.113.7]) by relay.example.org; Fri")
    assert forwarded(foreign, MARK, AUTHOR) == LEFT_ALONE


def test_a_person_forwarding_by_hand_is_not_touched() -> None:
    assert forwarded(("From", OWNER), ("Subject", "Fwd: họp"), sender=OWNER, login=OWNER) == LEFT_ALONE
    resent = (("Resent-From", OWNER), LMTP, FIRST_HOP, AUTHOR)
    assert forwarded(*resent, sender=OWNER, login=OWNER) == LEFT_ALONE


def test_a_stranger_with_a_forged_mark_moves_nothing() -> None:
    assert forwarded(MARK, LMTP, AUTHOR, client=STRANGER) == LEFT_ALONE
    assert forwarded(MARK, LMTP, AUTHOR, to=(OWNER,), client=STRANGER) == LEFT_ALONE


def test_mail_between_colleagues_may_be_forwarded_automatically() -> None:
    assert forwarded(MARK, LMTP, AUTHOR, to=(COLLEAGUE,)) == LEFT_ALONE
