# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging an archive on all cores, in bounded memory and with the same result on every run."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from mailgate.mime.saved import split_saved
from mailgate.replay.archive import NoMailError, Stored, files, messages
from mailgate.replay.history import at_the_door
from mailgate.replay.tally import Changes, Tally
from mailgate.saved import judge_split
from mailpolicy.judge import Policy
from mailpolicy.progress import Progress

BATCH_MESSAGES, BATCH_BYTES = 200, 16 * 1024 * 1024
AHEAD = 4  # batches under way for each core
LISTED = 20  # files that could not be read, or hold no mail, which are named

_policies: list[Policy] = []  # of this process: set before the workers are forked


@dataclass(slots=True)
class Result:
    """What came of an archive: one tally for each site file, and what differs between two.

    `unread` names the first files that could not be read, `not_mail` those that hold no mail; the counts are
    of all.
    """

    tallies: list[Tally]
    changes: Changes = field(default_factory=Changes)
    unread: list[str] = field(default_factory=list)
    unread_count: int = 0
    not_mail: list[str] = field(default_factory=list)
    not_mail_count: int = 0

    def add(self, other: "Result") -> None:
        """Take the result of later messages."""
        for mine, theirs in zip(self.tallies, other.tallies, strict=True):
            mine.add(theirs)
        self.changes.add(other.changes)
        self.unread = [*self.unread, *other.unread][:LISTED]
        self.unread_count += other.unread_count

    def note_unread(self, why: str) -> None:
        """Note a file that could not be read."""
        self.unread_count += 1
        self.unread = [*self.unread, why][:LISTED]

    def note_not_mail(self, why: str) -> None:
        """Note a file that holds no mail."""
        self.not_mail_count += 1
        self.not_mail = [*self.not_mail, why][:LISTED]


def replay(paths: Sequence[Path], policies: Sequence[Policy], progress: Progress) -> Result:
    """Judge every message of an archive by one policy, or by two to compare them."""
    _policies[:] = policies
    total = Result([Tally() for _ in policies])
    progress.total(sum(_size(path) for path in files(paths)))
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, multiprocessing.get_context("fork")) as pool:
        under_way: deque[tuple[int, Future[Result]]] = deque()
        for batch in _batches(files(paths), total, progress):
            under_way.append((sum(stored.size for stored in batch), pool.submit(_judge, batch)))
            if len(under_way) > AHEAD * cores:
                _take(under_way, total, progress)
        while under_way:
            _take(under_way, total, progress)
    return total


def _take(under_way: deque[tuple[int, Future[Result]]], total: Result, progress: Progress) -> None:
    """Take the oldest batch's result, so that the order is the archive's."""
    size, future = under_way.popleft()
    total.add(future.result())
    progress.read(size)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # it is told of when it is its turn


def _batches(paths: Iterable[Path], total: Result, progress: Progress) -> Iterator[list[Stored]]:
    batch: list[Stored] = []
    size = 0
    for stored in _all_messages(paths, total, progress):
        batch.append(stored)
        size += stored.size
        if len(batch) >= BATCH_MESSAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _all_messages(paths: Iterable[Path], total: Result, progress: Progress) -> Iterator[Stored]:
    for path in paths:
        try:
            yield from messages(path)
        except NoMailError as error:
            total.note_not_mail(str(error))
            progress.read(_size(path))
        except OSError as error:
            total.note_unread(f"{path}: can't be read ({error.strerror or error})")


# What follows runs in the workers.


def _judge(batch: Sequence[Stored]) -> Result:
    result = Result([Tally() for _ in _policies])
    for stored in batch:
        try:
            _judge_one(stored, result)
        except OSError as error:
            result.note_unread(f"{stored}: can't be read ({error.strerror or error})")
    return result


def _judge_one(stored: Stored, result: Result) -> None:
    outcomes = []
    for policy in _policies:
        fields, body = split_saved(stored.pieces())
        seen, assumed = at_the_door(fields, policy)
        outcomes.append(judge_split(seen, body, policy, assumed))
    for tally, outcome in zip(result.tallies, outcomes, strict=True):
        tally.count(str(stored), outcome)
    if len(outcomes) > 1:
        result.changes.count(str(stored), outcomes)
