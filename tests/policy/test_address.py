# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses as people and attackers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.address import Mailbox, domain_of, normalise, parse_mailboxes, same_mailbox

FIELDS = [
    ("vanthu@soctrang.gov.vn", [Mailbox("", "vanthu@soctrang.gov.vn")]),
    ("Văn thư <vanthu@soctrang.gov.vn>", [Mailbox("Văn thư", "vanthu@soctrang.gov.vn")]),
    ('"Sở TTTT, Văn phòng" <vp@soctrang.gov.vn>', [Mailbox("Sở TTTT, Văn phòng", "vp@soctrang.gov.vn")]),
    ("a@example.org, b@example.org", [Mailbox("", "a@example.org"), Mailbox("", "b@example.org")]),
    ("a@example.org (Cán bộ (một), phòng A)", [Mailbox("", "a@example.org")]),
    ("Nhóm: a@example.org, b@example.org;", [Mailbox("", "a@example.org"), Mailbox("", "b@example.org")]),
    (
        '"gia <boss@soctrang.gov.vn>" <thief@example.org>',
        [Mailbox("gia <boss@soctrang.gov.vn>", "thief@example.org")],
    ),
    ("<@hop.example:a@example.org>", [Mailbox("", "a@example.org")]),
    ("a @ example.org", [Mailbox("", "a@example.org")]),
    (r'"quote \" in" <a@example.org>', [Mailbox('quote " in', "a@example.org")]),
    (r"(escaped \) paren) a@example.org", [Mailbox("", "a@example.org")]),
    ("undisclosed-recipients:;", []),
    ("", []),
    ("<>", []),
]


@pytest.mark.parametrize(("field", "boxes"), FIELDS)
def test_every_mailbox_of_a_field_is_read(field: str, boxes: list[Mailbox]) -> None:
    assert parse_mailboxes(field) == boxes


@given(st.text(alphabet='a@b.,;:<>()"\\ \t\x00ệ', max_size=60))
def test_no_field_is_too_broken_to_read(field: str) -> None:
    assert all(box.address for box in parse_mailboxes(field))


def test_addresses_compare_without_case_brackets_and_detail() -> None:
    assert normalise(" <VanThu@SocTrang.GOV.vn.> ") == "vanthu@soctrang.gov.vn"
    assert same_mailbox("vanthu+phieu@soctrang.gov.vn", "<VANTHU@soctrang.gov.vn>")
    assert not same_mailbox("vanthu@soctrang.gov.vn", "vanthu@cantho.gov.vn")


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@Example.ORG.", "example.org"),
        ("a@bücher.example", "xn--bcher-kva.example"),
        ("nobody", ""),
        ("@example.org", ""),
        ("", ""),
    ],
)
def test_a_domain_is_given_in_ascii_and_lower_case(address: str, domain: str) -> None:
    assert domain_of(address) == domain
