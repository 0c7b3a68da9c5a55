# SPDX-License-Identifier: GPL-3.0-or-later
"""TNEF (winmail.dat): it counts whole, its files' names are listed, and no bytes break the reader."""

import base64
import quopri
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.chunking import Fields, chunked, cuts, scan
from gate.winmail import ATTACHMENT, CODE_PAGE, DATA, MESSAGE, PROPERTIES, TITLE, attribute, file, tnef
from mailgate.mime import bounds
from mailgate.scanner import Scan

NAME = "Công văn số 12.pdf"
TNEF: Fields = [("Content-Type", b"application/ms-tnef; name=winmail.dat")]


def scanned(data: bytes, fields: Fields = TNEF) -> Scan:
    encoding = ("Content-Transfer-Encoding", b"base64")
    return scan([*fields, encoding], base64.encodebytes(data).replace(b"\n", b"\r\n"))


def names(data: bytes) -> tuple[str, ...]:
    return scanned(data).parts[0].filenames


def test_it_counts_whole_and_lists_its_files_after_its_own_name() -> None:
    data = tnef(file(b"a.pdf", data=b"x" * 50_000), file(b"b.docx"))
    found = scanned(data)
    (part,) = found.parts
    assert (part.attachment, part.decoded_size) == (True, len(data))
    assert part.filenames == ("winmail.dat", "a.pdf", "b.docx")
    assert found.malformed == ()


@pytest.mark.parametrize(
    "fields",
    [
        [("Content-Type", b"application/vnd.ms-tnef")],
        [("Content-Type", b"application/octet-stream; name=WINMAIL.DAT")],
        [("Content-Disposition", b"attachment; filename=winmail.dat")],
    ],
)
def test_it_is_known_by_its_type_or_its_name(fields: Fields) -> None:
    assert "a.pdf" in scanned(tnef(file(b"a.pdf")), fields).parts[0].filenames


def test_another_file_is_not_looked_into() -> None:
    found = scanned(tnef(file(b"a.pdf")), [("Content-Type", b"application/octet-stream; name=a.bin")])
    assert (found.parts[0].filenames, found.malformed) == (("a.bin",), ())


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("quoted-printable", lambda data: quopri.encodestring(data, quotetabs=True)), ("binary", bytes)],
)
def test_its_transfer_encoding_is_undone(encoding: str, encode: type[bytes]) -> None:
    data = tnef(file(b"a.pdf"))
    found = scan([*TNEF, ("Content-Transfer-Encoding", encoding.encode())], encode(data))
    assert found.parts[0].filenames == ("winmail.dat", "a.pdf")
    assert "tnef-broken" not in found.malformed


def test_a_title_is_read_in_the_senders_code_page() -> None:
    assert names(tnef(file("Báo cáo.doc".encode("cp1252")), code_page=1252))[1:] == ("Báo cáo.doc",)
    assert names(tnef(file(NAME.encode()), code_page=65001))[1:] == (NAME,)
    assert names(tnef(file(NAME.encode()), code_page=99_999))[1:] == (NAME,)


def test_the_long_name_is_listed_beside_the_title() -> None:
    wide = file(b"CNGVNS~1.PDF", (NAME + "\0").encode("utf-16-le"))
    assert names(tnef(wide))[1:] == ("CNGVNS~1.PDF", NAME)
    narrow = file(b"BAOCAO~1.DOC", "Báo cáo tháng.doc\0".encode("cp1252"), 0x001E)
    assert names(tnef(narrow, code_page=1252))[1:] == ("BAOCAO~1.DOC", "Báo cáo tháng.doc")


def test_a_name_found_twice_is_listed_once() -> None:
    assert names(tnef(file(b"a.pdf", "a.pdf\0".encode("utf-16-le")), file(b"a.pdf")))[1:] == ("a.pdf",)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"PK\x03\x04 no TNEF at all",
        tnef(file(b"a.pdf"))[:-1],
        tnef(file(b"a.pdf")) + b"\2",
        tnef(attribute(ATTACHMENT, DATA, b"x")[:9]),
        tnef(attribute(3, TITLE, b"a.pdf\0")),
        tnef(struct.pack("<BII", ATTACHMENT, TITLE, 0xFFFFFFFF) + b"a.pdf\0"),
    ],
    ids=["empty", "another file", "cut off", "more at the end", "no data", "no such level", "endless title"],
)
def test_one_that_cannot_be_read_has_a_reason(broken: bytes) -> None:
    found = scanned(broken)
    assert found.malformed == ("tnef-broken",)
    assert found.parts[0].decoded_size == len(broken)


def test_names_before_the_break_are_kept() -> None:
    assert names(tnef(file(b"a.pdf"), file(b"b.pdf"))[:-5])[1:] == ("a.pdf", "b.pdf")


def test_names_are_bounded() -> None:
    files = [file(b"%d.pdf" % number) for number in range(bounds.MAX_TNEF_NAMES)]
    assert scanned(tnef(*files)).malformed == ()
    more = scanned(tnef(*files, file(b"one.pdf")))
    assert more.malformed == ("name-overlong",)
    assert len(more.parts[0].filenames) == 1 + bounds.MAX_TNEF_NAMES


def test_attributes_are_bounded() -> None:
    empty = attribute(MESSAGE, DATA, b"")
    assert scanned(tnef(empty * (bounds.MAX_TNEF_ATTRIBUTES - 2))).malformed == ()
    assert scanned(tnef(empty * (bounds.MAX_TNEF_ATTRIBUTES - 1))).malformed == ("too-many-parts",)


def test_a_title_too_long_is_cut() -> None:
    found = scanned(tnef(file(b"a" * 100_000)))
    assert found.malformed == ("name-overlong",)
    assert found.parts[0].filenames[1] == "a" * bounds.MAX_NAME


def test_what_cannot_be_seen_in_a_name_is_replaced() -> None:
    assert names(tnef(file(b"a\x1b[31m.pdf")))[1:] == ("a\ufffd[31m.pdf",)


pieces = st.one_of(
    st.binary(max_size=30),
    st.builds(
        attribute, st.integers(0, 3), st.sampled_from((TITLE, PROPERTIES, CODE_PAGE)), st.binary(max_size=40)
    ),
    st.builds(file, st.binary(max_size=20), st.binary(max_size=20), st.sampled_from((0x1E, 0x1F))),
)


@given(st.lists(pieces, max_size=6), cuts)
def test_any_bytes_in_any_chunks_give_the_same_names(found: list[bytes], cut: list[int]) -> None:
    body = base64.encodebytes(tnef(*found)).replace(b"\n", b"\r\n")
    fields = [*TNEF, ("Content-Transfer-Encoding", b"base64")]
    assert scan(fields, body) == scan(fields, chunked(body, cut))
