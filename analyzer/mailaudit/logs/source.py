# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a log: a file, plain or packed, told apart by its content and not by its name, or standard input."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from mailaudit.logs.journal import (
    EXPORT_MAGIC,
    FILE_MAGIC,
    JournalError,
    is_journal,
    lines_of_export,
    lines_of_file,
)
from mailaudit.logs.packed import LONGEST_MAGIC, BrokenError, packing_of, unpack

STDIN = Path("-")


class UnreadableError(Exception):
    """A path that cannot be read as a log at all; the text says why."""


@dataclass(slots=True)
class Log:
    """An open log: its bytes, unpacked, and how many they were when it was opened.

    `written` is when it was last written to; `zone` is that of times without one, None the machine's; `notes`
    is what a person should know of it.
    """

    path: Path
    file: IO[bytes]
    size: int
    written: datetime
    notes: list[str] = field(default_factory=list)
    zone: tzinfo | None = None

    def read(self, position: int, count: int) -> bytes:
        """Return up to `count` bytes from `position` on, none past `size`. Raises UnreadableError."""
        try:
            return os.pread(self.file.fileno(), max(0, min(count, self.size - position)), position)
        except OSError as error:
            raise UnreadableError(f"{self.path}: {error.strerror or error}") from error


def files_in(path: Path) -> list[Path]:
    """Return a file itself, or the files in a folder and those below it, by name.

    Raises UnreadableError if it is neither, or a folder without any file.
    """
    try:
        if path == STDIN or is_journal(path):
            return [path]
        if path.is_dir():
            files = sorted(Path(folder) / name for folder, _, names in os.walk(path) for name in names)
            if found := [file for file in files if file.is_file()]:
                return found
            reason = "a folder without any file"
        elif path.is_file() or path.is_fifo():
            return [path.absolute()]
        else:
            reason = "neither a file nor a folder" if path.exists() else "no such file or folder"
    except OSError as error:
        reason = error.strerror or str(error)
    raise UnreadableError(f"{path}: {reason}")


@contextmanager
def open_log(path: Path, spool: Path, zone: tzinfo | None = None) -> Iterator[Log]:
    """Open a log. A packed one, or a pipe, is copied to a nameless file in the folder `spool`.

    Raises UnreadableError if it cannot be opened.
    """
    with ExitStack() as files:
        try:
            log = _open(path, spool, files)
            log.zone, log.written = zone, log.written.astimezone(zone)
        except OSError as error:
            raise UnreadableError(f"{path}: {error.strerror or error}") from error
        yield log


def _open(path: Path, spool: Path, files: ExitStack) -> Log:
    file = _seekable(path, spool, files)
    status = os.fstat(file.fileno())
    log = Log(path, file, status.st_size, _written(file))
    packing = packing_of(log.read(0, LONGEST_MAGIC))
    if packing is not None:
        _copy(log, unpack(packing, file), spool, files)
    begin = log.read(0, len(EXPORT_MAGIC))
    if begin.startswith(FILE_MAGIC):
        _copy(log, lines_of_file(Path(f"/proc/{os.getpid()}/fd/{log.file.fileno()}")), spool, files)
    elif begin == EXPORT_MAGIC:
        _copy(log, lines_of_export(log.file), spool, files)
    return log


def _copy(log: Log, parts: Iterator[bytes], spool: Path, files: ExitStack) -> None:
    """Put what its bytes stand for in a log's place."""
    copy = _spooled(spool, files)
    log.file.seek(0)
    try:
        for data in parts:
            copy.write(data)
    except (BrokenError, JournalError) as error:
        log.notes.append(f"{error}, of which {copy.tell()} bytes could be read")
    copy.flush()
    log.file, log.size = copy, copy.tell()


def _seekable(path: Path, spool: Path, files: ExitStack) -> IO[bytes]:
    if path != STDIN and not path.is_fifo():
        return files.enter_context(path.open("rb"))
    copy = _spooled(spool, files)
    with sys.stdin.buffer if path == STDIN else path.open("rb") as pipe:
        copyfileobj(pipe, copy)
    copy.flush()
    return copy


def _spooled(spool: Path, files: ExitStack) -> IO[bytes]:
    return files.enter_context(tempfile.TemporaryFile(dir=spool))


def beginning(path: Path, count: int) -> tuple[bytes, datetime]:
    """Return a log's first `count` bytes, unpacked, and when it was last written to.

    They are fewer if it has no more, or cannot be unpacked so far. Raises OSError.
    """
    with path.open("rb") as file:
        data, packing = file.read(count), packing_of(os.pread(file.fileno(), LONGEST_MAGIC, 0))
        if packing is not None:
            data = _first(count, unpack(packing, file))
        return data, _written(file)


def _first(count: int, parts: Iterator[bytes]) -> bytes:
    data = b""
    try:
        while len(data) < count:
            data += next(parts)
    except (StopIteration, BrokenError):
        pass
    return data[:count]


def begins_with(path: Path, head: bytes) -> bool:
    """Return whether the log at this path, unpacked, can be read and begins with these bytes."""
    try:
        return beginning(path, len(head))[0] == head
    except OSError:
        return False


def _written(file: IO[bytes]) -> datetime:
    """When a file was last changed. What packed it with gzip may have kept that (RFC 1952, 2.3.1)."""
    changed = os.fstat(file.fileno()).st_mtime
    start = os.pread(file.fileno(), 8, 0)
    if (packing := packing_of(start)) is not None and packing.name == "gzip":
        changed = min(changed, float(int.from_bytes(start[4:], "little")) or changed)
    return _local(changed)


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
