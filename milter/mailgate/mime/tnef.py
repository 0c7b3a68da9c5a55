# SPDX-License-Identifier: GPL-3.0-or-later
"""TNEF ([MS-OXTNEF]; winmail.dat): the names of the files inside, read from its attributes as they stream by.

Why not by a library: docs/decisions/0005-tnef-is-read-as-it-streams.md.
"""

import struct
from typing import Protocol

from mailgate.mime.bounds import MAX_TNEF_ATTRIBUTE, MAX_TNEF_NAMES, Budget
from mailgate.mime.names import MAX_RAW, visible
from mailgate.mime.reasons import Reason
from mailpolicy.headertext import charset_text, composed

TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
FILE_NAME = "winmail.dat"

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = 6  # bytes of the signature and the key that Outlook counts with
_ATTRIBUTE = struct.Struct("<BII")  # level, id, length; the data follows
_CHECKSUM = 2  # bytes after the data
_LEVELS = (1, 2)  # of the message, of an attachment
_TITLE = 0x00018010  # attAttachTitle
_PROPERTIES = 0x00069005  # attAttachment
_CODE_PAGE = 0x00069007  # attOemCodepage
_LONG_NAMES = {b"\x1f\x00\x07\x37": "utf-16-le", b"\x1e\x00\x07\x37": ""}  # PidTagAttachLongFilename
_COUNTED = struct.Struct("<II")  # values, and bytes of the first of them


class Decoder(Protocol):
    """Turns encoded into decoded bytes as they come."""

    def decode(self, data: bytes, *, last: bool = False) -> bytes:
        """Take some content and return what can be decoded so far."""


class TnefNames:
    """Collects the `names` of the files in a TNEF part, each once; `decoder` undoes its transfer encoding."""

    __slots__ = (
        "_budget",
        "_charset",
        "_data",
        "_decoder",
        "_reasons",
        "_signed",
        "_skip",
        "_stopped",
        "names",
    )

    def __init__(self, decoder: Decoder, budget: Budget, reasons: set[Reason]) -> None:
        self._decoder = decoder
        self._budget = budget
        self._reasons = reasons
        self._data = b""
        self._skip = 0  # bytes still to come that tell nothing
        self._signed = self._stopped = False
        self._charset = "utf-8"
        self.names: dict[str, None] = {}

    def feed(self, data: bytes) -> None:
        """Take some content."""
        if not self._stopped:
            self._take(self._decoder.decode(data))

    def finish(self) -> None:
        """Read what is left; the file must end where an attribute does."""
        if not self._stopped:
            self._take(self._decoder.decode(b"", last=True))
        if not self._stopped and (self._data or self._skip or not self._signed):
            self._reasons.add(Reason.TNEF_BROKEN)

    def _take(self, data: bytes) -> None:
        if len(data) <= self._skip:
            self._skip -= len(data)
            return
        data = self._data + data[self._skip :]
        at = 0
        while not self._stopped and at < len(data) and (end := self._step(data, at)) >= 0:
            at = end
        self._data = data[at:]
        self._skip = max(at - len(data), 0)

    def _step(self, data: bytes, at: int) -> int:
        """Return where the attribute at `at` ends, maybe beyond the data; -1 if too little of it is there."""
        if not self._signed:
            return self._sign(data)
        start = at + _ATTRIBUTE.size
        if len(data) < start:
            return -1
        level, attribute, length = _ATTRIBUTE.unpack_from(data, at)
        if level not in _LEVELS:
            return self._stop(Reason.TNEF_BROKEN)
        if not self._budget.tnef_attributes:
            return self._stop(Reason.TOO_MANY_PARTS)
        if attribute in (_TITLE, _PROPERTIES, _CODE_PAGE):
            read = min(length, MAX_TNEF_ATTRIBUTE)
            if len(data) < start + read:
                return -1
            self._read(attribute, data[start : start + read])
        self._budget.tnef_attributes -= 1
        return start + int(length) + _CHECKSUM

    def _sign(self, data: bytes) -> int:
        if len(data) < _HEAD:
            return -1
        self._signed = True
        return _HEAD if data.startswith(_SIGNATURE) else self._stop(Reason.TNEF_BROKEN)

    def _stop(self, reason: Reason) -> int:
        self._reasons.add(reason)
        self._stopped = True
        return -1

    def _read(self, attribute: int, data: bytes) -> None:
        if attribute == _CODE_PAGE:
            self._charset = f"cp{int.from_bytes(data[:4], 'little')}"
        elif attribute == _TITLE:
            self._add(data, self._charset)
        else:
            self._read_properties(data)

    def _read_properties(self, data: bytes) -> None:
        """Find the long name among an attachment's properties, by its tag: at worst it is a name too many."""
        for tag, charset in _LONG_NAMES.items():
            at = data.find(tag) + len(tag)
            start = at + _COUNTED.size
            if at >= len(tag) and start <= len(data):
                _, length = _COUNTED.unpack_from(data, at)
                self._add(data[start : start + length], charset or self._charset)

    def _add(self, raw: bytes, charset: str) -> None:
        name = visible(composed(charset_text(raw[:MAX_RAW], charset)).partition("\0")[0], self._reasons)
        if name and len(self.names) == MAX_TNEF_NAMES and name not in self.names:
            self._stop(Reason.NAME_OVERLONG)
        elif name:
            self.names[name] = None
