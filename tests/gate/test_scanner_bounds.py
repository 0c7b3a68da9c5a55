# SPDX-License-Identifier: GPL-3.0-or-later
"""Every descent is bounded, and what lies beyond a bound is counted, not skipped."""

import base64

import pytest

from gate.chunking import Fields, attached, chunked, scan
from mailgate.mime import bounds
from mailgate.scanner import Scan

MIXED: Fields = [("Content-Type", b"multipart/mixed; boundary=b")]
SECRET = b"x" * 5_000
HIDDEN = b"--b\r\nContent-Type: application/pdf\r\n\r\n" + SECRET + b"\r\n--b--\r\n"


def assert_seen(found: Scan, reason: str) -> None:
    assert reason in found.malformed
    assert attached(found) >= len(SECRET)


def nested(depth: int, last: bytes) -> bytes:
    """Messages in messages, each the whole of the one around it."""
    return b"Content-Type: message/rfc822\r\n\r\n" * depth + last


def test_containers_are_opened_down_to_the_bound() -> None:
    top = [("Content-Type", b"message/rfc822")]
    found = scan(top, nested(bounds.MAX_DEPTH - 1, b"\r\nHello"))
    assert [part.path for part in found.parts][-1] == ".".join("1" * (bounds.MAX_DEPTH + 1))
    assert found.malformed == ()


def test_what_lies_deeper_is_one_file() -> None:
    top = [("Content-Type", b"message/rfc822")]
    found = scan(top, nested(bounds.MAX_DEPTH, b"\r\n" + SECRET))
    assert_seen(found, "too-deep")
    assert (found.parts[-1].type, found.parts[-1].container) == ("message/rfc822", False)
    assert found.parts[-1].decoded_size == len(b"\r\n" + SECRET)


def test_no_more_boundaries_are_searched_for_than_the_bound() -> None:
    inner = HIDDEN.replace(b"--b", b"--x")
    for number in range(bounds.MAX_OPEN_BOUNDARIES):
        head = b"--n%d\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n"
        inner = head % (number, b"x" if not number else b"n%d" % (number - 1)) + inner
    top = [("Content-Type", b"multipart/mixed; boundary=n%d" % (bounds.MAX_OPEN_BOUNDARIES - 1))]
    assert_seen(scan(top, inner), "too-deep")


def test_encoded_messages_are_decoded_down_to_the_bound() -> None:
    encoding = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = b"\r\n" + SECRET
    for _ in range(bounds.MAX_ENCODED_DEPTH + 1):
        message = encoding + base64.encodebytes(message)
    body = message.removeprefix(encoding)
    top = [("Content-Type", b"message/rfc822"), ("Content-Transfer-Encoding", b"base64")]
    found = scan(top, body)
    assert_seen(found, "too-deep")
    assert sum(part.container for part in found.parts) == bounds.MAX_ENCODED_DEPTH


def test_the_last_part_that_may_be_opened_is_not_the_last_that_is_counted() -> None:
    found = scan(MIXED, b"--b\r\n\r\nx\r\n" * bounds.MAX_PARTS + HIDDEN)
    assert_seen(found, "too-many-parts")
    assert len(found.parts) == bounds.MAX_PARTS + 1
    assert found.parts[-1].decoded_size > len(HIDDEN)


def test_as_many_parts_as_allowed_are_no_fault() -> None:
    found = scan(MIXED, b"--b\r\n\r\nx\r\n" * (bounds.MAX_PARTS - 2) + b"--b--\r\n")
    assert (found.malformed, attached(found)) == ((), 0)


@pytest.mark.parametrize(
    "line",
    [b"--b--\r\n", b"--b\r\n", b"x--b\r\n", b"--bx\r\n", b"\r--b", b"x\r\n--b--\r\nx\r\n"],
    ids=["closing", "bare", "inside a line", "loose", "after a bare CR", "with text between"],
)
def test_what_follows_too_many_boundary_lines_is_one_file(line: bytes) -> None:
    body = line * (bounds.MAX_BOUNDARY_LINES + 1) + b"\r\n"
    found = scan(MIXED, body + HIDDEN)
    assert_seen(found, "too-many-parts")
    assert found == scan(MIXED, chunked(body + HIDDEN, [997]))


def test_the_boundary_lines_of_an_encoded_message_count_too() -> None:
    lines = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c--\r\n" * (
        bounds.MAX_BOUNDARY_LINES + 1
    )
    part = b"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert_seen(scan(MIXED, part + base64.encodebytes(lines) + b"\r\n" + HIDDEN), "too-many-parts")


@pytest.mark.parametrize(
    "filler",
    [b"X: y\r\n", b"Content-Type: text/plain\r\n", b"no field\r\n", b" folded\r\n", b"x"],
)
def test_what_follows_a_header_too_long_is_attached(filler: bytes) -> None:
    header = b"Content-Type: text/plain\r\n" + filler * (bounds.MAX_HEADER // len(filler) + 1)
    body = b"--b\r\n" + header + b"\r\n\r\n" + SECRET + b"\r\n--b--\r\n"
    found = scan(MIXED, body)
    assert_seen(found, "header-overlong")
    assert found == scan(MIXED, chunked(body, [4_099]))


def test_what_follows_too_many_headers_is_attached() -> None:
    part = b"--b\r\n" + b"X: y\r\n" * 10_000 + b"\r\nx\r\n"
    found = scan(MIXED, part * (bounds.MAX_HEADERS // len(part) + 1) + HIDDEN)
    assert_seen(found, "header-overlong")


@pytest.mark.parametrize(
    "value",
    [
        b"text/plain" + b" " * bounds.MAX_VALUE + b"; name=a.pdf",
        b"text/plain" + b"; x=y" * bounds.MAX_PARAMETERS + b"; name=a.pdf",
    ],
)
def test_a_field_too_long_to_be_read_makes_its_part_an_attachment(value: bytes) -> None:
    assert_seen(scan([("Content-Type", value)], SECRET), "header-overlong")


@pytest.mark.parametrize(
    "header",
    [
        b"X:\r\n" * 10_000,
        b"Content-Type: text/plain; x=" + b"y" * 12_000 + b"\r\n",
        b"Content-Type: text/plain" + b"; x=y" * 190 + b"\r\n",
        b'Content-Type: text/plain; x="' + b"()" * 700 + b'"\r\n',
    ],
    ids=["lines", "bytes of Content-* fields", "parameters", "parentheses"],
)
def test_what_parts_declare_is_bounded_for_the_message_as_a_whole(header: bytes) -> None:
    part = b"--b\r\n" + header + b"\r\nx\r\n"
    assert "header-overlong" not in scan(MIXED, part + HIDDEN).malformed
    body = part * 60 + HIDDEN
    found = scan(MIXED, body)
    assert_seen(found, "header-overlong")
    assert len(found.parts) < 60
    assert found == scan(MIXED, chunked(body, [4_099]))


def test_a_message_with_too_many_content_fields_is_an_attachment() -> None:
    fields: Fields = [("Content-Type", b"text/plain")] * bounds.MAX_FIELDS
    assert "header-overlong" not in scan(fields, SECRET).malformed
    assert_seen(scan([*fields, ("Content-Type", b"application/pdf")], SECRET), "header-overlong")


def test_a_part_with_too_many_content_fields_is_an_attachment() -> None:
    part = (
        b"--b\r\n"
        + b"Content-Type: text/plain\r\n" * (bounds.MAX_FIELDS + 1)
        + b"\r\n"
        + SECRET
        + b"\r\n--b--\r\n"
    )
    assert_seen(scan(MIXED, part), "header-overlong")


def test_a_text_of_begin_lines_is_attached() -> None:
    assert_seen(scan([], b"begin 644\r\n" * (bounds.MAX_UU_CANDIDATES + 1) + SECRET), "too-many-parts")


def test_as_many_uuencoded_files_as_parts_make_a_text_attached() -> None:
    assert_seen(scan([], b"begin 644 a\r\nend\r\n" * (bounds.MAX_PARTS + 1) + SECRET), "too-many-parts")


def test_lines_of_a_uuencoded_file_that_are_not_full_are_bounded() -> None:
    lines = b"!A\r\n" * (bounds.MAX_UU_ODD_LINES + 1)
    assert_seen(scan([], b"begin 644 x\r\n" + lines + b"end\r\n"), "too-many-parts")


def test_padded_runs_of_base64_are_bounded() -> None:
    pdf = [("Content-Type", b"application/pdf"), ("Content-Transfer-Encoding", b"base64")]
    runs = b"QUI=" * bounds.MAX_PADDED_RUNS
    assert "too-many-parts" not in scan(pdf, runs).malformed
    beyond = scan(pdf, runs + b"QUI=" * 2_000)
    assert_seen(beyond, "too-many-parts")
    assert beyond.parts[0].decoded_size == 2 * bounds.MAX_PADDED_RUNS + 2_000 * 3 * 3 // 4


def test_the_last_of_as_many_base64_parts_as_allowed_may_be_padded() -> None:
    part = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n"
    found = scan(MIXED, part * (bounds.MAX_PARTS - 2) + b"--b--\r\n")
    assert found.malformed == ()
    assert {leaf.decoded_size for leaf in found.parts[1:]} == {1}


def test_base64_parts_share_the_padding_that_is_followed() -> None:
    part = (
        b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUI=" * (bounds.MAX_PADDED_RUNS - 1) + b"\r\n"
    )
    assert "too-many-parts" not in scan(MIXED, part).malformed
    assert "too-many-parts" in scan(MIXED, part * 2).malformed


def test_a_uuencoded_file_whose_name_is_too_long_is_a_file() -> None:
    text = b"begin 644 " + b"x" * 2_000 + b"\r\n" + (b"M" + b"!" * 60 + b"\r\n") * 120 + b"end\r\n"
    assert_seen(scan([], text), "name-overlong")


def test_samples_are_bounded_for_a_part_and_for_a_message() -> None:
    long = b"a" * 40_000
    (part,) = scan([], long).parts
    assert part.sample == "a" * bounds.MAX_SAMPLE
    found = scan(MIXED, (b"--b\r\n\r\n" + long + b"\r\n") * 50)
    assert sum(len(part.sample) for part in found.parts) <= bounds.MAX_SAMPLES
    assert found.malformed == ("boundary-unclosed",)


def test_a_part_says_when_its_text_goes_on_after_the_sample() -> None:
    whole = b"a" * bounds.MAX_SAMPLE
    assert [scan([], text).parts[0].sample_cut for text in (b"", whole, whole + b"a")] == [False, False, True]
    letters = "\u1ea1".encode() * (bounds.MAX_SAMPLE - 1)  # three bytes each: more than are kept
    assert scan([], letters).parts[0].sample_cut
    base64 = [("Content-Transfer-Encoding", b"base64")]
    assert [scan(base64, b"YWFh" * count).parts[0].sample_cut for count in (5_461, 5_462)] == [False, True]


def test_a_text_that_no_sample_was_kept_of_says_so_and_a_file_does_not() -> None:
    text = b"--b\r\n\r\n" + b"a" * bounds.MAX_SAMPLE * 2 + b"\r\n"
    file = b"--b\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n"
    parts = scan(MIXED, text * (bounds.MAX_SAMPLES // bounds.MAX_SAMPLE) + file + b"--b--\r\nafter\r\n").parts
    *texts, last, pdf, after = parts[1:]
    assert all(part.sample and part.sample_cut for part in texts[: len(texts) // 2])
    assert (last.sample, last.sample_cut) == ("", True)
    assert (pdf.sample, pdf.sample_cut) == ("", False)
    assert (after.sample, after.sample_cut) == ("", True)
