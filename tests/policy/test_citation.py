# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import date

import pytest

from mailpolicy.citation import article_vi, date_vi, regulation_vi
from mailpolicy.regulation import load


@pytest.mark.parametrize(
    ("article", "cited"),
    [
        ("9", "Điều 9"),
        ("8.1", "khoản 1 Điều 8"),
        ("6.2b", "điểm b khoản 2 Điều 6"),
        ("4.2đ", "điểm đ khoản 2 Điều 4"),
        ("10.3, 11.4", "khoản 3 Điều 10, khoản 4 Điều 11"),
        ("căn cứ", "căn cứ"),
    ],
)
def test_an_article_is_cited_as_vietnamese_law_does(article: str, cited: str) -> None:
    assert article_vi(article) == cited


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 21), "ngày 21 tháng 11 năm 2026"),
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
    ],
)
def test_small_days_and_the_first_two_months_have_a_zero(day: date, written: str) -> None:
    assert date_vi(day) == written


def test_a_regulation_is_named_with_its_decision_and_a_draft_as_one() -> None:
    assert regulation_vi(load("CT")) == (
        "Quy chế quản lý, sử dụng hệ thống thư điện tử trong hoạt động của các cơ quan nhà nước "
        "(ban hành kèm theo Quyết định số 33/2015/QĐ-UBND ngày 18 tháng 12 năm 2015 của Ủy ban nhân dân "
        "thành phố Cần Thơ)"
    )
    assert regulation_vi(load("HCM")) == (
        "Quy chế quản lý và sử dụng hệ thống thư điện tử công vụ của Sở Tài nguyên và Môi trường Thành phố "
        "Hồ Chí Minh, dự thảo 2018 (số: .../QĐ-STNMT-VP)"
    )
