# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a log: a plain file or one packed with gzip, told apart by its content and not by its name."""

import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

GZIP = b"\x1f\x8b\x08"  # RFC 1952, 2.3.1: its mark, and deflate, the only method there is
_CHUNK = 1 << 14  # what a damaged place costs at most of what stands before it
_GZIP_MEMBER = 31  # zlib's number for deflate within a gzip header and trailer


class UnreadableError(Exception):
    """A path that cannot be read as a log at all; the text says why."""


@dataclass(slots=True)
class Log:
    """An open log: its bytes, unpacked, and how many they were when it was opened.

    `written` is when it was last written to, in local time; `notes` is what a person should know of it.
    """

    path: Path
    file: IO[bytes]
    size: int
    written: datetime
    notes: list[str] = field(default_factory=list)

    def read(self, position: int, count: int) -> bytes:
        """Return up to `count` bytes from `position` on, none past `size`. Raises UnreadableError."""
        try:
            return os.pread(self.file.fileno(), max(0, min(count, self.size - position)), position)
        except OSError as error:
            raise UnreadableError(f"{self.path}: {error.strerror or error}") from error


def files_in(path: Path) -> list[Path]:
    """Return a file itself, or the files in a folder by name. Raises UnreadableError if it is neither."""
    try:
        if path.is_dir():
            return sorted(file for file in path.iterdir() if file.is_file())
        if path.is_file():
            return [path]
        reason = "neither a file nor a folder" if path.exists() else "no such file or folder"
    except OSError as error:
        reason = error.strerror or str(error)
    raise UnreadableError(f"{path}: {reason}")


@contextmanager
def open_log(path: Path, spool: Path) -> Iterator[Log]:
    """Open a log. A packed one is unpacked into a nameless file in the folder `spool`.

    Raises UnreadableError if it cannot be opened or unpacked.
    """
    with ExitStack() as files:
        try:
            log = _open(path, spool, files)
        except OSError as error:
            raise UnreadableError(f"{path}: {error.strerror or error}") from error
        yield log


def _open(path: Path, spool: Path, files: ExitStack) -> Log:
    file = files.enter_context(path.open("rb"))
    status = os.fstat(file.fileno())
    if file.read(len(GZIP)) != GZIP:
        return Log(path, file, status.st_size, _local(status.st_mtime))
    written = min(status.st_mtime, _packed_at(file) or status.st_mtime)
    unpacked = files.enter_context(tempfile.TemporaryFile(dir=spool))  # noqa: SIM115
    notes = _unpack(file, unpacked)
    unpacked.flush()
    return Log(path, unpacked, unpacked.tell(), _local(written), notes)


def begins_with(path: Path, head: bytes) -> bool:
    """Return whether the log at this path, unpacked, can be read and begins with these bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(len(head) + _CHUNK)
    except OSError:
        return False
    if not data.startswith(GZIP):
        return data.startswith(head)
    try:
        return zlib.decompressobj(_GZIP_MEMBER).decompress(data, len(head)) == head
    except zlib.error:
        return False


def _packed_at(file: IO[bytes]) -> float:
    """The time of the last change that a gzip header keeps (RFC 1952, 2.3.1), 0 if it keeps none."""
    file.seek(0)
    return float(int.from_bytes(file.read(8)[4:], "little"))


def _unpack(file: IO[bytes], unpacked: IO[bytes]) -> list[str]:
    """Unpack every member as far as it goes; return what is wrong with the file, if anything."""
    file.seek(0)
    member = zlib.decompressobj(_GZIP_MEMBER)
    try:
        while chunk := file.read(_CHUNK):
            while chunk:
                if member.eof:
                    member = zlib.decompressobj(_GZIP_MEMBER)
                unpacked.write(member.decompress(chunk))
                chunk = member.unused_data.lstrip(b"\0")  # tapes pad with zeros
    except zlib.error:
        return [f"damaged gzip data, of which {unpacked.tell()} bytes could be unpacked"]
    if not member.eof:
        unpacked.write(member.flush())
        return [f"cut off gzip data, of which {unpacked.tell()} bytes could be unpacked"]
    return []


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
