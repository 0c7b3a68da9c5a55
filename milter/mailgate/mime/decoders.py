# SPDX-License-Identifier: GPL-3.0-or-later
"""Content-transfer-encodings, streamed: exact decoded sizes, and the decoded bytes where they are read.

What is fed may end anywhere but between a CR and its LF.
"""

import binascii

from mailgate.mime.bounds import MAX_PADDED_RUNS
from mailgate.mime.reasons import Reason

_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(set(range(256)) - set(_DIGITS) - set(b"="))
_PAD = 0x3D


class PaddedRuns:
    """Cuts base64 digits into runs, each ended by the padding that completes its last four.

    A "=" that completes nothing is skipped, as decoders do.
    """

    __slots__ = ("_ended", "_left", "_pads", "_quad", "_reasons")

    def __init__(self, reasons: set[Reason], bound: int) -> None:
        self._quad = self._pads = 0
        self._ended = False
        self._left = bound
        self._reasons = reasons

    def cut(self, digits: bytes) -> list[tuple[bytes, bool]]:
        """Return the digits in pieces, each with whether its run ends there."""
        pieces = []
        start = 0
        while self._left and (pad := digits.find(b"=", start)) >= 0:
            self._left -= 1
            piece = digits[start:pad]
            self._advance(piece)
            pieces.append((piece, self._ends()))
            start = pad + 1
        rest = digits[start:]
        if not self._left and b"=" in rest:
            self._reasons.add(Reason.TOO_MANY_PARTS)
            rest = rest.translate(None, b"=")
        self._advance(rest)
        return [*pieces, (rest, False)]

    def _advance(self, piece: bytes) -> None:
        if piece:
            if self._ended:
                self._reasons.add(Reason.BASE64_AFTER_PADDING)
            self._ended = False
            self._pads = 0
            self._quad = (self._quad + len(piece)) & 3

    def _ends(self) -> bool:
        if self._quad < 2:
            return False
        self._pads += 1
        if self._quad + self._pads < 4:
            return False
        self._quad = self._pads = 0
        self._ended = True
        return True


class Base64Size:
    """Counts what base64 decodes to. Foreign characters are skipped, a lone last digit gives nothing."""

    __slots__ = ("_bound", "_reasons", "_run", "_runs", "_size")

    def __init__(self, reasons: set[Reason], bound: int = MAX_PADDED_RUNS) -> None:
        self._bound = bound
        self._reasons = reasons
        self._runs: PaddedRuns | None = None  # not before a "=" comes
        self._run = 0
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Take some content."""
        digits = data.translate(None, _FOREIGN)
        if self._runs is None:
            if _PAD not in digits:
                self._run += len(digits)
                return
            self._runs = PaddedRuns(self._reasons, self._bound)
            self._runs.cut(b"A" * (self._run & 3))
        for piece, ends in self._runs.cut(digits):
            self._run += len(piece)
            if ends:
                self._size += self._run * 3 // 4
                self._run = 0

    def finish(self) -> int:
        """Return the decoded size in bytes."""
        return self._size + self._run * 3 // 4


class Base64:
    """Decodes base64 to bytes, for a message inside it. Reads it as Base64Size counts it."""

    __slots__ = ("_pending", "_runs")

    def __init__(self, reasons: set[Reason], bound: int = MAX_PADDED_RUNS) -> None:
        self._runs = PaddedRuns(reasons, bound)
        self._pending = b""

    def decode(self, data: bytes, *, last: bool = False) -> bytes:
        """Take some content and return what can be decoded so far."""
        out = []
        for piece, ends in self._runs.cut(data.translate(None, _FOREIGN)):
            digits = self._pending + piece
            whole = len(digits) & ~3
            out.append(binascii.a2b_base64(digits[:whole]))
            self._pending = digits[whole:]
            if ends:
                out.append(self._flush())
        if last:
            out.append(self._flush())
        return b"".join(out)

    def _flush(self) -> bytes:
        digits, self._pending = self._pending, b""
        return binascii.a2b_base64(digits + b"=" * (4 - len(digits))) if len(digits) > 1 else b""


_TABS = bytes.maketrans(b"\t", b" ")
_EQUALS = bytes.maketrans(b"\0", b"=")
_STRIPPED = 1_023  # spaces before a line end that are dropped at most


class Identity:
    """7bit, 8bit, binary: the bytes as they are, line ends as received."""

    __slots__ = ()

    def decode(self, data: bytes, *, last: bool = False) -> bytes:
        """Return the content."""
        return data


class QuotedPrintable:
    """Decodes quoted-printable: soft breaks, =XX, no white space before a line end.

    An invalid escape stays as it is. Hard line breaks come out as received, tabs as spaces.
    """

    __slots__ = ("_tail",)

    def __init__(self) -> None:
        self._tail = b""

    def decode(self, data: bytes, *, last: bool = False) -> bytes:
        """Take some content and return what can be decoded so far."""
        if not data and not self._tail:
            return b""
        data = self._tail + data.translate(_TABS)
        cut = len(data) if last else _undecided(data)
        self._tail = data[cut:]
        data = data[:cut]
        if last:
            data = _strip_line_ends(data + b"\n")[:-1]
        elif data.endswith(b"="):  # what is kept back begins with "=" too, so this one is no escape
            data = data[:-1] + b"=3D"
        return _decoded(_strip_line_ends(data))


def _undecided(data: bytes) -> int:
    """Where the end begins that may mean something else once more is known: an escape, spaces, both."""
    cut = len(data)
    spaces = cut - len(data.rstrip(b" "))
    if spaces:
        if spaces > _STRIPPED:
            return cut - _STRIPPED
        cut -= spaces
        return cut - data.endswith(b"=", 0, cut)
    escape = data.rfind(b"=", max(cut - 2, 0))
    return escape if escape >= 0 else cut


def _strip_line_ends(data: bytes) -> bytes:
    """Drop up to _STRIPPED spaces before every line end, in as few passes as the longest run allows."""
    for end in (b"\r\n", b"\n"):
        spaces = 1
        while spaces <= _STRIPPED // 2 and b" " * (2 * spaces) + end in data:
            spaces *= 2
        while spaces and b" " + end in data:
            data = data.replace(b" " * spaces + end, end)
            spaces //= 2
    return data


def _decoded(data: bytes) -> bytes:
    """Decode as binascii does, but for two things it reads in its own way.

    These are "==", and a CR after "=" that begins no line end: a "=" there is no escape but itself.
    """
    if b"=\r" in data:
        data = data.replace(b"=\r\n", b"=\n").replace(b"=\r", b"=3D\r")
    if b"==" not in data:
        return binascii.a2b_qp(data)
    literal = b"\0" if b"\0" not in data and b"=00" not in data else b"=3D"  # NUL is shorter and rarely used
    for run in (64, 2, 2):  # the second pair of three; and long runs at once
        data = data.replace(b"=" * run, literal * (run - 1) + b"=")
    decoded = binascii.a2b_qp(data)
    return decoded.translate(_EQUALS) if literal == b"\0" else decoded
