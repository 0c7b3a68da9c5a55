# SPDX-License-Identifier: GPL-3.0-or-later
"""Digests are kept in stores for years: they have to stay what they are."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.logs.digest import digests
from mailaudit.logs.lines import Block, cut_lines
from mailaudit.logs.stamp import calendar

_PRIME = 0x9E3779B97F4A7C15
_KNOWN = {
    "": 0x431F7D041772E5BD,
    "a": 0xF61C95A218414A0C,
    "12345678": 0x1A39F572413D3640,
    "123456789": 0x8D941CDD9B0BC8BF,
    "1969? no": 0xB1DE98F0EE6AC17F,
    "Nov 21 23:52:46 ": 0x4F4C24B35B4F4BB6,
    "Nov 21 23:52:46 mail postfix/qmgr[7]: 4F5C64474F: removed": 0x3022F53F47CF80B0,
    "2026-11-21T16:52:46.123456+00:00 mail postfix/qmgr[7]: 4F5C64474F: removed": 0x3022F53F47CF80B0,
    "Nov 21 23:52:46 mail dovecot: Thư mời họp": 0xA1067CB1AAAB725B,
    "1795305166.5 mail x: y": 0x2346A0972FE0530C,
    "Nov 21 23:52:46 mail x: " + "0123456789" * 300: 0x425627356047C7E1,
    '{"timestamp": "2026-11-21T16:52:46Z", "event": "alarm", "code": "scanner"}': 0x2632CDCC8DA8B0E0,
}


def _lines(data: bytes) -> pa.RecordBatch:
    years = calendar([], datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("Asia/Ho_Chi_Minh"))
    return cut_lines(Block(data, 0), 1, years).batch


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["newline", "carriage return"])
def test_a_line_has_the_digest_that_it_has_always_had(end: str) -> None:
    _, found = digests(_lines("".join(line + end for line in _KNOWN).encode()))
    assert dict(zip(_KNOWN, map(hex, found.tolist()), strict=True)) == {
        line: hex(digest) for line, digest in _KNOWN.items()
    }


def test_some_lines_of_a_batch_have_the_digests_that_they_have_in_the_whole() -> None:
    batch = _lines("".join(f"{line}\n" for line in _KNOWN).encode())
    assert digests(batch.slice(3, 6))[1].tolist() == digests(batch)[1].tolist()[3:9]


def _mixed(line: bytes) -> int:
    """A line without a time, eight bytes after eight."""
    seconds = -(2**63) // 1_000_000
    number = (seconds * _PRIME ^ len(line)) % 2**64
    for at in range(0, len(line), 8):
        number = (number ^ int.from_bytes(line[at : at + 8], "little")) * _PRIME % 2**64
        number ^= number >> 29
    return number


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), max_size=40), min_size=1))
def test_a_digest_is_of_every_byte(lines: list[str]) -> None:
    lines = [f"#{line}" for line in lines]
    _, found = digests(_lines("".join(f"{line}\n" for line in lines).encode()))
    assert found.tolist() == [_mixed(line.encode()) for line in lines]
