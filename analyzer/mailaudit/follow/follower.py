# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads logs while they are written, and stores what is new every few seconds."""

import os
import time
from collections.abc import Callable, Iterable
from datetime import tzinfo
from pathlib import Path
from threading import Event

from mailaudit.analysis import Analysis
from mailaudit.follow import lag
from mailaudit.follow.followed import Followed, FollowedFile, FollowedJournal
from mailaudit.follow.tidy import MANY, tidy
from mailaudit.ingest import Run
from mailaudit.lock import LockedError, holder, only_one
from mailaudit.logs.journal import is_journal
from mailaudit.logs.source import UnreadableError
from mailaudit.store import Store, StoreError
from mailpolicy.progress import Progress

BETWEEN = 4.0
"""Seconds between two looks: with what a look takes, a login is in the store within 5."""

Say = Callable[[str], None]


class _StoppedError(Exception):
    """It is time to end, in the middle of a long log."""


def follow(store: Store, paths: Iterable[Path], stop: Event, say: Say, zone: tzinfo | None = None) -> None:
    """Read logs from where they were left, and go on until `stop` is set; then store what was read, and end.

    The home folder is locked only while something is read. `say` gets a line for what a person should know.
    """
    follower = Follower(store, paths, stop, say, zone=zone)
    while not stop.is_set():
        begun = time.monotonic()
        follower.look()
        stop.wait(max(0.0, begun + BETWEEN - time.monotonic()))


class Follower:
    """Logs that are followed, and what reads them; `look` is to be called again and again."""

    def __init__(
        self,
        store: Store,
        paths: Iterable[Path],
        stop: Event,
        say: Say,
        *,
        zone: tzinfo | None = None,
        analysis: Analysis | None = None,
    ) -> None:
        self._store, self._stop, self._say, self._zone = store, stop, say, zone
        self._logs: list[Followed] = [
            FollowedJournal(path, say) if is_journal(path) else FollowedFile(path.absolute(), say, zone)
            for path in paths
        ]
        self._analysis = analysis or Analysis(store.home)
        self._run: Run | None = None
        self._trouble = ""
        self._looks = 0

    def look(self) -> None:
        """Read what is new in all logs, unless another process is ingesting."""
        if holder(self._store.home) != os.getpid():
            self._run = None  # another has read logs meanwhile
        try:
            with only_one(self._store.home):
                self._read()
        except (LockedError, StoreError) as error:
            self._put_off(str(error))
        else:
            self._trouble = ""

    def _put_off(self, trouble: str) -> None:
        """Say, once, why nothing was stored, and go on from what is stored at the next look."""
        if trouble != self._trouble:
            self._say(f"{trouble}; following tries again")
        self._trouble, self._run = trouble, None
        for log in self._logs:
            log.forget()

    def _read(self) -> None:
        self._run = run = self._run or Run(
            self._store, Progress(read=self._check), self._analysis, self._zone
        )
        try:
            for log in self._logs:
                self._read_log(log, run)
        except _StoppedError:
            pass
        run.store_batch()
        self._looks += 1
        if self._looks % MANY == 0:
            tidy(self._store)
        lag.write(self._store.home, [log.state() for log in self._logs])

    def _read_log(self, log: Followed, run: Run) -> None:
        try:
            log.read(run)
        except UnreadableError as error:
            self._say(str(error))

    def _check(self, _size: int) -> None:
        if self._stop.is_set():
            raise _StoppedError
