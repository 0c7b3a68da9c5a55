# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts a stream of bytes, whatever its chunking, where parts begin and end."""

from mailgate.mime.bounds import MAX_BOUNDARY_LINE, MAX_HEADER
from mailgate.mime.fields import Fields
from mailgate.mime.headers import declare
from mailgate.mime.reasons import Reason
from mailgate.mime.structure import Structure
from mailgate.mime.tree import Node, Tree

_LF, _CR = 10, 13
_UNKNOWN = -2


class Reader:
    """Reads a message, header and body. `around` is the part that it is, `level` how often it was encoded.

    Only what cannot be decided yet is kept: a line that may be a boundary line, or bytes that may begin one.
    """

    def __init__(self, tree: Tree, around: Node | None = None, level: int = 0) -> None:
        self._budget = tree.budget
        self._structure = Structure(tree, around, level, Reader)
        self._header = b""
        self._data = b"\n"  # the byte before the next one is always there, a line end to begin with
        self._at = 1
        self._base = -1  # where the buffer begins in the stream
        self._line_end_before = 0  # bytes of the last boundary line's end, which the next one may share
        self._blank = _UNKNOWN  # where in this buffer the empty line after a header is; -1: nowhere

    @classmethod
    def of_body(cls, tree: Tree, fields: Fields, *, disputed: bool) -> "Reader":
        """Read a body whose header is known already. `disputed` is whether readers differ on that header."""
        reader = cls(tree)
        declared = declare(fields, tree.reasons, tree.budget)
        reader._structure.open(declared, 0, contested=disputed or declared.contested)
        return reader

    def feed(self, chunk: bytes) -> None:
        """Take some bytes."""
        self._data += chunk
        self._run(last=False)
        kept = self._at - 1
        self._data = self._data[kept:]
        self._base += kept
        self._at = 1

    def finish(self) -> None:
        """Read what is left, and end every part."""
        self._run(last=True)
        self._end_headers()
        self._structure.end(self._base + self._at)

    def _run(self, *, last: bool) -> None:
        self._structure.boundaries.renew()
        self._blank = _UNKNOWN
        while self._step(last):
            pass

    def _step(self, last: bool) -> bool:
        """Go on to the next thing that can be decided; say whether more may be."""
        mark = self._structure.boundaries.find(self._data, self._at)
        if self._structure.in_header and (blank := self._blank_line()) >= 0 and not 0 <= mark < blank:
            self._end_header_at(blank)
            return True
        if mark < 0 or mark > self._settled(last):  # a longer boundary may begin before that mark
            return not self._take(self._settled(last))
        end = self._line_end(mark, last)
        if end is None:
            self._take(self._before(mark))
            return False
        if end < 0:
            self._not_a_line(mark)
        elif self._take(self._before(mark)):
            self._boundary_line(mark, end)
        return True

    def _blank_line(self) -> int:
        """Where the line end before an empty line stands, -1 if it is not in the buffer."""
        if self._blank == _UNKNOWN or 0 <= self._blank < self._at - 1:
            crlf = self._data.find(b"\n\r\n", self._at - 1)
            lf = self._data.find(b"\n\n", self._at - 1, crlf + 1 if crlf >= 0 else len(self._data))
            self._blank = lf if lf >= 0 else crlf
        return self._blank

    def _line_end(self, mark: int, last: bool) -> int | None:
        """Where the boundary line at `mark` ends; -1 if it is none; None if that cannot be known yet."""
        if self._data[mark - 1] != _LF:
            return -1
        end = self._data.find(b"\n", mark, mark + MAX_BOUNDARY_LINE)
        if end >= 0 or len(self._data) - mark >= MAX_BOUNDARY_LINE:
            return end
        return len(self._data) if last else None

    def _settled(self, last: bool) -> int:
        """Up to where the buffer can hold no beginning of a boundary line or of a header's end."""
        if last:
            return len(self._data)
        longest = self._structure.boundaries.longest
        kept = max(longest + 1 if longest else 0, 3 if self._structure.in_header else 0)
        return self._without_cr(len(self._data) - kept)

    def _before(self, mark: int) -> int:
        """Where the content before a boundary line ends: the line end before it belongs to the boundary."""
        return self._without_cr(mark - 1)

    def _without_cr(self, end: int) -> int:
        if end > self._at and self._data[end - 1] == _CR:
            end -= 1
        return max(end, self._at)

    def _take(self, end: int) -> bool:
        """Hand over the bytes up to `end`; say whether all were taken: a header may reach its bound."""
        if self._structure.in_header:
            return self._take_header(end)
        self._structure.content(self._data[self._at : end])
        self._at = end
        return True

    def _take_header(self, end: int) -> bool:
        stop = min(end, self._at + MAX_HEADER - len(self._header))
        self._header += self._data[self._at : stop]
        self._at = stop
        if stop < end:
            self._open_part(b"", whole=False)
        return stop == end

    def _open_part(self, separator: bytes, *, whole: bool = True) -> None:
        block, self._header = self._header, b""
        self._structure.header(block, separator, self._base + self._at, whole=whole)

    def _end_header_at(self, blank: int) -> None:
        if self._take(blank + 1):
            start = self._at
            self._at += 2 if self._data[start] == _CR else 1
            self._open_part(self._data[start : self._at])

    def _end_headers(self) -> None:
        """End the header that is being read where it breaks off, and those of the messages that it opens."""
        while self._structure.in_header:
            self._open_part(b"")

    def _boundary_line(self, mark: int, end: int) -> None:
        self._end_headers()
        position = self._base + self._at - (self._line_end_before if mark == self._at else 0)
        line = self._structure.boundaries.line(self._data[mark:end])
        self._line_end_before = 2 if self._data[end - 1] == _CR else 1
        whole = self._data[self._at : end + 1]
        self._at = min(end + 1, len(self._data))
        self._budget.boundary_lines -= 1
        if self._budget.spent:
            self._structure.surrender(line.owner, position)
            self._structure.content(whole)
        else:
            self._structure.boundary(line, whole, position)

    def _not_a_line(self, mark: int) -> None:
        """Take a boundary in the middle of a line, or on a line too long, as content."""
        if not self._take(mark + 1):
            return
        owner = self._structure.boundaries.line(self._data[mark : mark + MAX_BOUNDARY_LINE]).owner
        if self._data[mark - 1] == _CR:
            self._structure.dispute(owner, Reason.BOUNDARY_AFTER_CR)
        elif self._data[mark - 1] == _LF:
            self._structure.dispute(owner, Reason.BOUNDARY_LOOSE)
        self._budget.boundary_lines -= 1
        if self._budget.spent:
            self._end_headers()
            self._structure.surrender(owner, self._base + self._at)
