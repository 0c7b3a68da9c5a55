# SPDX-License-Identifier: GPL-3.0-or-later
"""uuencoded files (POSIX uuencode): the blocks in a stream of text, their names and decoded sizes."""

from dataclasses import dataclass

from mailgate.mime.bounds import MAX_LINE, Budget

_BEGIN = b"\nbegin "
_END = b"\nend"
_FULL = b"\nM"  # a line of 45 bytes
_KEPT = len(_BEGIN) - 1  # of the end, where a begin or end line may be starting


@dataclass(slots=True)
class Block:
    """One file: its name as written, the bytes of its lines, and the bytes that they decode to."""

    name: bytes
    encoded_size: int
    decoded_size: int = 0


class UuBlocks:
    """Finds uuencoded files. `blocks` holds them in order; `outside`, if asked for, counts the bytes beside
    them but blanks.

    `broken` is whether a block had no end, or more lines that are not full than a file has: then each counts
    as it stands. `exhausted` is whether something was left unread because a bound was reached, `overfull`
    whether the bound on lines was.
    """

    __slots__ = (
        "_budget",
        "_counting",
        "_inside",
        "_tail",
        "blocks",
        "broken",
        "exhausted",
        "outside",
        "overfull",
    )

    def __init__(self, budget: Budget, *, count_outside: bool) -> None:
        self._budget = budget
        self._counting = count_outside
        self._tail = b"\n"
        self._inside = False
        self.blocks: list[Block] = []
        self.outside = 0
        self.broken = self.exhausted = self.overfull = False

    def feed(self, data: bytes) -> None:
        """Take some text."""
        self._read(self._tail + data, last=False)

    def finish(self) -> None:
        """Read what is left. Then the sizes hold."""
        if self._inside or self._counting or self._tail.startswith(_BEGIN):
            self._read(self._tail + b"\n", last=True)
        if self._inside:
            self.blocks[-1].encoded_size -= 1  # the line end just put there
            self.broken = True
        if self.broken:
            for block in self.blocks:
                block.decoded_size = block.encoded_size

    def _read(self, data: bytes, *, last: bool) -> None:
        at = 0
        while not self.exhausted:
            step = self._data_lines(data, at, last) if self._inside else self._text(data, at, last)
            if step is None:
                return
            at = step
        self._skip(data, at, len(data))
        self._tail = b""

    def _text(self, data: bytes, at: int, last: bool) -> int | None:
        """Read up to the next begin line's end; None when the data is used up."""
        begin = data.find(_BEGIN, at)
        end = data.find(b"\n", begin + 1, begin + MAX_LINE) if begin >= 0 else -1
        if begin >= 0 and end < 0 and (last or len(data) - begin >= MAX_LINE):
            end = min(begin + MAX_LINE, len(data))  # a line too long: the name is cut
        if end < 0:
            kept = begin if begin >= 0 else len(data) - (0 if last else min(_KEPT, len(data) - at))
            self._skip(data, at, kept)
            self._tail = data[kept:]
            return None
        name = _file_name(data[begin + len(_BEGIN) : end])
        self._budget.uu_candidates -= 1
        self.exhausted = self._budget.uu_candidates < 0
        if name is None or self.exhausted:
            self._skip(data, at, end)
            return end
        self._skip(data, at, begin)
        self._open(name, end - begin - 1)
        return end

    def _skip(self, data: bytes, start: int, end: int) -> None:
        if self._counting:
            self.outside += len(data[start:end].translate(None, b" \t\r\n"))

    def _open(self, name: bytes, length: int) -> None:
        self._budget.parts -= 1
        self.exhausted = self._budget.spent
        self.blocks.append(Block(name, length))
        self._inside = True

    def _data_lines(self, data: bytes, at: int, last: bool) -> int | None:
        """Read a block up to its end line; None when the data is used up."""
        end = _end_line(data, at)
        stop = end if end >= 0 else len(data)
        if end < 0 and not last:
            newline = data.rfind(b"\n", max(at, stop - _KEPT))
            stop = newline if newline >= 0 else stop
        block = self.blocks[-1]
        block.encoded_size += stop - at
        block.decoded_size += self._decoded(data[at:stop])
        if end < 0:
            self._tail = data[stop:]
            return None
        self._inside = False
        block.encoded_size += len(_END)
        return end + len(_END)

    def _decoded(self, lines: bytes) -> int:
        """Add up what the lines say of themselves: the first character of each gives its decoded length."""
        full = lines.count(_FULL)
        odd = lines.count(b"\n") - full
        if not odd:
            return 45 * full
        self._budget.odd_lines -= odd
        if self._budget.odd_lines < 0:
            self.broken = self.overfull = True
            return 0
        # The NUL keeps what follows a full line's M from being taken for the head of an empty line before it.
        heads = (line[:1] for line in lines.replace(_FULL, b"\0").split(b"\n")[1:])
        return 45 * full + sum((head[0] - 32) & 63 for head in heads if b" " <= head <= b"`")


def _file_name(line: bytes) -> bytes | None:
    """Return the name in `644 name`, or None if this is not a begin line."""
    mode, _, name = line.rstrip(b"\r").partition(b" ")
    return name if name and len(mode) in (3, 4) and mode.isdigit() else None


def _end_line(data: bytes, at: int) -> int:
    """Where the line end before the end line stands, or -1. A longer word that begins with "end" is none."""
    ends = [end for stop in (b"\r", b"\n") if (end := data.find(_END + stop, at)) >= 0]
    return min(ends, default=-1)
