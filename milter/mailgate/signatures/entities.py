# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a kept message with the exact bytes of each: a signature holds for those and no others.

It runs in the examining process only. The scanner stays the reader for everything that is counted.
"""

import base64
import binascii
import mmap
import quopri
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from mailgate.mime.bounds import MAX_DEPTH, MAX_PARTS

MAX_HEADER = 65_536  # bytes

Data = bytes | mmap.mmap


class TooManyPartsError(Exception):
    """The message has more parts, or deeper ones, than the scanner looks at."""


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """One MIME entity of `data`: its header begins at `start`, its body at `body`, both end at `end`."""

    data: Data
    header: Message
    start: int
    body: int
    end: int
    children: tuple["Entity", ...] = ()

    @property
    def type(self) -> str:
        """The media type in lower case."""
        return self.header.get_content_type()

    @property
    def name(self) -> str:
        """The file name or ""."""
        return self.header.get_filename("") or ""

    @property
    def exact(self) -> bytes:
        """Header and body as sent, without the line end before the next boundary (RFC 1847, 2.1)."""
        return self.data[self.start : self.end]

    def decoded(self) -> bytes:
        """Return the body without its transfer encoding; where that is broken, as much as can be read."""
        raw = self.data[self.body : self.end]
        encoding = str(self.header.get("Content-Transfer-Encoding", "")).strip().lower()
        if encoding == "base64":
            try:
                return base64.b64decode(raw)
            except binascii.Error:
                return b""
        return quopri.decodestring(raw) if encoding == "quoted-printable" else raw

    def walk(self) -> Iterator["Entity"]:
        """Itself, then what it holds, in the order of the message."""
        yield self
        for child in self.children:
            yield from child.walk()


def read(data: Data) -> Entity:
    """Read a message, lines ended by CRLF; attached messages stay closed. Raises TooManyPartsError."""
    return _Reader(data).entity(0, len(data), 0)


class _Reader:
    def __init__(self, data: Data) -> None:
        self._data = data
        self._parts = 0

    def entity(self, start: int, end: int, depth: int) -> Entity:
        self._parts += 1
        if self._parts > MAX_PARTS or depth > MAX_DEPTH:
            raise TooManyPartsError
        body = self._body(start, end)
        header = BytesHeaderParser().parsebytes(self._data[start : min(body, start + MAX_HEADER)])
        children: tuple[Entity, ...] = ()
        boundary = header.get_boundary() if header.get_content_maintype() == "multipart" else None
        if boundary:
            spans = self._spans(boundary.encode("latin-1", "replace"), body, end)
            children = tuple([self.entity(first, last, depth + 1) for first, last in spans])
        return Entity(self._data, header, start, body, end, children)

    def _body(self, start: int, end: int) -> int:
        if self._data[start : start + 2] == b"\r\n":
            return start + 2
        blank = self._data.find(b"\r\n\r\n", start, end)
        return blank + 4 if blank >= 0 else end

    def _spans(self, boundary: bytes, body: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the parts between the boundary lines begin and end (RFC 2046, 5.1.1)."""
        mark = b"\r\n--" + boundary
        begun = -1
        at = self._data.find(mark, max(body - 2, 0), end)
        while at >= 0:
            after = at + len(mark)
            line_end = self._data.find(b"\r\n", after, end)
            rest = self._data[after : line_end if line_end >= 0 else end]
            if not rest.startswith(b"--") and rest.strip(b" \t"):  # a longer boundary that begins alike
                at = self._data.find(mark, after, end)
                continue
            if begun >= 0:
                yield begun, at
            if rest.startswith(b"--") or line_end < 0:
                return
            begun = line_end + 2
            at = self._data.find(mark, line_end, end)
        if begun >= 0:
            yield begun, end
