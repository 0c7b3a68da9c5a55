# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts a log into lines that each know their first byte, whatever bytes the log holds.

A line ends with a newline and with nothing else. Bytes that are not UTF-8, NULs and carriage returns inside a
line become U+FFFD in its text; its position counts the bytes of the log itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mailaudit.logs.compiled.cutting import bounds
from mailaudit.logs.source import Log
from mailaudit.logs.stamp import Calendar, Numbers, calendar, read_days, read_stamps

BLOCK = 1 << 21
"""Bytes read at once: few enough to stay in a processor's cache, enough for whole columns of lines."""
LONGEST_LINE = 1 << 16
"""Bytes of a line that are kept. Postfix cuts its own at 2,000; a line longer than this is no log line."""

LINES = pa.schema(
    [
        ("source", pa.int32()),
        ("position", pa.int64()),
        ("time", pa.timestamp("us")),  # UTC; null: the line begins with no time
        ("rest", pa.int32()),  # where the text after the time begins
        ("line", pa.string()),
    ]
)
"""The columns of lines as they are read."""


@dataclass(slots=True)
class Block:
    """Whole lines, the position of their first byte in the log, and how many of them were cut short."""

    data: bytes
    position: int
    cut: int = 0


class Blocks:
    """Reads a log from `offset` on, block by block, up to the last newline that it has.

    Afterwards `offset` is where the last whole line ended, and `half` how many bytes follow it.
    """

    def __init__(self, log: Log, offset: int) -> None:
        self.offset = offset
        self.half = 0
        self._log = log

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        at, rest, skipped = self.offset, b"", 0
        while chunk := self._log.read(at, BLOCK):
            at += len(chunk)
            if (end := chunk.rfind(b"\n") + 1) == 0:
                data = rest + chunk
                rest, skipped = data[:LONGEST_LINE], skipped + max(0, len(data) - LONGEST_LINE)
                self.half = len(rest) + skipped
                continue
            yield from self._whole_lines(b"".join((rest, memoryview(chunk)[:end])), skipped)
            rest, skipped = chunk[end:], 0
            self.half = len(rest)

    def _whole_lines(self, data: bytes, skipped: int) -> Iterator[Block]:
        """A line with bytes skipped has a block of its own, so that the next ones' positions are right."""
        if skipped:
            first, _, data = data.partition(b"\n")
            yield self._block(first[:LONGEST_LINE] + b"\n", len(first) + skipped + 1, cut=1)
        if data:
            yield self._block(data, len(data))

    def _block(self, data: bytes, length: int, cut: int = 0) -> Block:
        """A block of the next `length` bytes, which are read once it is handed out."""
        block = Block(data, self.offset, cut)
        self.offset += length
        return block


@dataclass(slots=True)
class Lines:
    """Lines as a record batch with the columns LINES, and how many of them had bytes that are no text."""

    batch: pa.RecordBatch
    garbled: int


def cut_lines(block: Block, source: int, years: Calendar) -> Lines:
    """Cut a block into lines of the log numbered `source`, and read their times."""
    data = np.frombuffer(block.data, np.uint8)
    begins = bounds(data)
    starts = begins[:-1]
    stamps = read_stamps(data, starts, years)
    text, garbled = _text(block, begins)
    columns = [
        pa.array(np.full(len(starts), source, np.int32)),
        pa.array(starts + block.position),
        pa.array(stamps.times.view("datetime64[us]")),
        pa.array(stamps.rests),
        text,
    ]
    return Lines(pa.record_batch(columns, schema=LINES), garbled)


def _text(block: Block, begins: Numbers) -> tuple[pa.StringArray, int]:
    """The lines as strings, without copying them if they are clean; those keep their newline."""
    if _is_clean(block.data) and int(np.max(np.diff(begins))) <= LONGEST_LINE and not block.cut:
        offsets = pa.py_buffer(begins.astype(np.int32))
        return pa.StringArray.from_buffers(len(begins) - 1, offsets, pa.py_buffer(block.data)), 0
    lines = [line.removesuffix(b"\r") for line in block.data.split(b"\n")[:-1]]
    texts = [_repaired(line) for line in lines]
    spoilt = sum(
        len(line) > LONGEST_LINE or "\ufffd" in text for line, text in zip(lines, texts, strict=True)
    )
    return pa.array(texts, pa.string()), max(spoilt, block.cut)


def _is_clean(data: bytes) -> bool:
    if b"\0" in data or b"\r" in data:
        return False
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _repaired(line: bytes) -> str:
    return line[:LONGEST_LINE].decode(errors="replace").translate({0: "\ufffd", 13: "\ufffd"})


def calendar_of(log: Log, offset: int) -> Calendar:
    """Return the calendar for the lines of a log from `offset` on, from a look at one in every block."""
    samples = [_days(log, at, offset)[:1] for at in range(offset, log.size, BLOCK)]
    samples.append(_days(log, max(offset, log.size - LONGEST_LINE), offset)[-1:])
    return calendar(np.concatenate(samples).tolist(), log.written, log.zone)


def _days(log: Log, at: int, offset: int) -> Numbers:
    """The days of the whole lines with an RFC 3164 time in the stretch that begins here."""
    data = log.read(at, LONGEST_LINE)
    begin = 0 if at == offset else data.find(b"\n") + 1
    lines = data[begin : data.rfind(b"\n") + 1]
    return read_days(np.frombuffer(lines, np.uint8), bounds(lines)[:-1])
