# SPDX-License-Identifier: GPL-3.0-or-later
"""A log file that several processes append lines to, and that may be rotated away under them."""

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

STDOUT, STDERR = 1, 2
MODE = 0o640


class LineFile:
    """Appends whole lines, each by one write, to a path or to standard output (`-`).

    A file that was renamed or removed is opened anew before the next line, or when `follow` is called. A line
    that can't be written goes to standard error, and `failed` is told: mail does not wait for a disk.
    """

    def __init__(self, path: str, failed: Callable[[OSError], None]) -> None:
        self._path = None if path == "-" else Path(path)
        self._failed = failed
        self._lock = threading.Lock()
        self._torn = False
        self._number = self._open(self._path) if self._path else STDOUT

    def follow(self) -> None:
        """Let go of a file that was renamed or removed. What can't be done now is tried by the next line."""
        with self._lock, contextlib.suppress(OSError):
            self._reopen_if_moved()

    def info(self, line: str) -> None:
        """Append a line, given without its end."""
        data = line.encode() + b"\n"
        with self._lock:
            try:
                self._write(data)
            except OSError as error:
                self._failed(error)
                self._last_resort(data)

    def _write(self, data: bytes) -> None:
        self._reopen_if_moved()
        if self._torn:
            data = b"\n" + data
        written = os.write(self._number, data)
        self._torn = written < len(data)  # the disk is full: the next line shall not be glued to half a line
        if self._torn:
            raise OSError("only part of the line could be written")

    def _reopen_if_moved(self) -> None:
        if self._path and self._moved(self._path):
            number = self._open(self._path)
            os.close(self._number)
            self._number = number

    @staticmethod
    def _open(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, MODE)

    def _moved(self, path: Path) -> bool:
        try:
            there = path.stat()
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(self._number))

    @staticmethod
    def _last_resort(data: bytes) -> None:
        try:
            os.write(STDERR, data)
        except OSError:
            return  # the counter of failures has told
