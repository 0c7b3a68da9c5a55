# SPDX-License-Identifier: GPL-3.0-or-later
"""A bounded copy of a message on disk, in an unlinked file that is gone with its last reader."""

import tempfile
from collections.abc import Iterable
from io import FileIO

TOO_LARGE = "too large"
NO_ROOM = "no room to keep it"
CONTENT_FIELDS = frozenset({"content-type", "content-transfer-encoding", "content-disposition"})


class Kept:
    """The content fields of a message's header, an empty line, and its body, as one MIME entity.

    `failed` says why there is no whole copy, "" while there is one.
    """

    def __init__(self, fields: Iterable[tuple[str, bytes]], bound: int) -> None:
        self.failed = ""
        self._left = bound
        self._file: FileIO | None = None
        try:
            self._file = tempfile.TemporaryFile(prefix="mailgate-", buffering=0)  # noqa: SIM115 - see close()
        except OSError:
            self.failed = NO_ROOM
            return
        said = [(name, value) for name, value in fields if name.lower() in CONTENT_FIELDS]
        lines = [name.encode() + b": " + _on_the_wire(value) + b"\r\n" for name, value in said]
        self.write(b"".join(lines) + b"\r\n")

    def write(self, chunk: bytes) -> None:
        """Keep some of the body. What can't be kept is let go of at once."""
        if self._file is None:
            return
        self._left -= len(chunk)
        if self._left < 0:
            self._give_up(TOO_LARGE)
            return
        try:
            while chunk:
                chunk = chunk[self._file.write(chunk) :]
        except OSError:
            self._give_up(NO_ROOM)

    def _give_up(self, why: str) -> None:
        self.close()
        self.failed = why

    def fileno(self) -> int:
        """Return the file's number. Only for a copy that has not failed."""
        if self._file is None:
            raise ValueError(self.failed or "closed")
        return self._file.fileno()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _on_the_wire(value: bytes) -> bytes:
    return value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
