# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out what the lines of a batch say, and stores it with how far each log was read."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from mailaudit import facts
from mailaudit.copies import Copies
from mailaudit.outcome import Outcome
from mailaudit.store import Store
from mailaudit.store.line_digests import OvertakenError
from mailaudit.store.rows import Batch, Source

if TYPE_CHECKING:
    from mailaudit.analysis import Analysis, Span
    from mailaudit.logs.sorting import Sorter

_STORED = ("stored_offset", "first_time", "last_time", "home")
"""What storing a batch makes known of a log; reading it changes the rest."""


@dataclass(slots=True)
class Gathered:
    """Lines of several logs, the logs, and what is told of each; once closed, what the lines say."""

    lines: list[pa.RecordBatch] = field(default_factory=list)
    bytes: int = 0
    sources: dict[int, Source] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    read: Mapping[int, Source] = field(default_factory=dict)
    said: "list[Sorter]" = field(default_factory=list)


class Storing:
    """Stores one batch after the other. An `analysis` that is there is used, else one made when needed."""

    def __init__(self, store: Store, analysis: "Analysis | None") -> None:
        self._store = store
        self._analysis = analysis
        self._copies = Copies(store)

    def close(self, gathered: Gathered) -> None:
        """Keep how far each log is read now, and find out what the lines say.

        May be asked while another thread stores a batch, as reading may go on while this one is stored.
        """
        gathered.read = {number: replace(source) for number, source in gathered.sources.items()}
        if gathered.lines:
            gathered.said = self._its_analysis().read(gathered.lines)

    def _its_analysis(self) -> "Analysis":
        from mailaudit.analysis import Analysis  # noqa: PLC0415  long to load, and needed for what is new

        self._analysis = self._analysis or Analysis(self._store.home)
        return self._analysis

    def store(self, gathered: Gathered) -> None:
        """Store a batch that is closed, once, whatever other analyzers store meanwhile. Raises StoreError."""
        for number, source in gathered.sources.items():
            _take(source, gathered.read[number])
        while not self._is_stored(gathered):
            facts.remove_unlisted(self._store.facts, self._store.facts_files())
        for number, source in gathered.sources.items():
            _take(gathered.read[number], source)

    def _is_stored(self, gathered: Gathered) -> bool:
        """Try to store the batch; not if another analyzer has stored some of its lines meanwhile."""
        new = self._copies.without(gathered.lines, gathered.read)
        batch = Batch(list(gathered.read.values()), digests=new.digests, compared=new.compared)
        spans: list[Span] = []
        if new.batches:
            spans = self._analyse(batch, new.batches, None if new.copies.total() else gathered.said)
        try:
            self._store.commit(batch)
        except OvertakenError:
            return False
        for number, copies in new.copies.items():
            gathered.outcomes[number].copies += copies
        for span in spans:
            _note(span, gathered.outcomes)
        return True

    def _analyse(
        self, batch: Batch, lines: list[pa.RecordBatch], said: "list[Sorter] | None"
    ) -> "list[Span]":
        """Put what lines say into a batch; `said` is that, if it is known of just these lines."""
        from mailaudit.usage.batch import copied_mail, open_lines  # noqa: PLC0415  as the analysis

        analysis = self._its_analysis()
        analysis.load(lines, self._store.master_sessions(), said)
        spans = list(analysis.counts())
        sources = {source.id: source for source in batch.sources}
        for span in spans:
            _note_times(span, sources)
            batch.counts.append(span.counted)
        events = analysis.events()
        with ThreadPoolExecutor(2) as threads:
            files = threads.submit(facts.write, events, self._store.facts)
            last_seen = threads.submit(analysis.last_seen)
            analysis.usage.add(batch, analysis.by_kind(), open_lines(self._store), copied_mail(self._store))
            batch.days = analysis.days()
            batch.masters = analysis.master_sessions()
            batch.last_seen = last_seen.result()
            batch.files = files.result()
        return spans


def _take(source: Source, into: Source) -> None:
    for name in _STORED:
        setattr(into, name, getattr(source, name))


def _note(span: "Span", outcomes: Mapping[int, Outcome]) -> None:
    outcome = outcomes[span.counted.source_id]
    outcome.lines += span.counted.lines
    outcome.unparsed += 0 if span.is_parsed else span.counted.lines


def _note_times(span: "Span", sources: Mapping[int, Source]) -> None:
    source = sources[span.counted.source_id]
    if span.first is not None and span.last is not None:
        source.first_time = min(span.first, source.first_time or span.first)
        source.last_time = max(span.last, source.last_time or span.last)
