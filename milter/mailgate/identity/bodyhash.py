# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM's hash of a body (RFC 6376, 3.4.3 and 3.4.4), taken as the body streams, in constant memory."""

import hashlib

_EMPTY_LINES = b"\r\n" * 4096
_TABS = bytes.maketrans(b"\t", b" ")


class BodyHash:
    """SHA-256 of a body in one canonical form: update() with any chunks, then digest(), once.

    What may yet turn out to be left out is held back as counts: empty lines at the end, and white space
    before a line's end.
    """

    __slots__ = ("_empty", "_hash", "_lines", "_relaxed", "_tail")

    def __init__(self, *, relaxed: bool) -> None:
        self._relaxed = relaxed
        self._hash = hashlib.sha256()
        self._empty = True  # nothing but line ends has come
        self._lines = 0  # line ends held back
        self._tail = b""  # a CR, a space, or both, held back after them

    def update(self, chunk: bytes) -> None:
        """Take some of the body."""
        data = self._tail + chunk
        if self._relaxed:
            data = data.translate(_TABS)
            while b"  " in data:
                data = data.replace(b"  ", b" ")
            data = data.replace(b" \r\n", b"\r\n")
        kept = data.removesuffix(b"\r")
        if self._relaxed:
            kept = kept.removesuffix(b" ")
        self._tail = data[len(kept) :]
        self._take(kept)

    def digest(self) -> bytes:
        """End the body and return its hash: 32 bytes."""
        if self._tail:
            self._write(self._tail)
        if not (self._relaxed and self._empty):  # an empty body is one line end, or relaxed nothing
            self._hash.update(b"\r\n")
        return self._hash.digest()

    def _take(self, data: bytes) -> None:
        """Hash all but the line ends at its end, which are counted."""
        ends = data[len(data.rstrip(b"\r\n")) :].replace(b"\r\n", b"\0")
        lines = len(ends) - len(ends.rstrip(b"\0"))
        if text := data[: len(data) - 2 * lines]:
            self._write(text)
        self._lines += lines

    def _write(self, text: bytes) -> None:
        while self._lines:
            block = _EMPTY_LINES[: 2 * self._lines]
            self._hash.update(block)
            self._lines -= len(block) // 2
        self._hash.update(text)
        self._empty = False
