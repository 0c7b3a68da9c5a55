# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading an office's list of mailboxes from CSV."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.directory.columns import MAILBOX
from mailaudit.directory.csvfile import read_mailboxes
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.files.problems import BadFile


def mistakes(text: str) -> list[tuple[str, str]]:
    with pytest.raises(BadFile) as raised:
        read_mailboxes(text, "boxes.csv")
    assert all(problem.file == "boxes.csv" and problem.expected for problem in raised.value.problems)
    return [(problem.key, problem.wrong) for problem in raised.value.problems]


def test_every_column_is_a_field_of_a_mailbox_and_the_other_way_round() -> None:
    assert list(MAILBOX) == [field.name for field in fields(Mailbox)]


def test_only_the_address_is_required() -> None:
    assert read_mailboxes("address\nVanThu@Example.ORG\n", "boxes.csv") == [Mailbox("vanthu@example.org")]


def test_all_columns_are_read_in_any_order() -> None:
    text = (
        "unit,kind,address,confirmed_on,suspended_on,excused_until,created\n"
        "Văn phòng,Agency,vanthu@example.org,2026-04-03,2026-04-02,2026-04-01,2026-03-31\n"
    )
    assert read_mailboxes(text, "boxes.csv") == [
        Mailbox(
            address="vanthu@example.org",
            kind=Kind.AGENCY,
            unit="Văn phòng",
            created=date(2026, 3, 31),
            excused_until=date(2026, 4, 1),
            suspended_on=date(2026, 4, 2),
            confirmed_on=date(2026, 4, 3),
        )
    ]


def test_a_file_as_excel_writes_it_in_vietnam() -> None:
    text = "\ufeffAddress;Kind;Unit;Created\r\ncanbo1@example.org;person;Phòng Đo đạc; Bản đồ;\r\n"
    with pytest.raises(BadFile):  # an unquoted ; is one more cell
        read_mailboxes(text, "boxes.csv")
    text = '\ufeffAddress;Kind;Unit;Created\r\ncanbo1@example.org;;"Đo đạc; Bản đồ";31/8/2026\r\n;;;\r\n'
    assert read_mailboxes(text, "boxes.csv") == [
        Mailbox("canbo1@example.org", unit="Đo đạc; Bản đồ", created=date(2026, 8, 31))
    ]


def test_cells_left_out_at_the_end_of_a_row_are_empty() -> None:
    text = "address,kind,unit,created\ncanbo1@example.org,unit\n\nvanthu@example.org,,,,,\n"
    assert read_mailboxes(text, "boxes.csv") == [
        Mailbox("canbo1@example.org", kind=Kind.UNIT),
        Mailbox("vanthu@example.org"),
    ]


def test_every_mistake_is_said_in_one_go_with_its_line_and_column() -> None:
    text = (
        "address,kind,created\n"
        "canbo1@example.org,head,2026-02-30\n"
        ",person,\n"
        "canbo 2@example.org,person,31.08.2026\n"
        "CANBO1@example.org,person,\n"
        "canbo3@example.org,person,,x\n"
        "canbo4,person,3026-01-01\n"
    )
    assert mistakes(text) == [
        ("line 2, kind", '"head"'),
        ("line 2, created", '"2026-02-30"'),
        ("line 3, address", "empty"),
        ("line 4, address", '"canbo 2@example.org"'),
        ("line 4, created", '"31.08.2026"'),
        ("line 5, address", "canbo1@example.org is already at line 2"),
        ("line 6", "4 cells"),
        ("line 7, address", '"canbo4"'),
        ("line 7, created", '"3026-01-01"'),
    ]


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    text = 'address,unit\ncanbo1@example.org,"Phòng\nKhoáng sản"\nnobody,\n'
    assert mistakes(text) == [("line 4, address", '"nobody"')]


@pytest.mark.parametrize(
    "address", ["@example.org", "a@", "a@@example.org", "a@b@example.org", "a@example", "<a b@c.vn>"]
)
def test_what_is_no_address_is_a_mistake(address: str) -> None:
    assert mistakes(f"address\n{address}\n") == [("line 2, address", f'"{address}"')]


def test_a_misspelt_column_is_a_mistake_and_the_right_name_is_said() -> None:
    with pytest.raises(
        BadFile, match=r'line 1, column 2: unknown column "excused_untill"; expected "excused_until"'
    ):
        read_mailboxes("address,excused_untill\ncanbo1@example.org,2026-12-31\n", "boxes.csv")


def test_a_column_named_twice_is_a_mistake() -> None:
    assert mistakes("address,unit,address\na@example.org,b,c@example.org\n") == [
        ("line 1, column 3", 'a second column "address"')
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_a_file_without_a_header_is_a_mistake(text: str) -> None:
    assert mistakes(text) == [("line 1", 'no column "address"')]


def test_a_header_without_addresses_is_the_only_mistake_said() -> None:
    assert mistakes("email,kind\na@example.org,nonsense\n") == [("line 1", 'no column "address"')]


def test_an_offices_own_columns_are_passed_over() -> None:
    text = "address,họ tên,phone,created\na@example.org,Cán bộ,0123,2020-02-03 08:30:00\n"
    assert read_mailboxes(text, "boxes.csv") == [Mailbox("a@example.org", created=date(2020, 2, 3))]


def test_a_directory_without_mailboxes_is_a_mistake() -> None:
    assert mistakes("address,kind\n") == [("file", "lists nothing")]


def test_a_quote_that_never_closes_is_a_mistake_on_the_line_it_opens() -> None:
    assert mistakes('address,unit\na@example.org,x\nb@example.org,"Phòng\nc@example.org,y\n') == [
        ("line 3", "not CSV (unexpected end of data)")
    ]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_its_mistakes(text: str) -> None:
    try:
        assert read_mailboxes(f"address,created\n{text}", "boxes.csv")
    except BadFile as bad:
        assert bad.problems
