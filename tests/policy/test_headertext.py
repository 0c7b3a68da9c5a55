# SPDX-License-Identifier: GPL-3.0-or-later
"""Header text as people read it, and as attackers bend it."""

import base64
import encodings
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.headertext import MAX_BYTES, UNKNOWN_8BIT, base64_bytes, body_text, decode


def b64(text: str, charset: str = "utf-8") -> bytes:
    return b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(text.encode(charset)))


CASES = [
    (b"plain", "plain"),
    (b"folded\r\n over lines", "folded over lines"),
    (b"folded\n\twith a tab", "folded\twith a tab"),
    ("Báo cáo thô".encode(), "Báo cáo thô"),
    ("caf\xe9".encode("latin-1"), "café"),
    (b64("Giấy mời họp"), "Giấy mời họp"),
    (b"=?utf-8?q?Gi=E1=BA=A5y_m=E1=BB=9Di?=", "Giấy mời"),
    (b"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
    (b"=?utf-8?Q?a?= x =?utf-8?Q?b?=", "a x b"),
    (b"=?utf-8?B?4bq?= =?utf-8?B?pQ==?=", "\u1ea5"),  # one letter split between two words
    (b"=?iso-8859-1?Q?a?= =?utf-8?Q?b?=", "ab"),
    (b"=?utf-8*vi?Q?a?=", "a"),  # RFC 2231, 5: a language after the charset
    (b"=?unknown-charset?Q?a?=", "a"),
    (b"=?idna?Q?xn--bo-dja?=", "xn--bo-dja"),  # a codec of Python's, no charset
    (b"=?rot13?Q?a?=", "a"),  # a codec, but not of text
    (b"=?utf-8?X?a?=", "=?utf-8?X?a?="),
    (b"=?utf-8?Q?never ends", "=?utf-8?Q?never ends"),
    (b"=?", "=?"),
    (unicodedata.normalize("NFD", "Tiếng Việt").encode(), "Tiếng Việt"),
]


@pytest.mark.parametrize(("value", "text"), CASES)
def test_a_value_is_decoded(value: bytes, text: str) -> None:
    assert decode(value) == text


@given(st.binary(max_size=200))
def test_no_value_is_too_broken_to_decode(value: bytes) -> None:
    decode(value)
    decode(b"=?utf-8?B?" + value + b"?=")
    decode(b"=?" + value + b"?Q?x?=")


@given(st.text(max_size=80))
def test_what_was_encoded_comes_back_composed(text: str) -> None:
    assert decode(b64(text)) == unicodedata.normalize("NFC", text)


def test_long_text_is_composed_too() -> None:
    text = "Kính gửi Ủy ban nhân dân " * 60
    assert decode(unicodedata.normalize("NFD", text).encode()) == text


def test_marks_without_end_are_all_kept() -> None:
    assert len(decode(("a" + "\u0315\u0316" * 2000).encode())) == 4001


def test_beginnings_of_encoded_words_without_an_end_are_text() -> None:
    assert decode(b"=?utf-8?B?x" * 1000) == "=?utf-8?B?x" * 1000


def test_a_value_longer_than_the_bound_is_cut() -> None:
    assert len(decode(b"a" * (MAX_BYTES + 1))) == MAX_BYTES


@pytest.mark.parametrize(
    ("data", "plain"), [(b"YWJj", b"abc"), (b"YW-J*j", b"abc"), (b"YWI", b"ab"), (b"Y", b"")]
)
def test_base64_is_read_whatever_is_in_it(data: bytes, plain: bytes) -> None:
    assert base64_bytes(data) == plain


def test_charsets_that_strangers_make_up_are_not_remembered() -> None:
    before = len(encodings._cache)
    decode(b" ".join(b"=?made-up-%d?Q?a?=" % number for number in range(100)))
    assert len(encodings._cache) == before


TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam".encode("latin-1")


@pytest.mark.parametrize("charset", ["", "us-ascii", "utf-8"])
def test_bytes_that_are_not_what_they_are_declared_to_be_are_kept_and_called_so(charset: str) -> None:
    assert body_text(TCVN3, charset) == ("Céng hßa x· héi chñ nghÜa ViÖt Nam", UNKNOWN_8BIT)


@pytest.mark.parametrize("charset", ["", "us-ascii", "utf-8", "utf8"])
def test_unicode_with_a_broken_byte_or_cut_in_a_letter_stays_unicode(charset: str) -> None:
    assert body_text("Kính gửi các đơn vị".encode() + b"\xa0", charset)[1] == charset
    assert body_text("Kính gửi các đơn vị".encode()[:-1], charset) == ("Kính gửi các đơn v\ufffd", charset)


def test_text_is_read_in_the_charset_it_declares() -> None:
    assert body_text(b"Vi\xeat Nam", "iso-8859-1") == ("Viêt Nam", "iso-8859-1")
    assert body_text(b"plain", "us-ascii") == ("plain", "us-ascii")
