# SPDX-License-Identifier: GPL-3.0-or-later
"""A log that is followed: found again when it is rotated, cut short, or not there for a while."""

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Protocol

from mailaudit.follow.lag import State
from mailaudit.ingest import Run
from mailaudit.logs.order import by_first_time
from mailaudit.logs.source import Log
from mailaudit.store.rows import Source

LINGER = 60.0
"""Seconds that a renamed log is still read: syslog writes to it until it is told to open the new one."""
AHEAD = 86_400.0
"""Seconds that the date of a rotated log may be before the newest line known, and it still be looked into."""

Say = Callable[[str], None]


class Followed(Protocol):
    """What is followed."""

    def read(self, run: Run) -> None:
        """Read what is new. Raises UnreadableError."""

    def forget(self) -> None:
        """Look into it again even if nothing seems new: what was read has not come into the store."""

    def state(self) -> State:
        """Return how far it has come."""


@dataclass
class FollowedJournal:
    """systemd's journal, which looks after its own rotation."""

    path: Path
    say: Say
    _source: Source | None = None
    _error: str | None = None

    def read(self, run: Run) -> None:
        """Read the entries after the last one that was read."""
        outcome = run.read(self.path)
        if outcome.error is not None and outcome.error != self._error:
            self.say(outcome.error)
        self._source, self._error = outcome.source or self._source, outcome.error

    def forget(self) -> None:
        """The store's checkpoint says where to go on."""

    def state(self) -> State:
        """Return how far it has come."""
        return State(str(self.path), self._error is None, _newest(self._source), 0)


@dataclass
class _OpenFile:
    path: Path
    file: IO[bytes]
    read_to: int = 0  # its size when it was last read
    grown: float = field(default_factory=time.monotonic)

    @property
    def inode(self) -> tuple[int, int]:
        status = os.fstat(self.file.fileno())
        return status.st_dev, status.st_ino


class FollowedFile:
    """A path, the file that is there, and those that were there before and may still be written to."""

    def __init__(self, path: Path, say: Say, zone: tzinfo | None) -> None:
        self.path, self._say, self._zone = path, say, zone
        self._open: _OpenFile | None = None
        self._rotated: list[_OpenFile] = []
        self._source: Source | None = None
        self._is_missed = False
        self._is_new = True  # no file was read yet: its predecessors come first

    def read(self, run: Run) -> None:
        """Read what is new: first in rotated files, then in the one that is there."""
        self._look_who_is_there()
        for rotated in list(self._rotated):
            self._read_file(rotated, run)
            if time.monotonic() - rotated.grown > LINGER:
                rotated.file.close()
                self._rotated.remove(rotated)
        if self._open is None:
            return
        cut_short = os.fstat(self._open.file.fileno()).st_size < self._open.read_to
        if self._is_new or cut_short:
            self._open.read_to = 0
            for path in self._predecessors(run):
                self._tell(run.read(path).notes)
            self._is_new = False
        self._read_file(self._open, run)

    def forget(self) -> None:
        """Look into all files again."""
        for there in (*self._rotated, *([self._open] if self._open is not None else [])):
            there.read_to = -1
        self._is_new = True

    def state(self) -> State:
        """Return how far it has come."""
        size = os.fstat(self._open.file.fileno()).st_size if self._open is not None else 0
        offset = self._source.offset if self._source is not None else 0
        unread = max(0, size - offset) if not self._rotated else 0
        return State(str(self.path), self._open is not None, _newest(self._source), unread)

    def _look_who_is_there(self) -> None:
        try:
            status = self.path.stat()
        except OSError as error:
            if not self._is_missed:
                self._say(f"{self.path}: {error.strerror}; it is waited for")
            self._is_missed, there = True, None
        else:
            self._is_missed, there = False, (status.st_dev, status.st_ino)
        if self._open is not None and self._open.inode != there:
            self._rotated.append(self._open)
            self._note_new_name(self._open)
            self._open = None
        if self._open is None and there is not None:
            try:
                self._open = _OpenFile(self.path, self.path.open("rb"))
            except OSError as error:
                if not self._is_missed:
                    self._say(f"{self.path}: {error.strerror}; it is waited for")
                self._is_missed = True

    def _note_new_name(self, rotated: _OpenFile) -> None:
        """Find where a file is now, and see to it that the store learns of it."""
        for file in self.path.parent.iterdir():
            with suppress(OSError):
                status = file.stat()
                if (status.st_dev, status.st_ino) == rotated.inode:
                    rotated.path, rotated.read_to = file, -1

    def _read_file(self, there: _OpenFile, run: Run) -> None:
        status = os.fstat(there.file.fileno())
        if status.st_size == there.read_to:
            return
        written = datetime.fromtimestamp(status.st_mtime).astimezone(self._zone)
        log = Log(there.path, there.file, status.st_size, written, zone=self._zone)
        outcome = run.read_log(log)
        there.read_to, there.grown = status.st_size, time.monotonic()
        if there is self._open and _number(self._source) not in (None, _number(outcome.source)):
            self._is_new = True  # written over since the last look: what was there may have been moved
        self._source = outcome.source or self._source

    def _predecessors(self, run: Run) -> list[Path]:
        """The rotated files that may hold lines which nobody has read, the oldest first."""
        name = re.escape(self.path.name)
        stem, suffix = re.escape(self.path.stem), re.escape(self.path.suffix)
        rotated = re.compile(rf"(?:{name}[.-].+|{stem}[.-]\d.*{suffix}(?:\..+)?)")
        files = [
            file for file in self.path.parent.iterdir() if rotated.fullmatch(file.name) and file.is_file()
        ]
        newest = run.newest({str(self.path), *map(str, files)})
        since = 0.0 if newest is None else newest - AHEAD
        return by_first_time([file for file in files if file.stat().st_mtime >= since], self._zone)

    def _tell(self, notes: list[str]) -> None:
        for note in notes:
            if note != "nothing new":
                self._say(f"{self.path}: {note}")


def _number(source: Source | None) -> int | None:
    return None if source is None else source.id


def _newest(source: Source | None) -> float | None:
    return source.last_time / 1e6 if source is not None and source.last_time is not None else None
