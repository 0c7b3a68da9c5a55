# SPDX-License-Identifier: GPL-3.0-or-later
"""Streaming MIME scanner: a message's parts, their names and exact sizes, in constant memory.

Where broken MIME can be read in several ways, the reading that makes the attachment larger counts, and the
message is marked malformed with the reason's code. docs/scanner.md tells all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mailgate.mime.fields import content_fields
from mailgate.mime.reader import Reader
from mailgate.mime.reasons import Reason, note_bare_cr
from mailgate.mime.saved import split_saved
from mailgate.mime.tree import Tree
from mailpolicy.message import Part

__all__ = ["Reason", "Scan", "Scanner", "scan_message"]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found. `parts` stand in the order of the message, containers before what they hold.

    `malformed` holds Reason's codes in alphabetical order; `size` is the message's bytes on the wire.
    """

    parts: tuple[Part, ...]
    malformed: tuple[str, ...]
    size: int


class Scanner:
    """Reads one message as a milter gets it: header(), then body() in any chunks, then finish(), once."""

    __slots__ = ("_fields", "_reader", "_size", "_tree")

    def __init__(self) -> None:
        self._fields: list[tuple[str, bytes]] = []
        self._size = 0
        self._tree = Tree()
        self._reader: Reader | None = None

    def header(self, name: str, value: bytes) -> None:
        """Take a header field of the message itself. The value is raw; its folding is CRLF or LF."""
        self._fields.append((name, value))

    def body(self, chunk: bytes) -> None:
        """Take some of the body. Lines end with CRLF; a bare LF ends a line too."""
        if self._reader is None:
            self._reader = self._begin()
        self._size += len(chunk)
        if b"\0" in chunk:
            self._tree.reasons.add(Reason.NUL)
        self._reader.feed(chunk)

    def finish(self) -> Scan:
        """Return what was found."""
        if self._reader is None:
            self._reader = self._begin()
        self._reader.finish()
        parts = self._tree.parts()
        return Scan(parts, tuple(sorted(reason.value for reason in self._tree.reasons)), self._size)

    def _begin(self) -> Reader:
        """Look at the header as a whole: a field that says nothing about parts costs next to nothing."""
        fields, self._fields = self._fields, []
        values = b"\n".join([value for _, value in fields])
        names = sum([len(name) + 2 for name, _ in fields])  # ": "
        crlf = values.count(b"\r\n") if b"\r" in values else 0
        ends = values.count(b"\n") - crlf + (4 if fields else 2)
        self._size = names + len(values) + ends
        if b"\0" in values:
            self._tree.reasons.add(Reason.NUL)
        note_bare_cr(values, self._tree.reasons)
        disputed = Reason.BARE_CR in self._tree.reasons and b"\rcontent-" in values.lower()
        return Reader.of_body(self._tree, content_fields(fields), disputed=disputed)


def scan_message(raw: bytes | Iterable[bytes]) -> tuple[list[tuple[str, bytes]], Scan]:
    """Scan a saved message, lines ended by LF or CRLF. Its fields are as a milter gets them."""
    fields, body = split_saved(raw)
    scanner = Scanner()
    for name, value in fields:
        scanner.header(name, value)
    for chunk in body:
        scanner.body(chunk)
    return fields, scanner.finish()
