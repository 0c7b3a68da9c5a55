# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads logs into the store and the facts: only what is new in them, and each line once, whenever it is killed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from mailaudit import facts, rollup
from mailaudit.checkpoints import Checkpoints, mark
from mailaudit.engine import Engine
from mailaudit.logs.lines import LINES, Blocks, calendar_of, cut_lines
from mailaudit.logs.parse import NUMBERED, OTHERS, UNREADABLE as NO_LOG_LINE, events, parsed
from mailaudit.logs.source import Log, UnreadableError, files_in, open_log
from mailaudit.store import UNPARSED, UNREADABLE, Store
from mailaudit.store.rows import ActivityDay, Batch, Count, Seen, Source

BATCH = 96 << 20
"""Bytes of log that are analysed and stored together: they and what comes of them must fit in memory."""


@dataclass(slots=True)
class Outcome:
    """What came of one path: how many new lines, and how many of them could not be parsed, or why it failed."""

    path: Path
    lines: int = 0
    unparsed: int = 0
    notes: list[str] = field(default_factory=list)
    error: str | None = None


@dataclass(slots=True)
class Progress:
    """Whom to tell how far an ingest is: of all bytes, and of each path when it is done."""

    total: Callable[[int], None] = lambda _: None
    read: Callable[[int], None] = lambda _: None
    done: Callable[[Outcome], None] = lambda _: None


def ingest(store: Store, paths: Iterable[Path], progress: Progress) -> list[Outcome]:
    """Read files and the files in folders, in their order; return what came of each.

    The caller holds the home folder's lock. A path that cannot be read does not keep the others from being read.
    """
    facts.remove_unlisted(store.facts, store.facts_files())
    files, outcomes = _files(paths)
    progress.total(sum(_size(file) for file in files))
    run = Run(store, progress)
    outcomes += [run.read(file) for file in files]
    run.store_batch()
    for outcome in outcomes:
        progress.done(outcome)
    return outcomes


def _files(paths: Iterable[Path]) -> tuple[list[Path], list[Outcome]]:
    """The files that paths stand for, and an outcome for each path that cannot be read."""
    files: list[Path] = []
    failed: list[Outcome] = []
    for path in paths:
        try:
            files += files_in(path.absolute())
        except UnreadableError as error:
            failed.append(Outcome(path, error=str(error)))
    return files, failed


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


class Run:
    """One ingest: gathers lines of many logs until they make a batch, and stores batch after batch."""

    def __init__(self, store: Store, progress: Progress) -> None:
        self._store = store
        self._progress = progress
        self._engine = Engine(store.home)
        self._checkpoints = Checkpoints(store)
        self._lines: list[pa.RecordBatch] = []
        self._bytes = 0
        self._sources: dict[int, Source] = {}
        self._outcomes: dict[int, Outcome] = {}

    def read(self, path: Path) -> Outcome:
        """Read what is new in a log."""
        outcome = Outcome(path)
        try:
            with open_log(path, self._store.home) as log:
                self._read(log, outcome)
                outcome.notes += log.notes
        except UnreadableError as error:
            outcome.error = str(error)
        return outcome

    def _read(self, log: Log, outcome: Outcome) -> None:
        source = self._checkpoints.find(log)
        if source is None:
            outcome.notes.append(_half(log.size) if log.size else "empty")
            return
        begin = source.offset
        self._sources[source.id] = source
        self._outcomes[source.id] = outcome
        if log.size < source.offset:
            outcome.notes.append("nothing new: an older copy of a log that is known")
            return
        years = calendar_of(log, source.offset)
        blocks = Blocks(log, source.offset)
        for block in blocks:
            lines = cut_lines(block, source.id, years)
            source.garbled += lines.garbled
            mark(source, log, blocks.offset)
            self._add(lines.batch, len(block.data))
        if blocks.half:
            outcome.notes.append(_half(blocks.half))
        elif source.offset == begin:
            outcome.notes.append("nothing new")

    def _add(self, lines: pa.RecordBatch, size: int) -> None:
        self._lines.append(lines)
        self._bytes += size
        self._progress.read(size)
        if self._bytes >= BATCH:
            self.store_batch()

    def store_batch(self) -> None:
        """Analyse and store what was gathered, if anything was."""
        batch = Batch(sources=list(self._sources.values()))
        if self._lines:
            self._analyse(pa.Table.from_batches(self._lines, LINES), batch)
        self._store.commit(batch)
        self._lines, self._bytes = [], 0

    def _analyse(self, table: pa.Table, batch: Batch) -> None:
        engine = self._engine
        lines = engine.load("lines", table)
        rows = engine.keep("parsed", parsed(lines))
        kinds = self._count(rows, batch)
        if active := rollup.used(kinds):
            uses = engine.keep("uses", rollup.uses(rows, active))
            batch.last_seen = [Seen(*row) for row in engine.rows(rollup.last_seen(uses, lines))]
            batch.days = [ActivityDay(*row) for row in engine.rows(rollup.activity_days(uses))]
        if known := kinds - {NO_LOG_LINE}:
            batch.files = facts.write(engine.table(events(rows, known).order_by("time")), self._store.facts)

    def _count(self, rows: "pa.Table", batch: Batch) -> set[int]:
        """Count lines by source, program and kind, note each source's first and last time; return the kinds."""
        found = set()
        for source_id, program, producer, number, lines, first, last in self._engine.rows(
            rollup.counts(rows)
        ):
            found.add(number)
            batch.counts.append(Count(source_id, program or "", producer, _kind_name(number), lines))
            source, outcome = self._sources[source_id], self._outcomes[source_id]
            outcome.lines += lines
            outcome.unparsed += lines if number < 0 else 0
            if first is not None:
                source.first_time = min(first, source.first_time or first)
                source.last_time = max(last, source.last_time or last)
        return found


def _kind_name(number: int) -> str:
    if number in NUMBERED:
        return NUMBERED[number][1].name
    return UNREADABLE if number == NO_LOG_LINE else UNPARSED


def _half(size: int) -> str:
    return f"half a line at its end ({size} bytes), left until the rest is there"
