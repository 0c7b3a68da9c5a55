# SPDX-License-Identifier: GPL-3.0-or-later
"""Strangers whose display name looks like an official's."""

import pytest

from letter import STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.verdict import Action, Certainty, Judged, Mode

ME, BOSS, DESK = "nvminh@cantho.gov.vn", "tthoa@cantho.gov.vn", "sonv@cantho.gov.vn"
BARE, ELSEWHERE = "lvtam@cantho.gov.vn", "pvhung@cantho.gov.vn"
CITIZEN = "congdan@example.org"
POLICY = office(
    "CT",
    [
        Mailbox(ME, unit="Phòng Tổ chức", name="Nguyễn Văn Minh - Sở Nội vụ"),
        Mailbox(BOSS, unit="Sở Nội vụ", name="Trần Thị Hòa - Sở Nội vụ"),
        Mailbox(DESK, Kind.AGENCY, "Sở Nội vụ", name="Sở Nội vụ thành phố Cần Thơ"),
        Mailbox(BARE, unit="Phòng Tổ chức", name="Lê Văn Tám"),
        Mailbox(ELSEWHERE, unit="Sở Y tế", name="Phạm Văn Hùng - Sở Y tế"),
    ],
    [Unit("Sở Nội vụ", head=BOSS), Unit("Phòng Tổ chức", parent="Sở Nội vụ")],
)


def arrived(author: str, to: str = ME, policy: Policy = POLICY) -> Judged | None:
    mail = letter(policy, Envelope(CITIZEN, (to,), client_address=STRANGER), ("From", author))
    verdict = judge(mail, policy)
    assert verdict.action is Action.ACCEPT
    return found(verdict, "sender-domain")


@pytest.mark.parametrize(
    ("display", "official", "how"),
    [
        ("Trần Thị Hòa", BOSS, "name"),
        ("Trần Thị Hòa - Sở Nội vụ", BOSS, "name"),
        ("TRAN THI HOA (Giám đốc)", BOSS, "name"),
        ("Tr\u0430n Thi Hoa", BOSS, "name"),
        ("Trần\u200bThị Hòa", BOSS, "name"),
        ("Sở Nội vụ thành phố Cần Thơ", DESK, "name"),
        (f"{DESK}", DESK, "address"),
        ("Văn thư (SONV@CanTho.gov.vn)", DESK, "address"),
        ("Văn thư <sonv＠cantho.gov.vn>", DESK, "address"),
    ],
)
def test_a_stranger_who_looks_like_an_official_is_a_sign(display: str, official: str, how: str) -> None:
    seen = arrived(f'"{display}" <giamdoc@gmail.com>')
    assert seen is not None
    assert (seen.finding.certainty, seen.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert seen.finding.detail == f"a stranger's display name looks like that of {official}"
    assert seen.finding.evidence["where"] == f"display name in From, by {how}"
    assert seen.finding.evidence["address"] == "giamdoc@gmail.com"


@pytest.mark.parametrize(
    "author",
    [
        "Nguyễn Văn Minh <nvminh@gmail.com>",  # an official, but no head
        "Trần Thị Hoài <hoai@gmail.com>",
        "Văn phòng Sở Nội vụ thành phố Huế <vp@example.org>",
        '"congdan@example.org" <congdan@example.org>',
        '"x@notcantho.gov.vn" <x@example.org>',
        '"@" <x@example.org>',
        "congdan@example.org",
        "",
    ],
)
def test_other_strangers_look_like_nobody(author: str) -> None:
    assert arrived(author) is None


@pytest.mark.parametrize("to", [BOSS, ME, BARE])
def test_a_bare_name_is_a_sign_in_mail_to_the_heads_own_people(to: str) -> None:
    assert arrived("Trần Thị Hòa <hoa@gmail.com>", to=to)


@pytest.mark.parametrize("to", [DESK, ELSEWHERE, "khong-ai@cantho.gov.vn", CITIZEN])
def test_citizens_of_that_name_may_write_to_desks_and_to_other_agencies(to: str) -> None:
    assert arrived("Trần Thị Hòa <hoa@gmail.com>", to=to) is None
    assert arrived("Trần Thị Hòa - Sở Nội vụ <hoa@gmail.com>", to=to)


@pytest.mark.parametrize("regulation", ["HCM", "TS", "CT", "ST", "MR"])
def test_an_official_address_as_a_name_needs_no_directory(regulation: str) -> None:
    policy = without_directory(regulation)
    (domain,) = policy.context.domains
    assert arrived(f'"vanthu@{domain}" <x@gmail.com>', policy=policy)
    assert arrived("Trần Thị Hòa <x@gmail.com>", policy=policy) is None
