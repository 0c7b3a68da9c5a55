# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scanner sees in a message: parts, paths, sizes worked out by hand."""

import pytest

from gate.chunking import Fields, scan
from mailgate.scanner import Scan, scan_message
from mailpolicy.message import Part

MIXED: Fields = [("MIME-Version", b"1.0"), ("Content-Type", b'multipart/mixed; boundary="b"')]


def outline(found: Scan) -> list[tuple[str, str, int, int]]:
    return [(part.path, part.type, part.encoded_size, part.decoded_size) for part in found.parts]


def lone(body: bytes, *fields: tuple[str, bytes]) -> Part:
    """The one part of a message with this body."""
    (part,) = scan(list(fields), body).parts
    return part


def test_a_message_without_mime_is_one_text() -> None:
    found = scan([("Subject", b"Hello")], b"Xin ch\xc3\xa0o\r\n")
    assert found.parts == (Part("1", "text/plain", "7bit", 11, 11, sample="Xin chào\r\n"),)
    assert found.malformed == ()


def test_a_text_tells_its_charset_and_when_it_is_in_another() -> None:
    cases = {
        b"text/plain; charset=UTF-8": ("Vi\xc3\xaa\xcc\xa3t".encode("latin-1"), "utf-8"),
        b"text/plain; charset=Windows-1258": (b"Vi\xea\xf2t", "windows-1258"),
        b"text/plain; charset=utf-8": (b"Vi\xd6t", "unknown-8bit"),
        b"text/plain": (b"Viet", "us-ascii"),
    }
    for declared, (body, charset) in cases.items():
        assert lone(body, ("Content-Type", declared)).charset == charset


def test_a_message_without_a_body_is_an_empty_text() -> None:
    assert scan([]).parts == (Part("1", "text/plain"),)


def test_the_size_is_counted_in_bytes_on_the_wire() -> None:
    wire = b"Subject: a\r\n\tb\r\nTo: x@example.org\r\n\r\nbody\r\n"
    fields = [("Subject", b"a\n\tb"), ("To", b"x@example.org")]
    assert scan(fields, b"body\r\n").size == len(wire)
    assert scan([("Subject", b"a\r\n\tb"), ("To", b"x@example.org")], b"body\r\n").size == len(wire)
    assert scan([], b"body\r\n").size == len(b"\r\nbody\r\n")


def test_the_line_end_before_a_boundary_belongs_to_the_boundary() -> None:
    body = b"--b\r\n\r\nabc\r\n--b\r\n\r\nabc\r\n\r\n--b\r\n\r\n--b\r\n\r\n\r\n--b--\r\n"
    assert [part.decoded_size for part in scan(MIXED, body).parts[1:]] == [3, 5, 0, 0]


def test_bare_lf_line_ends_give_the_same_parts() -> None:
    body = b"--b\r\nContent-Type: text/csv\r\n\r\nabc\r\n--b\r\n\r\n--b--\r\n"
    expected = [("1", "text/csv", 3, 3), ("2", "text/plain", 0, 0)]
    assert outline(scan(MIXED, body))[1:] == expected
    assert outline(scan(MIXED, body.replace(b"\r\n", b"\n")))[1:] == expected


def test_parts_are_numbered_as_imap_does() -> None:
    body = (
        b"--b\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n"
        b"--i\r\n\r\none\r\n--i\r\n\r\ntwo\r\n--i--\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nthree\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=j\r\n\r\n"
        b"--j\r\n\r\nfour\r\n--j--\r\n--b--\r\n"
    )
    assert [(part.path, part.type) for part in scan(MIXED, body).parts] == [
        ("TEXT", "multipart/mixed"),
        ("1", "multipart/alternative"),
        ("1.1", "text/plain"),
        ("1.2", "text/plain"),
        ("2", "message/rfc822"),
        ("2.1", "text/plain"),
        ("3", "message/rfc822"),
        ("3.TEXT", "multipart/mixed"),
        ("3.1", "text/plain"),
    ]


def test_a_container_spans_its_content_and_holds_the_sum_of_its_leaves() -> None:
    inner = b"--i\r\n\r\none\r\n--i\r\n\r\nthree\r\n--i--"
    body = b"--b\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n" + inner + b"\r\n--b--\r\n"
    found = scan(MIXED, body)
    assert outline(found)[:2] == [
        ("TEXT", "multipart/mixed", len(body), 8),
        ("1", "multipart/mixed", len(inner), 8),
    ]
    assert [part.container for part in found.parts] == [True, True, False, False]
    assert not any(part.attachment for part in found.parts)


def test_everything_in_an_attached_message_is_attached() -> None:
    body = (
        b"--b\r\n\r\nhello\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ntext\r\n--b--\r\n"
    )
    assert [(part.path, part.attachment) for part in scan(MIXED, body).parts] == [
        ("TEXT", False),
        ("1", False),
        ("2", True),
        ("2.1", True),
    ]


def test_the_parts_of_a_digest_are_messages() -> None:
    fields = [("Content-Type", b"multipart/digest; boundary=b")]
    body = b"--b\r\n\r\nSubject: x\r\n\r\ntext\r\n--b\r\nContent-Type: text/plain\r\n\r\nmore\r\n--b--\r\n"
    assert outline(scan(fields, body))[1:] == [
        ("1", "message/rfc822", 18, 4),
        ("1.1", "text/plain", 4, 4),
        ("2", "text/plain", 4, 4),
    ]


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        (b"base64", b"Q29udGVudC1UeXBlOiBhcHBsaWNhdGlvbi9wZGYNCg0KJVBERg==\r\n"),
        (b"quoted-printable", b"Content-Type:=20application/p=\r\ndf\r\n\r\n%PDF"),
    ],
)
def test_an_encoded_message_is_looked_into(encoding: bytes, encoded: bytes) -> None:
    found = scan([("Content-Type", b"message/rfc822"), ("Content-Transfer-Encoding", encoding)], encoded)
    assert outline(found) == [
        ("1", "message/rfc822", len(encoded), 4),
        ("1.1", "application/pdf", 4, 4),
    ]
    assert all(part.attachment for part in found.parts)


BASE64 = ("Content-Transfer-Encoding", b"BASE64")
QUOTED = ("Content-Transfer-Encoding", b"quoted-printable")


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (b"aGVsbG8=\r\n", 5),
        (b"aGVs\r\nbG8", 5),  # no padding
        (b" aG Vs\t\r\n*bG-8=\r\n", 5),  # characters that are no digits
        (b"aGVsbG8=\r\naGVsbG8=\r\naGU=\r\n", 12),  # three padded runs
        (b"aGVsbA==bG8=", 6),
        (b"a", 0),  # six bits are no byte
        (b"====", 0),
        (b"", 0),
    ],
)
def test_base64_counts_the_bytes_it_stands_for(body: bytes, size: int) -> None:
    part = lone(body, BASE64)
    assert (part.encoding, part.encoded_size, part.decoded_size) == ("base64", len(body), size)


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (b"=C3=A1 b\r\n", 6),
        (b"so=\r\nft  =\r\n", 6),  # soft breaks
        (b"end \t \r\nend", 8),  # white space that ends a line
        (b"end   ", 3),
        (b"soft = \t\r\nbreak", 10),
        (b"100=G1, =4, ==", 13),  # invalid escapes stay; the last "=" breaks the last line
    ],
)
def test_quoted_printable_counts_the_bytes_it_stands_for(body: bytes, size: int) -> None:
    assert lone(body, QUOTED).decoded_size == size


@pytest.mark.parametrize("encoding", [b"7bit", b"8bit", b"binary"])
def test_what_is_not_encoded_counts_as_received_line_ends_included(encoding: bytes) -> None:
    assert lone(b"a\r\n\xe1\r\n", ("Content-Transfer-Encoding", encoding)).decoded_size == 6


UU = b"begin 644 s\xe1\xbb\x91 li\xe1\xbb\x87u.xls\r\n#0V%T\r\n`\r\nend\r\n"  # "Cat"


@pytest.mark.parametrize("encoding", [b"x-uuencode", b"uuencode", b"x-uue"])
def test_a_uuencoded_part_has_its_file_s_name_and_size(encoding: bytes) -> None:
    part = lone(UU, ("Content-Transfer-Encoding", encoding))
    assert (part.decoded_size, part.filenames, part.attachment) == (3, ("số liệu.xls",), True)


def test_a_uuencoded_file_in_a_text_is_a_part_of_its_own() -> None:
    text, file = scan([], b"See here:\r\n" + UU).parts
    assert (text.path, text.attachment, text.decoded_size) == ("1", False, 11 + len(UU))
    assert (file.path, file.encoding, file.filenames) == ("1.uu1", "x-uuencode", ("số liệu.xls",))
    assert (file.encoded_size, file.decoded_size, file.attachment) == (len(UU) - 2, 3, True)


def test_a_text_that_is_attached_is_not_searched_for_uuencoded_files() -> None:
    part = lone(UU, ("Content-Disposition", b"attachment"))
    assert (part.decoded_size, part.attachment) == (len(UU), True)


@pytest.mark.parametrize(
    ("body", "fields", "sample"),
    [
        ("thư".encode(), [], "thư"),
        (b"th=C6=B0", [QUOTED], "thư"),
        (b"dGjGsA==", [BASE64], "thư"),
        ("thư".encode("cp1258"), [("Content-Type", b"text/plain; charset=windows-1258")], "thư"),
        ("thư".encode(), [("Content-Type", b"text/html; charset=us-ascii")], "thư"),
        (b"th\xff", [("Content-Type", b"text/plain; charset=no-such")], "th\ufffd"),
        (b"\x89PNG", [("Content-Type", b"image/png")], ""),
    ],
)
def test_a_text_part_shows_a_decoded_sample(body: bytes, fields: Fields, sample: str) -> None:
    assert lone(body, *fields).sample == sample


def test_a_picture_shown_in_the_text_is_not_attached() -> None:
    fields = [("Content-Type", b"multipart/related; boundary=b")]
    body = (
        b"--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:a>\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n\r\nPNG\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <b>\r\n"
        b"Content-Disposition: attachment\r\n\r\nPNG\r\n--b--"
    )
    assert [part.attachment for part in scan(fields, body).parts] == [False, False, False, True]


def test_an_unknown_disposition_is_an_attachment() -> None:
    assert lone(b"x", ("Content-Disposition", b"for-your-files")).attachment


SAVED = b"Received: by mx\n\tid 1\nReceived: by other\nSubject:  two spaces\nX-Empty:\n\nText\nline two\n"


@pytest.mark.parametrize(
    "raw", [SAVED, SAVED.replace(b"\n", b"\r\n"), b"From vanthu Mon Jan  1 00:00:00 2024\n" + SAVED]
)
def test_a_saved_message_is_split_as_postfix_hands_it_over(raw: bytes) -> None:
    fields, found = scan_message(raw)
    assert fields == [
        ("Received", b"by mx\n\tid 1"),
        ("Received", b"by other"),
        ("Subject", b" two spaces"),
        ("X-Empty", b""),
    ]
    assert outline(found) == [("1", "text/plain", 16, 16)]


@pytest.mark.parametrize(
    ("raw", "names", "size"),
    [
        (b"", [], 0),
        (b"\r\nbody", [], 4),
        (b"Subject: x", ["Subject"], 0),
        (b"Subject: x\r\n", ["Subject"], 0),
        (b"Subject: x\r\nno field\r\n\r\nbody", ["Subject"], 16),  # Postfix ends the header here
        (b"no field", [], 8),
        (b" no field", [], 9),
    ],
)
def test_a_saved_message_that_lacks_something_is_still_read(raw: bytes, names: list[str], size: int) -> None:
    fields, found = scan_message(raw)
    assert ([name for name, _ in fields], found.parts[0].decoded_size) == (names, size)
