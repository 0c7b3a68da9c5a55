# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads logs into the store and the facts: what is new in them, and each line once, whenever it is killed."""

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mailaudit import facts
from mailaudit.checkpoints import Checkpoints, mark
from mailaudit.copies import Copies
from mailaudit.logs.journal import JournalError, chunks, is_journal
from mailaudit.logs.lines import LINES, Block, Blocks, calendar_of, cut_lines
from mailaudit.logs.order import by_first_time
from mailaudit.logs.source import Log, UnreadableError, files_in, open_log
from mailaudit.logs.stamp import calendar
from mailaudit.outcome import Outcome
from mailaudit.store import Store
from mailaudit.store.line_digests import OvertakenError
from mailaudit.store.rows import Batch, Source
from mailpolicy.progress import Progress

if TYPE_CHECKING:
    from mailaudit.analysis import Analysis, Span

BATCH = 32 << 20
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
    progress.total(sum(_size(file) for file in files))
    run = Run(store, progress, analysis, zone)
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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


class Run:
    """One ingest: gathers lines of many logs until they make a batch, and stores batch after batch."""

    def __init__(
        self, store: Store, progress: Progress, analysis: "Analysis | None", zone: tzinfo | None
    ) -> None:
        facts.remove_unlisted(store.facts, store.facts_files())
        self._store = store
        self._zone = zone
        self._progress = progress
        self._analysis = analysis
        self._checkpoints = Checkpoints(store)
        self._copies = Copies(store)
        self._lines: list[pa.RecordBatch] = []
        self._bytes = 0
        self._sources: dict[int, Source] = {}
        self._outcomes: dict[int, Outcome] = {}

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
        if source.id in self._outcomes:  # by another name in the same batch
            self.store_batch()
        begin, garbled = source.offset, source.garbled
        self._gather(source, outcome)
        years = calendar_of(log, source.offset)
        blocks = Blocks(log, source.offset)
        packed = _size(log.path) or log.size
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
        self._sources[source.id], self._outcomes[source.id] = source, outcome
        if lines is not None:
            self._lines.append(lines)
        self._bytes += size
        if self._bytes >= BATCH:
            self.store_batch()

    def store_batch(self) -> None:
        """Analyse what was gathered, and store it with how far each log was read."""
        while not self._is_stored():
            facts.remove_unlisted(self._store.facts, self._store.facts_files())
        self._lines, self._bytes, self._sources, self._outcomes = [], 0, {}, {}

    def _is_stored(self) -> bool:
        """Try to store the batch; not if another analyzer has stored some of its lines meanwhile."""
        new = self._copies.without(self._lines, self._sources)
        batch = Batch(list(self._sources.values()), digests=new.digests, compared=new.compared)
        spans: list[Span] = []
        if new.batches:
            from mailaudit.analysis import Analysis  # noqa: PLC0415  long to load, and needed for what is new

            self._analysis = self._analysis or Analysis(self._store.home)
            spans = self._analyse(self._analysis, batch, new.batches)
        try:
            self._store.commit(batch)
        except OvertakenError:
            return False
        for number, copies in new.copies.items():
            self._outcomes[number].copies += copies
        for span in spans:
            self._note(span)
        return True

    def _analyse(self, analysis: "Analysis", batch: Batch, lines: list[pa.RecordBatch]) -> "list[Span]":
        analysis.load(pa.Table.from_batches(lines, LINES), self._store.master_sessions())
        spans = list(analysis.counts())
        for span in spans:
            self._note_times(span)
            batch.counts.append(span.counted)
        from mailaudit.usage.batch import copied_mail, open_lines  # noqa: PLC0415  as the analysis

        events = analysis.events()
        with ThreadPoolExecutor(2) as threads:
            files = threads.submit(facts.write, events, self._store.facts)
            last_seen = threads.submit(analysis.last_seen)
            analysis.usage.add(batch, events, open_lines(self._store), copied_mail(self._store))
            batch.days = analysis.days()
            batch.masters = analysis.master_sessions()
            batch.last_seen = last_seen.result()
            batch.files = files.result()
        return spans

    def _note(self, span: "Span") -> None:
        outcome = self._outcomes[span.counted.source_id]
        outcome.lines += span.counted.lines
        outcome.unparsed += 0 if span.is_parsed else span.counted.lines

    def _note_times(self, span: "Span") -> None:
        source = self._sources[span.counted.source_id]
        if span.first is not None and span.last is not None:
            source.first_time = min(span.first, source.first_time or span.first)
            source.last_time = max(span.last, source.last_time or span.last)


def _half(size: int) -> str:
    return f"half a line at its end ({size} bytes) is left until the rest is there"
