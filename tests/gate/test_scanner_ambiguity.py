# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken MIME that readers read differently: the larger attachment counts, and the reason is told."""

from dataclasses import dataclass, field

import pytest

from gate.chunking import Fields, attached, scan
from mailgate.mime import bounds
from mailgate.scanner import Reason
from mailpolicy.malformed import BOUNDS

PDF = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
FILE = b"QUJD" * 25 + b"\r\n" + b"QUJD" * 25  # 150 bytes in 202
TEXT = b"\r\nHello\r\n"
MIXED = b"multipart/mixed; boundary=b"


@dataclass(frozen=True)
class Case:
    """A message, the attached bytes that must be seen in it, and what is told of it."""

    reasons: tuple[Reason, ...]
    content_type: bytes
    body: bytes
    attached: int
    fields: Fields = field(default_factory=list)


def plain(body: bytes = b"") -> bytes:
    """A text, then a file, as they should be."""
    return b"--b\r\n" + TEXT + b"\r\n--b\r\n" + PDF + FILE + body


END = b"\r\n--b--\r\n"
LONG = b"b" * 80
OVERLONG = b"b" * (bounds.MAX_BOUNDARY + 1)
TWO_FILES = b"--b\r\n" + PDF + FILE + b"\r\n--c\r\n" + TEXT + FILE + b"\r\n--c--\r\n--b--\r\n"
CUT = b"--" + LONG + b"\r\n" + TEXT + b"\r\n--" + LONG[:75] + b"\r\n" + PDF + FILE + b"\r\n--" + LONG + b"--"
LOOSE = b"--b\r\n" + PDF + FILE + b"\r\n--b text\r\n" + TEXT + FILE + b"\r\n--b--\r\n"
AFTER_CR = b"--b\r\n" + TEXT + b"\r--b\r" + PDF + FILE + b"\r\n--b--\r\n"
COMMENTED = b"--b\r\n" + TEXT + b"\r\n--c\r\n" + PDF + FILE + b"\r\n--c--\r\n--b--\r\n"
MESSAGE = b"Content-Transfer-Encoding: base64\r\n\r\n" + FILE
CASES = {
    "nothing wrong": Case((), MIXED, plain(END), 150),
    # boundaries
    "no boundary": Case((Reason.BOUNDARY_MISSING,), b"multipart/mixed", plain(END), len(plain(END))),
    "an empty boundary": Case((Reason.BOUNDARY_MISSING,), b'multipart/mixed; boundary=""', b"--\r\n", 4),
    "a boundary that never comes": Case(
        (Reason.BOUNDARY_UNUSED,), b"multipart/mixed; boundary=other", plain(END), len(plain(END))
    ),
    "no closing boundary": Case((Reason.BOUNDARY_UNCLOSED,), MIXED, plain(b"\r\n"), 150),
    "two boundaries, one of them used": Case(
        (Reason.BOUNDARY_REPEATED, Reason.PARAMETER_REPEATED),
        b"multipart/mixed; boundary=x; boundary=b",
        plain(END),
        150,
    ),
    "two boundaries, both used": Case(
        (Reason.BOUNDARY_REPEATED, Reason.PARAMETER_REPEATED, Reason.TEXT_AFTER_CLOSE),
        b"multipart/mixed; boundary=b; boundary=c",
        TWO_FILES,
        len(TWO_FILES) - len(b"--b\r\n" + PDF),
    ),
    "too many boundaries": Case(
        (
            *(Reason.BOUNDARY_MISSING, Reason.BOUNDARY_REPEATED),
            *(Reason.HEADER_OVERLONG, Reason.PARAMETER_REPEATED),
        ),
        b"multipart/mixed" + b"".join(b"; boundary=%c" % letter for letter in b"abcdef"),
        plain(END),
        len(plain(END)),
    ),
    "a boundary that is too long": Case(
        (Reason.BOUNDARY_OVERLONG,),
        b"multipart/mixed; boundary=" + LONG,
        plain(END).replace(b"--b", b"--" + LONG),
        150,
    ),
    "a boundary beyond the bound, of which the beginning is compared": Case(
        (
            *(Reason.BOUNDARY_LOOSE, Reason.BOUNDARY_OVERLONG),
            *(Reason.BOUNDARY_UNCLOSED, Reason.HEADER_OVERLONG),
        ),
        b"multipart/mixed; boundary=" + OVERLONG,
        b"--" + OVERLONG + b"\r\n" + PDF + FILE,
        len(b"--" + OVERLONG + b"\r\n" + PDF + FILE),
    ),
    "a long boundary that another reader cuts": Case(
        (Reason.BOUNDARY_LOOSE, Reason.BOUNDARY_OVERLONG, Reason.BOUNDARY_REPEATED),
        b"multipart/mixed; boundary=" + LONG,
        CUT,
        len(CUT) - len(b"--" + LONG + b"\r\n\r\n"),
    ),
    "a boundary inside with the same name": Case(
        (Reason.BOUNDARY_CLASH,),
        MIXED,
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + plain(END) + b"\r\n--b--\r\n",
        150,
    ),
    "text after a boundary on its line": Case(
        (Reason.BOUNDARY_LOOSE,), MIXED, LOOSE, len(LOOSE) - len(b"--b\r\n" + PDF)
    ),
    "a boundary line without end": Case(
        (Reason.BOUNDARY_LOOSE, Reason.BOUNDARY_UNUSED),
        MIXED,
        b"--b" + b" " * bounds.MAX_BOUNDARY_LINE + b"\r\n" + PDF + FILE,
        3 + bounds.MAX_BOUNDARY_LINE + 2 + len(PDF + FILE),
    ),
    "a boundary after a bare CR": Case(
        (Reason.BARE_CR, Reason.BOUNDARY_AFTER_CR), MIXED, AFTER_CR, len(AFTER_CR) - len(b"--b\r\n\r\n")
    ),
    "a part after the closing boundary": Case(
        (Reason.PART_AFTER_CLOSE,),
        MIXED,
        b"--b\r\n" + TEXT + b"\r\n--b--\r\n--b\r\n" + PDF + FILE + END,
        150,
    ),
    "a file after the closing boundary": Case(
        (Reason.TEXT_AFTER_CLOSE,), MIXED, plain(END) + PDF + FILE, 150 + len(PDF + FILE)
    ),
    "a file before the first boundary": Case(
        (Reason.TEXT_BEFORE_PARTS,),
        MIXED,
        b"QUJD" * 4000 + b"\r\n" + plain(END),
        16_000 + 150,
    ),
    # header fields
    "two types, the text first": Case(
        (Reason.TYPE_REPEATED,), b"text/plain", plain(END), 150, [("content-type", MIXED)]
    ),
    "two types, the text last": Case(
        (Reason.TYPE_REPEATED,), MIXED, plain(END), 150, [("Content-Type", b"text/plain")]
    ),
    "a multipart that another reader saves as a file": Case(
        (Reason.TYPE_REPEATED,), MIXED, plain(END), len(plain(END)), [("Content-Type", b"application/zip")]
    ),
    "a type that is none": Case((Reason.TYPE_INVALID,), b"text", b"Hello", 5),
    "an empty type": Case((Reason.TYPE_INVALID,), b"", b"Hello", 5),
    "a multipart without a subtype": Case(
        (Reason.TYPE_INVALID,), b"multipart; boundary=b", plain(END), len(plain(END))
    ),
    "two encodings": Case(
        (Reason.ENCODING_REPEATED,),
        b"application/pdf",
        FILE,
        202,
        [("Content-Transfer-Encoding", b"base64"), ("Content-Transfer-Encoding", b"7bit")],
    ),
    "an unknown encoding": Case(
        (Reason.ENCODING_UNKNOWN,), b"application/pdf", FILE, 202, [("Content-Transfer-Encoding", b"base-64")]
    ),
    "an encoding with a comment": Case(
        (Reason.ENCODING_UNKNOWN, Reason.HEADER_COMMENT),
        b"application/pdf",
        FILE,
        202,
        [("Content-Transfer-Encoding", b"base64 (c)")],
    ),
    "an encoded multipart": Case(
        (Reason.ENCODING_ON_MULTIPART,),
        MIXED,
        plain(END),
        len(plain(END)),
        [("Content-Transfer-Encoding", b"base64")],
    ),
    "an encoded message": Case(
        (Reason.ENCODING_ON_MESSAGE,),
        b"message/rfc822",
        b"U3ViamVjdDogeA0KDQpIZWxsbw==",
        5,
        [("Content-Transfer-Encoding", b"base64")],
    ),
    "a message in an unknown encoding": Case(
        (Reason.ENCODING_ON_MESSAGE, Reason.ENCODING_UNKNOWN),
        b"message/rfc822",
        MESSAGE,
        len(MESSAGE),
        [("Content-Transfer-Encoding", b"x")],
    ),
    "two dispositions": Case(
        (Reason.DISPOSITION_REPEATED,),
        b"text/plain",
        b"Hello",
        5,
        [("Content-Disposition", b"inline"), ("Content-Disposition", b"attachment")],
    ),
    "a repeated parameter": Case((Reason.PARAMETER_REPEATED,), b"text/plain; name=a; name=b", b"Hello", 5),
    "a quote that never closes": Case(
        (Reason.PARAMETER_BROKEN,), b'multipart/mixed; boundary="b', plain(END), 150
    ),
    "a parameter that nothing divides from the type": Case(
        (Reason.PARAMETER_BROKEN,), b"multipart/mixed boundary=b", plain(END), 150
    ),
    "a parameter that nothing divides from the disposition": Case(
        (Reason.PARAMETER_BROKEN,),
        b"text/plain",
        b"Hello",
        5,
        [("Content-Disposition", b"attachment filename=a.txt")],
    ),
    "text after a quoted parameter": Case(
        (Reason.BOUNDARY_REPEATED, Reason.PARAMETER_BROKEN),
        b'multipart/mixed; boundary="b"x',
        plain(END),
        150,
    ),
    "a boundary in a comment": Case(
        (
            *(Reason.BOUNDARY_REPEATED, Reason.HEADER_COMMENT),
            *(Reason.PARAMETER_REPEATED, Reason.TEXT_AFTER_CLOSE),
        ),
        b"multipart/mixed (; boundary=c; ); boundary=b",
        COMMENTED,
        len(COMMENTED) - len(b"--b\r\n\r\n"),
    ),
    "a type in a comment": Case((Reason.HEADER_COMMENT,), b"text/plain (application/pdf)", b"Hello", 0),
    "a header that goes on after a line that is no field": Case(
        (Reason.HEADER_BROKEN,),
        MIXED,
        b"--b\r\nContent-Type: text/plain\r\nno field\r\n"
        b"Content-Disposition: attachment\r\n\r\nHello\r\n--b--\r\n",
        len(b"no field\r\nContent-Disposition: attachment\r\n\r\nHello"),
    ),
    "a part without a header": Case((Reason.HEADER_BROKEN,), MIXED, b"--b\r\n" + FILE + b"\r\n--b--\r\n", 0),
    "an attached message without an empty line": Case(
        (Reason.HEADER_BROKEN,),
        MIXED,
        b"--b\r\nContent-Type: message/rfc822\r\nno field\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n",
        len(b"no field\r\nSubject: x\r\n\r\nHello"),
    ),
    # bytes
    "a NUL": Case((Reason.NUL,), b"application/pdf", b"a\0b", 3),
    "a NUL in a header field": Case((Reason.NUL,), b"application/pdf; x=\0", b"ab", 2),
    "a bare CR": Case((Reason.BARE_CR,), b"application/pdf", b"a\rb\r\n", 5),
    "a bare CR in a header field": Case(
        (Reason.BARE_CR,), b"application/pdf", b"ab", 2, [("Subject", b"a\rb")]
    ),
    "a field after a bare CR": Case(
        (Reason.BARE_CR,), b"text/plain", b"Hello", 5, [("Subject", b"a\rContent-Disposition: attachment")]
    ),
    "base64 after its padding": Case(
        (Reason.BASE64_AFTER_PADDING,),
        b"application/pdf",
        b"QQ==\r\nQUJD",
        4,
        [("Content-Transfer-Encoding", b"base64")],
    ),
    "a uuencoded part without a file": Case(
        (Reason.UUENCODE_BROKEN,),
        b"application/pdf",
        b"Hello",
        5,
        [("Content-Transfer-Encoding", b"x-uuencode")],
    ),
    "a TNEF part without its signature": Case((Reason.TNEF_BROKEN,), b"application/ms-tnef", b"Hello", 5),
}


@pytest.mark.parametrize("name", CASES)
def test_the_larger_reading_counts_and_the_reason_is_told(name: str) -> None:
    case = CASES[name]
    found = scan([("Content-Type", case.content_type), *case.fields], case.body)
    assert found.malformed == tuple(sorted(case.reasons))
    assert attached(found) == case.attached


def test_every_reason_but_the_bounds_has_a_case() -> None:
    covered = {reason for case in CASES.values() for reason in case.reasons}
    assert covered - BOUNDS == set(Reason) - BOUNDS


def test_a_disputed_multipart_counts_as_one_file_too() -> None:
    """Another reader sees one file where this one sees several: a cap per file must not be escaped so."""
    (multipart, *_) = scan([("Content-Type", MIXED)], LOOSE).parts
    assert (multipart.container, multipart.attachment) == (True, True)
    assert multipart.decoded_size == len(LOOSE) - len(b"--b\r\n" + PDF)


def test_a_boundary_that_begins_another_one_is_not_confused_with_it() -> None:
    body = (
        b"--b\r\nContent-Type: multipart/mixed; boundary=b-1\r\n\r\n--b-1\r\n\r\none\r\n--b-1--\r\n"
        b"--b\r\n\r\ntwo\r\n--b--\r\n"
    )
    found = scan([("Content-Type", MIXED)], body)
    assert [(part.path, part.decoded_size) for part in found.parts[2:]] == [("1.1", 3), ("2", 3)]
    assert found.malformed == ()


def test_the_usual_sentence_before_the_first_boundary_is_no_part() -> None:
    found = scan([("Content-Type", MIXED)], b"This is a multi-part message in MIME format.\r\n" + plain(END))
    assert [part.path for part in found.parts] == ["TEXT", "1", "2"]
    assert found.malformed == ()


def test_a_comment_elsewhere_in_the_header_is_nobody_s_concern() -> None:
    assert scan([("MIME-Version", b"1.0 (Mac OS X Mail)"), ("Subject", b"(x)")], b"x").malformed == ()
