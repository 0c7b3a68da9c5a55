# SPDX-License-Identifier: GPL-3.0-or-later
"""The display name of the office's people."""

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
) -> Judged | None:
    envelope = Envelope(login or CITIZEN, (CITIZEN,), login=login, client_address=client)
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


@pytest.mark.parametrize("client", [LOOPBACK, STRANGER])
def test_programs_and_strangers_are_passed_over(client: str) -> None:
    assert written(ME, login="", client=client) is None
