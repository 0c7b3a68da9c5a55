# SPDX-License-Identifier: GPL-3.0-or-later
"""Local parts against the five regulations' patterns: the texts' own examples, and what fits none."""

from functools import cache
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.directory import Kind
from mailpolicy.office.namerules import ROLES, Misfit, misfit, spelled
from mailpolicy.parameters import AddressFormat
from mailpolicy.regulation import load

MINH = "Nguyễn Văn Minh"
P, U, A = Kind.PERSON, Kind.UNIT, Kind.AGENCY
SHORTS = ("HCM", "TS", "CT", "ST", "MR")


@cache
def rules(short: str) -> AddressFormat:
    duty = load(short).duty("address-format")
    assert duty is not None
    return cast(AddressFormat, duty.parameters)


@pytest.mark.parametrize(
    ("short", "local", "kind", "name"),
    [
        ("CT", "nvminh", P, MINH),
        ("CT", "nvanminh", P, MINH),
        ("CT", "nguyenvanminh", P, f"{MINH} - Sở Nội vụ"),
        ("CT", "sonv", A, "Sở Nội vụ"),
        ("CT", "vanphong.sokhdt", U, "Văn phòng"),
        ("CT", "vpubndninhkieu", U, "Văn phòng UBND quận Ninh Kiều"),
        ("ST", "dcnguyen", P, "Dương Chí Nguyên"),
        ("ST", "dcnguyen2", P, "Dương Chí Nguyên"),
        ("ST", "phongcds.sotttt", U, "Phòng Chuyển đổi số"),
        ("MR", "nvminh_cntt", P, MINH),
        ("MR", "nvminh_cntt2", P, MINH),
        ("MR", "nvminh_phongkt_cucbdkh", P, MINH),
        ("MR", "phongkt_cucbdkh", U, ""),
        ("TS", "minhnv", P, MINH),
        ("TS", "vanminhn", P, MINH),
        ("TS", "minhnv1975", P, MINH),
        ("TS", "nguyenvanminh", P, MINH),  # 6.2a: a leader
        ("TS", "xatayphu", A, "UBND xã Tây Phú"),
        ("HCM", "nvminh.stnmt", P, MINH),
        ("HCM", "phong-do-dac.stnmt", U, ""),
        ("ST", "tnnguyen", P, "Trương Nguyên Nguyên"),
        ("ST", "nlan", P, "Ngô Lan"),
        ("ST", "pthoa", P, "phạm  thị hòa"),
        ("ST", "ddao", P, "Đặng Đào"),
    ],
)
def test_the_texts_own_names_fit(short: str, local: str, kind: Kind, name: str) -> None:
    assert misfit(local, kind, name, rules(short)) is None
    assert misfit(local, None, "", rules(short)) is None


@pytest.mark.parametrize(
    ("short", "local", "kind", "wrong"),
    [
        ("ST", "nvminh-1", P, Misfit.SHAPE),
        ("ST", "nguyen.vanminh", P, Misfit.SHAPE),
        ("ST", "nguyen.vanminh", None, None),  # it could be a unit's
        ("ST", "nvminh_phong1", None, Misfit.SHAPE),
        ("ST", "nvminh0", P, Misfit.SHAPE),  # numbers begin at 1
        ("MR", "nv.minh", None, Misfit.SHAPE),
        ("HCM", "nvminh", P, Misfit.SHAPE),
        ("HCM", "nvminh.stnmt2", None, Misfit.SHAPE),
        ("CT", "nguyễnvănminh", P, Misfit.CHARACTERS),
        ("CT", "nv!minh", None, Misfit.CHARACTERS),
        ("CT", "", None, Misfit.CHARACTERS),
        ("CT", "n" * 65, None, Misfit.CHARACTERS),
        ("ST", "nvhung", P, Misfit.NAME),
        ("ST", "minhnv", P, Misfit.NAME),
        ("TS", "nvminh", P, Misfit.NAME),
        ("ST", "tatca_canbo", Kind.LIST, None),
    ],
)
def test_what_fits_no_pattern_is_told_with_the_reason(
    short: str, local: str, kind: Kind | None, wrong: Misfit | None
) -> None:
    assert misfit(local, kind, MINH, rules(short)) is wrong


@pytest.mark.parametrize("short", SHORTS)
@pytest.mark.parametrize("local", sorted(ROLES))
def test_role_addresses_fit_everywhere(short: str, local: str) -> None:
    assert misfit(local, P, MINH, rules(short)) is None


@pytest.mark.parametrize("name", ["", "Minh", "(Sở Nội vụ)", "…"])
def test_a_name_without_parts_blames_nobody(name: str) -> None:
    assert spelled(name) == {}
    assert misfit("abc", P, name, rules("ST")) is None


def test_a_name_of_four_words_has_two_middle_names() -> None:
    parts = spelled("Dương Thị Chí Nguyên (Sở Y tế)")
    assert (parts["m"], parts["last_middle"], parts["other_m"]) == ("tc", "chi", "t")


@given(st.text(alphabet="ab1._-", max_size=64), st.text(max_size=40), st.sampled_from(SHORTS))
def test_a_name_can_only_make_it_worse(local: str, name: str, short: str) -> None:
    unnamed = misfit(local, P, "", rules(short))
    assert misfit(local, P, name, rules(short)) in ({None, Misfit.NAME} if unnamed is None else {unnamed})
