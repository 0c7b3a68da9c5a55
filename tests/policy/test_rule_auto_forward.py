# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatic forwards, and everything that only looks like one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwards import (
    AUTHOR,
    BACK_TO_OWNER,
    COLLEAGUE,
    FIRST_HOP,
    LEFT_ALONE,
    LMTP,
    OWNER,
    PARTNER,
    POLICY,
    PRIVATE,
    TAKEN_OFF,
    finding,
    forwarded,
)
from letter import STRANGER, letter
from mailgate import reply
from mailpolicy.forwarding.marks import TELLING
from mailpolicy.judge import judge
from mailpolicy.message import Envelope
from mailpolicy.rules import auto_forward
from mailpolicy.verdict import Action

MARK = ("X-Sieve-Redirected-From", OWNER)
SIEVE = ("X-Sieve", "Pigeonhole Sieve 0.5.19")
LOCAL = ("Received", "by mx.soctrang.gov.vn (Postfix, from userid 5000)\n\tid 8CCA62266C3; Fri")


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


# Where the mark stands


def test_the_mark_counts_behind_the_offices_own_relays_too() -> None:
    relays = (
        ("Received", "from kho (kho.soctrang.gov.vn [10.20.0.7]) by cong with ESMTP; Fri"),
        ("Received", "from kho (kho [IPv6:fd00::7]) by cong2 with ESMTP; Fri"),
    )
    assert forwarded(*relays, MARK, LMTP, FIRST_HOP, AUTHOR) == BACK_TO_OWNER


@pytest.mark.parametrize("greeting", ["[127.0.0.1]", "[10.20.0.7]", "localhost"])
def test_a_stranger_who_greets_as_one_of_the_office_is_still_a_stranger(greeting: str) -> None:
    entry = ("Received", f"from {greeting} (mx.example.org [203.0.113.7]) by mx for <{COLLEAGUE}>; Fri")
    assert forwarded(entry, MARK, AUTHOR, sender=COLLEAGUE) == LEFT_ALONE


def test_a_copy_that_nobody_marked_goes_back_even_if_a_colleague_wrote_it() -> None:
    assert forwarded(LMTP, ("From", COLLEAGUE), sender=COLLEAGUE) == BACK_TO_OWNER
    delivered = (("Delivered-To", OWNER), ("From", COLLEAGUE))
    assert forwarded(*delivered, sender=COLLEAGUE) == BACK_TO_OWNER
    written = (
        ("Received", f"from pc ([10.20.0.9]) by mx with ESMTP for <{OWNER}>; Fri"),
        ("From", COLLEAGUE),
    )
    assert forwarded(*written, sender=COLLEAGUE) == LEFT_ALONE  # its way in proves no delivery


def test_it_goes_back_to_the_mailbox_it_was_last_delivered_to_not_to_the_alias_it_came_for() -> None:
    for_alias = ("Received", "from mx.example.org ([203.0.113.7]) by mx for <phong@soctrang.gov.vn>; Fri")
    assert forwarded(("Delivered-To", OWNER), for_alias, AUTHOR) == BACK_TO_OWNER


def test_a_delivery_that_a_stranger_claims_proves_nothing() -> None:
    entry = ("Received", "from mx.example.org ([203.0.113.7]) by mx; Fri")
    assert forwarded(entry, ("Delivered-To", COLLEAGUE), LMTP, AUTHOR) == LEFT_ALONE


@pytest.mark.parametrize(
    "sender",
    [
        "SRS0=Xy1z=AB=example.org=nguoidan@soctrang.gov.vn",
        "srs1+Xy1z=mx.example.net==Ab=AB=example.org=nguoidan@soctrang.gov.vn",
        "canbo2+SRS=Xy1z=AB=example.org=nguoidan@soctrang.gov.vn",
        "SRS0=Xy1z=AB=example.org=nguoidan@srs.soctrang.gov.vn",
    ],
)
def test_a_sender_rewritten_by_our_own_forwarder_is_no_sender_of_ours(sender: str) -> None:
    assert forwarded(FIRST_HOP, AUTHOR, sender=sender) == BACK_TO_OWNER
    assert forwarded(FIRST_HOP, AUTHOR, sender="bantin@lists.soctrang.gov.vn") == LEFT_ALONE


# Coming round again


def test_what_went_back_once_and_comes_again_does_not_go_round_for_ever() -> None:
    gone_back = (auto_forward.RETURNED, "auto-forward; ST 9.3")
    assert forwarded(LMTP, FIRST_HOP, AUTHOR, gone_back) == TAKEN_OFF
    other_duty = (auto_forward.RETURNED, "attachment-cap; ST 7")
    assert forwarded(LMTP, FIRST_HOP, AUTHOR, other_duty) == BACK_TO_OWNER


def test_the_rule_knows_the_gates_own_field() -> None:
    assert auto_forward.RETURNED == reply.MARK


def test_the_finding_names_mailbox_and_evidence_but_not_the_private_address() -> None:
    found = finding(MARK, LMTP, FIRST_HOP, AUTHOR)
    assert found is not None
    assert found.detail == f"automatic forward of {OWNER} to a public mail provider"
    assert found.evidence == {
        "mailbox": OWNER,
        "seen_in": "X-Sieve-Redirected-From",
        "public_recipients": 1,
        "returned_before": False,
    }


# Whatever strangers write


@pytest.mark.parametrize("odd", [f"><{OWNER}", f"canbo1@example.org>{OWNER}", f'"a b"{OWNER[6:]}'])
def test_only_a_plain_address_is_taken_for_a_mailbox(odd: str) -> None:
    fields = (("Delivered-To", odd), ("X-Zimbra-Forwarded", odd), ("Received", f"by mx for <{odd}>; Fri"))
    for field in fields:
        assert all(">" not in owner and '"' not in owner for owner in forwarded(field, AUTHOR)[2])
    assert forwarded(fields[0], AUTHOR) == LEFT_ALONE


ADDRESSES = st.sampled_from(
    [OWNER, COLLEAGUE, "ai@example.org", PRIVATE, "<", ">", " ", ";", ",", '"', "@", "x"]
)
VALUES = st.lists(
    ADDRESSES | st.sampled_from(["from mx ([127.0.0.1])", " by mx with LMTP for <", "true", "auto-replied"]),
    max_size=6,
).map("".join) | st.text(max_size=40)
FIELDS = st.tuples(
    st.sampled_from([*TELLING, "List-Id", "Resent-From", "From", auto_forward.RETURNED]), VALUES
)  # fmt: skip


@given(
    st.lists(FIELDS, max_size=8),
    st.sampled_from(["", OWNER, "a+caf_=x=gmail.com@soctrang.gov.vn"]),
    st.booleans(),
)
def test_whatever_a_header_holds_a_copy_goes_to_no_mailbox_but_an_official_one(
    fields: list[tuple[str, str]], sender: str, by_login: bool
) -> None:
    envelope = Envelope(sender, (PRIVATE,), login=OWNER if by_login else "", client_address="127.0.0.1")
    verdict = judge(letter(POLICY, envelope, *fields), POLICY)
    assert verdict.failures == ()
    assert all(re.fullmatch(r"[^<>\s]+@soctrang\.gov\.vn", owner) for owner in verdict.add)
    assert not (by_login and verdict.add)
