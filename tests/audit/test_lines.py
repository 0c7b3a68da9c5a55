# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.logs import lines
from mailaudit.logs.lines import LONGEST_LINE, Blocks, calendar_of, cut_lines
from mailaudit.logs.source import Log


def cut(data: bytes, offset: int = 0) -> tuple[list[tuple[int, str]], int, int, int]:
    """Positions and texts of a log's lines, how many were garbled, where reading ended, what is left."""
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        log = Log(Path("log"), file, len(data), datetime(2026, 11, 22).astimezone())
        blocks = Blocks(log, offset)
        cut = [cut_lines(block, 1, calendar_of(log, offset)) for block in blocks]
        rows = [row for each in cut for row in each.batch.select(["position", "line"]).to_pylist()]
        found = [(row["position"], row["line"].removesuffix("\n")) for row in rows]
        return found, sum(each.garbled for each in cut), blocks.offset, blocks.half


@given(st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"\n", b""))), st.integers(4, 64))
def test_every_line_knows_its_first_byte(parts: list[bytes], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        data = b"".join(part + b"\n" for part in parts)
        found, _, offset, half = cut(data)
    positions = [sum(len(part) + 1 for part in parts[:number]) for number in range(len(parts))]
    assert [position for position, _ in found] == positions
    assert [(offset, half)] == [(len(data), 0)]


def test_clean_text_comes_through_unchanged() -> None:
    text = ["Nov 21 23:52:46 mail a: Thư mời họp", "", "x"]
    found, garbled, _, _ = cut("".join(f"{line}\n" for line in text).encode())
    assert ([line for _, line in found], garbled) == (text, 0)


def test_a_carriage_return_before_the_newline_is_no_text() -> None:
    assert cut(b"one\r\ntwo\r\n")[:2] == ([(0, "one"), (5, "two")], 0)


@pytest.mark.parametrize("junk", [b"\xff\xfe", b"a\0b", b"a\rb", b"\xc3", b"\xed\xa0\x80"])
def test_bytes_that_are_no_text_spoil_only_their_own_line(junk: bytes) -> None:
    found, garbled, _, _ = cut(b"one\n" + junk + b"\nthree\n")
    assert [found[0], found[2]] == [(0, "one"), (5 + len(junk), "three")]
    assert "\ufffd" in found[1][1]
    assert garbled == 1


@pytest.mark.parametrize("length", [LONGEST_LINE + 1, 3 << 20, (4 << 20) + 17])
def test_an_endless_line_is_cut_and_the_next_one_is_where_it_is(length: int) -> None:
    found, garbled, offset, half = cut(b"one\n" + b"x" * length + b"\nthree\nfour\n")
    assert [position for position, _ in found] == [0, 4, 5 + length, 11 + length]
    assert [len(line) for _, line in found] == [3, LONGEST_LINE, 5, 4]
    assert (garbled, offset, half) == (1, 16 + length, 0)


def test_half_a_line_is_not_read() -> None:
    assert cut(b"one\ntwo") == ([(0, "one")], 0, 4, 3)
    assert cut(b"one\ntwo and\n", offset=4) == ([(4, "two and")], 0, 12, 0)
    assert cut(b"half") == ([], 0, 0, 4)
