# SPDX-License-Identifier: GPL-3.0-or-later
"""File names, as the many ways of writing them give them."""

import base64

import pytest

from gate.chunking import scan
from mailgate.mime.bounds import MAX_NAME, MAX_NAMES

VIETNAMESE = "Báo cáo quý.docx"
WORD = b"=?utf-8?B?" + base64.b64encode(VIETNAMESE.encode()) + b"?="
PERCENT = b"B%C3%A1o%20c%C3%A1o%20qu%C3%BD.docx"


def names(disposition: bytes = b"", content_type: bytes = b"application/pdf") -> tuple[str, ...]:
    fields = [("Content-Type", content_type)]
    if disposition:
        fields.append(("Content-Disposition", b"attachment; " + disposition))
    return scan(fields, b"x").parts[0].filenames


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (b"filename=a.pdf", "a.pdf"),
        (b'filename="a b.pdf"', "a b.pdf"),
        (b'FileName = "a.pdf"', "a.pdf"),
        (b"filename=a b.pdf", "a b.pdf"),  # unquoted, with a space
        (b'filename="a;b.pdf"', "a;b.pdf"),
        (b'filename="a\\"b.pdf"', 'a"b.pdf'),
        (b'filename="a\\\\b.pdf"', "a\\b.pdf"),
        (b'filename="C:\\thu\\a.pdf"', "C:\\thu\\a.pdf"),
        (b'filename="a.pdf', "a.pdf"),  # a quote that never closes
        (b'filename="a\n b.pdf"', "a b.pdf"),  # folded
        (b'filename="a\r\n\tb.pdf"', "a b.pdf"),  # folded with a tab
        (b'filename="' + VIETNAMESE.encode() + b'"', VIETNAMESE),  # bare UTF-8
        ('filename="Bá o.pdf"'.encode("latin-1"), "Bá o.pdf"),  # bare, and not UTF-8
        (b"filename=" + WORD, VIETNAMESE),  # RFC 2047, forbidden here and common
        (b'filename="' + WORD + b'"', VIETNAMESE),
        (b'filename="=?utf-8?Q?B=C3=A1o?=\n =?utf-8?Q?_c=C3=A1o.docx?="', "Báo cáo.docx"),
        (b"filename*=UTF-8''" + PERCENT, VIETNAMESE),  # RFC 2231
        (b"filename*=utf-8'vi'" + PERCENT, VIETNAMESE),
        (b"filename*=windows-1258''B%E1o.docx", "Báo.docx"),
        (b"filename*=" + PERCENT, VIETNAMESE),  # the charset forgotten
        (b"filename*0=Bao; filename*1=cao.docx", "Baocao.docx"),
        (b"filename*1=cao.docx; filename*0=Bao", "Baocao.docx"),
        (b"filename*0*=UTF-8''B%C3%A1; filename*1*=o%20; filename*2=100%25.docx", "Báo 100%25.docx"),
        (b"filename*0=a; filename*2=c; filename*12=m", "acm"),  # numbers missing
        (b'filename*0="' + WORD[:20] + b'"; filename*1="' + WORD[20:] + b'"', VIETNAMESE),
        (b"filename=report (1).pdf", "report (1).pdf"),
        (b"filename=../../etc/passwd", "../../etc/passwd"),
        (b'filename="a\0b\x07.exe"', "a\ufffdb\ufffd.exe"),  # what cannot be seen is shown
        ('filename="gpj\u202efdp.exe"'.encode(), "gpj\ufffdfdp.exe"),
        ("filename=Ba\u0301.pdf".encode(), "Bá.pdf"),  # composed
    ],
)
def test_a_name_is_read(disposition: bytes, expected: str) -> None:
    assert names(disposition)[0] == expected


@pytest.mark.parametrize("disposition", [b"filename=", b'filename=""', b"filename*0*=", b"x=y", b"filename"])
def test_no_name_is_no_name(disposition: bytes) -> None:
    assert names(disposition) == ()


def test_names_that_disagree_are_all_kept() -> None:
    assert names(b"filename=a.txt", b"application/pdf; name=b.exe") == ("a.txt", "b.exe")
    assert names(b"filename=a.txt; filename=b.exe") == ("a.txt", "b.exe")
    assert names(b"filename=a.txt; filename*=utf-8''b.exe") == ("b.exe", "a.txt")
    assert names(b"", b"application/pdf; name=b.exe; filename=c.exe") == ("c.exe", "b.exe")


def test_names_that_agree_are_kept_once() -> None:
    assert names(b"filename*=utf-8''a.txt; filename=a.txt", b"application/pdf; name=a.txt") == ("a.txt",)


def test_a_name_with_a_comment_is_kept_in_both_readings() -> None:
    assert names(b"filename=a.exe (b.txt)") == ("a.exe (b.txt)", "a.exe")


def test_a_text_with_a_name_is_an_attachment() -> None:
    (part,) = scan([("Content-Type", b"text/plain; name=a.txt")], b"x").parts
    assert part.attachment


def test_a_long_name_is_cut_and_the_message_marked() -> None:
    fields = [("Content-Disposition", b"attachment; filename=" + b"a" * (MAX_NAME + 1))]
    found = scan(fields, b"x")
    assert (found.parts[0].filenames, found.malformed) == (("a" * MAX_NAME,), ("name-overlong",))


def test_a_part_with_many_names_keeps_the_first_ones_and_is_marked() -> None:
    value = b"attachment" + b"".join(b"; filename=%d" % number for number in range(MAX_NAMES + 5))
    found = scan([("Content-Disposition", value)], b"x")
    assert found.parts[0].filenames == tuple(map(str, range(MAX_NAMES)))
    assert "name-overlong" in found.malformed


def test_python_s_own_codecs_are_no_charsets() -> None:
    assert names(b"filename*=idna''xn--bo-dja") == ("xn--bo-dja",)
