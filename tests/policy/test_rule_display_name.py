# SPDX-License-Identifier: GPL-3.0-or-later
"""The display name of the office's people, and strangers who look like officials."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.verdict import Action, Certainty, Judged, Mode

ME, BOSS, DESK = "nvminh@cantho.gov.vn", "tthoa@cantho.gov.vn", "sonv@cantho.gov.vn"
NEW, BARE, ELSEWHERE = (f"{name}@cantho.gov.vn" for name in ("dcnguyen", "lvtam", "pvhung"))
CITIZEN = "congdan@example.org"
NAME = "Nguyễn Văn Minh - Sở Nội vụ"
POLICY = office(
    "CT",
    [
        Mailbox(ME, unit="Phòng Tổ chức", name=NAME),
        Mailbox(BOSS, unit="Sở Nội vụ", name="Trần Thị Hòa - Sở Nội vụ"),
        Mailbox(DESK, Kind.AGENCY, "Sở Nội vụ", name="Sở Nội vụ thành phố Cần Thơ"),
        Mailbox(NEW, unit="Phòng Tổ chức"),
        Mailbox(BARE, unit="Phòng Tổ chức", name="Lê Văn Tám"),
        Mailbox(ELSEWHERE, unit="Sở Y tế", name="Phạm Văn Hùng - Sở Y tế"),
    ],
    [Unit("Sở Nội vụ", head=BOSS), Unit("Phòng Tổ chức", parent="Sở Nội vụ")],
)


def written(
    author: str,
    *extra: tuple[str, str],
    login: str = ME,
    client: str = STRANGER,
    policy: Policy = POLICY,
    to: str = ME,
) -> Judged | None:
    envelope = Envelope(login or CITIZEN, (to,), login=login, client_address=client)
    return found(judge(letter(policy, envelope, ("From", author), *extra), policy), "display-name")


@pytest.mark.parametrize(
    "display",
    [
        NAME,
        f'"{NAME}"',
        "=?utf-8?B?Tmd1eeG7hW4gVsSDbiBNaW5oIC0gU+G7nyBO4buZaSB24bul?=",
        "NGUYỄN VĂN MINH - SỞ NỘI VỤ",
        "Nguyen Van Minh (So Noi vu)",
        "Sở Nội vụ - Nguyễn Văn Minh",
        "Minh Nguyễn Văn, Sở Nội vụ",
        "Nguyễn Văn Minh – Phó Trưởng phòng – Sở Nội vụ",
        "Nguyê\u0303n Va\u0306n Minh | Sơ\u0309 Nô\u0323i vu\u0323",
    ],
)
def test_the_directorys_name_passes_however_it_is_written(display: str) -> None:
    quoted = display if display.startswith(("=?", '"')) else f'"{display}"'
    assert written(f"{quoted} <{ME}>") is None


@pytest.mark.parametrize(
    ("author", "detail"),
    [
        (ME, "no display name"),
        (f'" " <{ME}>', "no display name"),
        (f"Minh <{ME}>", "the display name is not the directory's"),
        (f"Nguyễn Văn Minh <{ME}>", "the display name is not the directory's"),
        (f"Sở Nội vụ <{ME}>", "the display name is not the directory's"),
        (f"Nguyễn Văn Hùng - Sở Nội vụ <{ME}>", "the display name is not the directory's"),
        (f"Nguyễn Văn Minh - Sở Y tế <{ME}>", "the display name is not the directory's"),
    ],
)
def test_another_name_or_none_is_refused_and_the_right_one_is_noted(author: str, detail: str) -> None:
    seen = written(author)
    assert seen is not None
    assert (seen.action, seen.mode, seen.finding.article) == (Action.REJECT, Mode.ENFORCE, "4.2đ")
    assert (seen.finding.detail, seen.finding.evidence["expected"]) == (detail, NAME)


def test_a_word_of_the_name_that_comes_twice_is_wanted_twice() -> None:
    policy = office("CT", [Mailbox(ME, name="Nguyễn Thị Nguyễn")])
    assert written(f"Nguyễn Thị <{ME}>", policy=policy)
    assert written(f"Nguyễn Thị Nguyễn <{ME}>", policy=policy) is None


@pytest.mark.parametrize("agency", ["Sở Nội vụ", "Phòng Tổ chức", "So Noi vu"])
def test_where_the_directory_names_no_agency_any_of_the_persons_units_is_one(agency: str) -> None:
    assert written(f"Lê Văn Tám - {agency} <{BARE}>", login=BARE) is None


def test_a_missing_agency_is_only_a_sign_where_the_directorys_name_has_none() -> None:
    seen = written(f"Lê Văn Tám <{BARE}>", login=BARE)
    assert seen is not None
    assert (seen.finding.certainty, seen.mode) == (Certainty.SIGN, Mode.OBSERVE)


def test_without_a_directory_only_an_empty_name_is_a_sign() -> None:
    policy = without_directory("CT")
    seen = written(ME, policy=policy)
    assert seen is not None
    assert (seen.finding.certainty, seen.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert written(f"Minh <{ME}>", policy=policy) is None


@pytest.mark.parametrize(
    ("author", "login"),
    [(DESK, DESK), (f"Văn thư <{DESK}>", DESK), (NEW, NEW), (f"Ai đó <{NEW}>", NEW)],
)
def test_units_and_people_without_a_name_in_the_directory_are_passed_over(author: str, login: str) -> None:
    assert written(author, login=login) is None


def test_automatic_mail_is_passed_over() -> None:
    assert written(ME, ("Auto-Submitted", "auto-replied")) is None
    assert written(ME, ("Auto-Submitted", "no"))


def test_a_trusted_program_is_passed_over() -> None:
    assert written(ME, login="", client=LOOPBACK) is None


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
    seen = written(f'"{display}" <giamdoc@gmail.com>', login="")
    assert seen is not None
    assert (seen.finding.certainty, seen.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert seen.finding.evidence == {"address": "giamdoc@gmail.com", "looks_like": official, "by": how}
    mail = letter(POLICY, Envelope(CITIZEN, (ME,)), ("From", f'"{display}" <giamdoc@gmail.com>'))
    assert judge(mail, POLICY).action is Action.ACCEPT


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
    assert written(author, login="") is None


@pytest.mark.parametrize("to", [BOSS, ME, BARE])
def test_a_bare_name_is_a_sign_in_mail_to_the_heads_own_people(to: str) -> None:
    assert written("Trần Thị Hòa <hoa@gmail.com>", login="", to=to)


@pytest.mark.parametrize("to", [DESK, ELSEWHERE, "khong-ai@cantho.gov.vn", CITIZEN])
def test_citizens_of_that_name_may_write_to_desks_and_to_other_agencies(to: str) -> None:
    assert written("Trần Thị Hòa <hoa@gmail.com>", login="", to=to) is None
    assert written("Trần Thị Hòa - Sở Nội vụ <hoa@gmail.com>", login="", to=to)


def test_an_official_address_as_a_name_needs_no_directory() -> None:
    assert written(f'"{DESK}" <x@gmail.com>', login="", policy=without_directory("CT"))
    assert written("Trần Thị Hòa <x@gmail.com>", login="", policy=without_directory("CT")) is None
