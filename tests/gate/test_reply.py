# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refusal says, for every duty with a rule in every regulation."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate import reply
from mailgate.effects import Reply
from mailpolicy.citation import article_vi
from mailpolicy.regulation import Duty, Regulation, load, load_all
from mailpolicy.rules import CODES

REFUSALS = [
    pytest.param(duty, regulation, id=f"{regulation.short}-{duty.code}")
    for regulation in load_all()
    for duty in regulation.duties
    if duty.code in CODES
]
SOCTRANG = load("soctrang-59-2024")


def on_the_wire(refusal: Reply) -> list[bytes]:
    """The lines as an SMTP server sends them."""
    return [line.encode("ascii") + b"\r\n" for line in str(refusal).splitlines()]


def test_every_rule_has_its_words_and_no_words_are_left_over() -> None:
    assert reply.WORDINGS.keys() == CODES


@pytest.mark.parametrize(("duty", "regulation"), REFUSALS)
def test_a_refusal_is_ascii_and_each_line_fits_smtp(duty: Duty, regulation: Regulation) -> None:
    refusal = reply.refusal(duty, regulation)
    for line in on_the_wire(refusal):
        assert len(line) <= 512  # RFC 5321, 4.5.3.1.5
        assert re.fullmatch(rb"5\d\d[ -]5\.\d{1,3}\.\d{1,3} [ -~]+\r\n", line)
    assert len(refusal.lines) <= 32  # libmilter's limit


@pytest.mark.parametrize(("duty", "regulation"), REFUSALS)
def test_a_refusal_names_regulation_and_article_in_vietnamese_and_english(
    duty: Duty, regulation: Regulation
) -> None:
    said = " ".join(reply.refusal(duty, regulation).lines)
    vietnamese, _, english = said.rpartition(f"[PW-{regulation.short}-{duty.code}]")
    assert vietnamese.startswith(f"[PW-{regulation.short}-{duty.code}] ")
    assert reply.ascii_text(regulation.citation_vi) in vietnamese
    assert regulation.citation_en in english
    for article in duty.articles:
        assert reply.ascii_text(article) in english or article == "căn cứ"
        number = article.partition(".")[0]
        assert f"Dieu {number}" in vietnamese or article == "căn cứ"


@pytest.mark.parametrize(("duty", "regulation"), REFUSALS)
def test_no_word_of_a_refusal_is_left_unfilled(duty: Duty, regulation: Regulation) -> None:
    said = " ".join(reply.refusal(duty, regulation).lines)
    assert not set("{}?") & set(said)


def test_the_cap_is_told_with_the_sites_own_figure() -> None:
    duty = SOCTRANG.duty("attachment-cap")
    assert duty is not None
    own = replace(duty, parameters=duty.parameters.model_copy(update={"limit_mb": 40}))
    refusal = reply.refusal(own, SOCTRANG)
    assert (refusal.code, refusal.xcode) == ("552", "5.3.4")
    assert "40 MB moi tep" in refusal.lines[0]
    assert "40 MB per file" in refusal.lines[1]


def test_a_temporary_refusal_is_of_class_4() -> None:
    for line in on_the_wire(reply.temporary()):
        assert re.fullmatch(rb"451[ -]4\.3\.0 [ -~]+\r\n", line)


@pytest.mark.parametrize(
    ("article", "cited"),
    [
        ("7", "Điều 7"),
        ("9.3", "khoản 3 Điều 9"),
        ("4.2c", "điểm c khoản 2 Điều 4"),
        ("4.2đ", "điểm đ khoản 2 Điều 4"),
        ("7.1, 14.2", "khoản 1 Điều 7, khoản 2 Điều 14"),
        ("căn cứ", "căn cứ"),
    ],
)
def test_articles_are_cited_as_vietnamese_law_does(article: str, cited: str) -> None:
    assert article_vi(article) == cited


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đường Nguyễn Đình Chiểu", "Duong Nguyen Dinh Chieu"),
        ("ỦY BAN NHÂN DÂN", "UY BAN NHAN DAN"),
        ("U\u0309y ban", "Uy ban"),  # written with a combining mark
        ("“thư” – ‘tệp’", "\"thu\" - 'tep'"),
        ("100 % 日本\r\n\x00", "100 % ?????"),
    ],
)
def test_marks_come_off_and_nothing_unprintable_stays(text: str, plain: str) -> None:
    assert reply.ascii_text(text) == plain


@given(citation=st.text(min_size=1, max_size=4000))
def test_any_citation_an_office_writes_gives_a_reply_that_fits(citation: str) -> None:
    duty = SOCTRANG.duty("sender-domain")
    assert duty is not None
    refusal = reply.refusal(duty, replace(SOCTRANG, citation_vi=citation, citation_en=citation))
    assert len(refusal.lines) <= 32
    assert all(len(line) <= 512 for line in on_the_wire(refusal))


def test_the_mark_is_one_line_of_ascii() -> None:
    assert reply.mark("auto-forward", "9.3", SOCTRANG) == "auto-forward; ST 9.3"
    assert reply.mark("display-name", "4.2đ", SOCTRANG) == "display-name; ST 4.2d"
