# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads logs into the store and the facts: what is new in them, and each line once, whenever it is killed.

While one batch of lines is analysed and stored, the next is read.
"""

from collections.abc import Collection, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mailaudit import arrow, facts
from mailaudit.checkpoints import Checkpoints, mark
from mailaudit.logs.journal import JournalError, chunks, is_journal
from mailaudit.logs.lines import Block, Blocks, calendar_of, cut_lines
from mailaudit.logs.order import by_first_time
from mailaudit.logs.reading import size_of
from mailaudit.logs.source import Log, UnreadableError, files_in, open_log
from mailaudit.logs.stamp import calendar
from mailaudit.outcome import Outcome
from mailaudit.store import Store
from mailaudit.store.rows import Source
from mailaudit.storing import Gathered, Storing
from mailpolicy.progress import Progress

if TYPE_CHECKING:
    from mailaudit.analysis import Analysis

arrow.set_up()  # lines are read before an engine is there

BATCH = 48 << 20
"""Bytes of log that are analysed and stored together: they and what comes of them must fit in memory."""


def ingest(
    store: Store,
    paths: Iterable[Path],
    progress: Progress,
    analysis: "Analysis | None" = None,
    zone: tzinfo | None = None,
) -> list[Outcome]:
    """Read files, the files in folders, and journals, the oldest first; return what came of each.

    The caller holds the home folder's lock. A path that cannot be read does not keep the others from it. An
    `analysis` that is there is used; else one is made as soon as something new is found. `zone` is that of
    times without one, None the machine's.
    """
    files, outcomes = _files(paths, zone)
    progress.total(sum(size_of(file) for file in files))
    with ThreadPoolExecutor(1) as thread:
        run = Run(store, progress, analysis, zone, thread)
        outcomes += [run.read(file) for file in files]
        run.store_batch()
    return outcomes


def _files(paths: Iterable[Path], zone: tzinfo | None) -> tuple[list[Path], list[Outcome]]:
    """The files that paths stand for, and an outcome for each path that cannot be read."""
    files: list[Path] = []
    failed: list[Outcome] = []
    for path in paths:
        try:
            files += files_in(path)
        except UnreadableError as error:
            failed.append(Outcome(path, error=str(error)))
    return by_first_time(files, zone), failed


class Run:
    """One ingest: gathers lines of many logs until they make a batch, and has batch after batch stored.

    In the `thread`, if there is one, while it reads on.
    """

    def __init__(
        self,
        store: Store,
        progress: Progress,
        analysis: "Analysis | None",
        zone: tzinfo | None,
        thread: Executor | None = None,
    ) -> None:
        facts.remove_unlisted(store.facts, store.facts_files())
        self._store = store
        self._zone = zone
        self._progress = progress
        self._checkpoints = Checkpoints(store)
        self._storing = Storing(store, analysis)
        self._thread = thread
        self._being_stored: Future[None] | None = None
        self._gathered = Gathered()

    def read(self, path: Path) -> Outcome:
        """Read what is new in a log, or in a journal."""
        try:
            if is_journal(path):
                return self._read_journal(path)
            with open_log(path, self._store.home, self._zone) as log:
                return self.read_log(log)
        except (UnreadableError, JournalError) as error:
            return Outcome(path, error=str(error))

    def read_log(self, log: Log) -> Outcome:
        """Read what is new in a log that is open. Raises UnreadableError."""
        outcome = Outcome(log.path)
        self._read(log, outcome)
        outcome.notes += log.notes
        return outcome

    def newest(self, paths: Collection[str]) -> float | None:
        """Return the time of the last line read of the logs at these paths, in seconds since 1970."""
        return self._checkpoints.newest(paths)

    def _read_journal(self, path: Path) -> Outcome:
        outcome = Outcome(path)
        outcome.source = source = self._checkpoints.find_journal(str(path))
        begin, garbled = source.offset, source.garbled
        years = calendar([], datetime.now(UTC))
        for data, cursor in chunks(path, source.tail.decode()):
            lines = cut_lines(Block(data, source.offset), source.id, years)
            source.garbled += lines.garbled
            source.offset, source.tail = source.offset + len(data), cursor.encode()
            self._progress.read(len(data))
            self._gather(source, outcome, lines.batch, len(data))
        self._note_reading(source, outcome, begin, garbled)
        return outcome

    def _read(self, log: Log, outcome: Outcome) -> None:
        outcome.source = source = self._checkpoints.find(log)
        if source is None:
            outcome.notes.append(_half(log.size) if log.size else "empty")
            return
        if source.id in self._gathered.outcomes:  # by another name in the same batch
            self._hand_over()
        begin, garbled = source.offset, source.garbled
        self._gather(source, outcome)
        years = calendar_of(log, source.offset)
        blocks = Blocks(log, source.offset)
        packed = size_of(log.path) or log.size
        for block in blocks:
            lines = cut_lines(block, source.id, years)
            source.garbled += lines.garbled
            mark(source, log, blocks.offset)
            self._progress.read(len(block.data) * packed // log.size)
            self._gather(source, outcome, lines.batch, len(block.data))
        if years.is_ahead:
            outcome.notes.append("its last line is dated later than the file was written")
        self._note_reading(source, outcome, begin, garbled)
        if blocks.half:
            outcome.notes.append(_half(blocks.half))

    def _note_reading(self, source: Source, outcome: Outcome, begin: int, garbled: int) -> None:
        if source.garbled > garbled:
            outcome.notes.append(f"{source.garbled - garbled:,} with bytes that are no text")
        if source.offset == begin:
            outcome.notes.append("nothing new")

    def _gather(
        self, source: Source, outcome: Outcome, lines: pa.RecordBatch | None = None, size: int = 0
    ) -> None:
        self._gathered.sources[source.id], self._gathered.outcomes[source.id] = source, outcome
        if lines is not None:
            self._gathered.lines.append(lines)
        self._gathered.bytes += size
        if self._gathered.bytes >= BATCH:
            self._hand_over()

    def store_batch(self) -> None:
        """Store what was gathered, with how far each log was read, and see it done. Raises StoreError."""
        self._hand_over()
        self._wait()

    def _hand_over(self) -> None:
        """Let the batch be stored while the next one is read; no more than these two are in memory."""
        gathered, self._gathered = self._gathered, Gathered()
        self._storing.close(gathered)
        self._wait()
        if self._thread is None:
            self._storing.store(gathered)
        else:
            self._being_stored = self._thread.submit(self._storing.store, gathered)

    def _wait(self) -> None:
        if self._being_stored is not None:
            being_stored, self._being_stored = self._being_stored, None
            being_stored.result()


def _half(size: int) -> str:
    return f"half a line at its end ({size} bytes) is left until the rest is there"
