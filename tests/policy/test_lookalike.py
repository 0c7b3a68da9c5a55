# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that look the same fold to the same text, and generic names are nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.directory import Kind
from mailpolicy.office.lookalike import LONGEST, fold, keys, person_of, readings

BOSS = "Nguyễn Văn Minh"


@pytest.mark.parametrize(
    "written",
    [
        "nguyen van minh",
        "NGUYỄN  VĂN MINH",
        "Nguyê\u0303n Va\u0306n Minh",
        "Nguyễn\u00a0Văn\u200b Minh",
        "Nguy\u0435n V\u0430n Minh",  # Cyrillic e and a
        "\u039dguyen Van \u039cinh",  # Greek capitals
        "N.g.u.y.ễ.n Văn_Minh",
        "Ｎｇｕｙｅｎ Ｖａｎ Ｍｉｎｈ",  # full-width letters
    ],
)
def test_spellings_a_reader_takes_for_one_name_fold_alike(written: str) -> None:
    assert fold(written) == fold(BOSS) == "nguyenvanminh"


@pytest.mark.parametrize("written", ["Nguyễn Văn Ninh", "Nguyễn Văn", "Minh Nguyễn Văn", ""])
def test_other_names_fold_to_something_else(written: str) -> None:
    assert fold(written) != fold(BOSS)


def test_letters_that_no_mark_can_be_taken_off_are_read_as_they_look() -> None:
    assert fold("Đặng Đình Ðô") == "dangdinhdo"


@pytest.mark.parametrize(
    "display",
    [f"{BOSS} - Sở Nội vụ", f"{BOSS} – Sở Nội vụ", f"{BOSS} (Sở Nội vụ)", f"{BOSS}, Sở Nội vụ", BOSS],
)
def test_the_name_before_the_agency_is_the_persons(display: str) -> None:
    assert person_of(display) == BOSS
    assert fold(BOSS) in readings(display)


def test_a_hyphen_inside_a_name_begins_no_agency() -> None:
    assert person_of("Y-Ban Niê") == "Y-Ban Niê"


def test_a_head_is_found_with_and_without_his_agency() -> None:
    assert keys(f"{BOSS} - Sở Nội vụ", Kind.PERSON) == ("nguyenvanminhsonoivu", "nguyenvanminh")


def test_a_units_mailbox_is_found_by_its_whole_name_only() -> None:
    assert keys("Văn phòng - Sở Nội vụ", Kind.UNIT) == ("vanphongsonoivu",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Minh", Kind.PERSON),
        ("Văn phòng", Kind.UNIT),
        ("Văn thư", Kind.AGENCY),
        ("", Kind.PERSON),
        ("Toàn thể cán bộ Sở", Kind.LIST),
    ],
)
def test_a_name_that_is_nobodys_in_particular_is_not_looked_for(name: str, kind: Kind) -> None:
    assert keys(name, kind) == ()


@given(st.text(max_size=3 * LONGEST))
def test_folding_is_bounded_and_never_fails(text: str) -> None:
    folded = fold(text)
    assert len(folded) <= 18 * LONGEST  # the longest that one character becomes in NFKD
    assert all(char.isalnum() for char in folded)
