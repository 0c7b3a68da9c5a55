# SPDX-License-Identifier: GPL-3.0-or-later
"""Sorts lines by producer and by kind, and lets an engine read of each what its kind asks for, and no more.

Texts are not copied on the way. What stands once for many lines, host, program, producer and the name of the
kind, is kept as numbers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.engine import Engine, Query, compiled
from mailaudit.logs.dispatch import UNPARSED
from mailaudit.logs.eventtables import EVENTS, MARKS, Some, event_table, in_order
from mailaudit.logs.head import OTHERS, head_of, parted
from mailaudit.logs.kinds import HEAD_FIELDS
from mailaudit.logs.lines import LINES
from mailaudit.logs.parse import NUMBERED, PRODUCERS, UNREADABLE, fields, guesses, texts_families
from mailaudit.logs.stamp import Numbers
from mailaudit.logs.tags import NO_PID, Tags, read_tags
from mailaudit.logs.texts import Texts, chosen, texts_of
from mailaudit.logs.usual import read_usual
from mailaudit.store import rows as stored

OTHER = len(PRODUCERS)
NONE = -1
_PRODUCER_NAMES = pa.array([*(producer.name for producer in PRODUCERS), OTHERS])
_KIND_NAMES = pa.array([*(kind.name for _, kind in NUMBERED.values()), stored.UNPARSED])
_TAG = ("source", "position", "time", "host", "program", "pid")


@dataclass(slots=True)
class Rows:
    """Some of the lines by their numbers, and their texts, with HEAD_FIELDS once the head is taken off."""

    numbers: Numbers
    texts: Texts
    heads: pa.Table | None = None

    def take(self, rows: Numbers) -> "Rows":
        """Return some of these."""
        heads = self.heads.take(pa.array(rows)) if self.heads is not None else None
        return Rows(self.numbers[rows], self.texts.take(rows), heads)


class Sorter:
    """Sorts lines, given their tags (time, host, program and others) and the texts after those.

    `by_kind` holds the events (the columns EVENTS) of each kind that there is, in the lines' order.
    """

    def __init__(self, engine: Engine, tags: pa.Table, texts: Sequence[Texts]) -> None:
        self._engine = engine
        self._tags = tags
        self._kinds = np.full(len(tags), UNREADABLE, np.int16)
        programs = tags["program"].combine_chunks()
        whose = np.array([*map(_producer, programs.dictionary.to_pylist()), OTHER], np.int32)
        self._producers = whose[programs.indices.fill_null(len(whose) - 1).to_numpy()]
        parts: dict[int, list[Some]] = {}
        for kind, some in self._sort(texts):
            parts.setdefault(kind, []).append(some)
        self.by_kind: Mapping[int, pa.Table] = {kind: in_order(some) for kind, some in parts.items()}
        self.events = pa.concat_tables([EVENTS.empty_table(), *self.by_kind.values()])

    @property
    def marks(self) -> pa.Table:
        """What is known of every line (the columns MARKS)."""
        tags = self._tags
        producers = pa.DictionaryArray.from_arrays(pa.array(self._producers), _PRODUCER_NAMES)
        columns = [tags["source"], tags["program"], producers, pa.array(self._kinds), tags["time"]]
        return pa.table(columns, schema=MARKS)

    def _sort(self, texts: Sequence[Texts]) -> Iterator[tuple[int, Some]]:
        """Yield kinds with their events, or some of them, in the lines' order."""
        is_line = self._tags["time"].is_valid().to_numpy() & self._tags["program"].is_valid().to_numpy()
        producers = np.where(is_line, self._producers, NONE)
        for its in read_usual(texts, producers):
            producers[its.numbers] = NONE
            self._kinds[its.numbers] = its.kind
            yield its.kind, (its.numbers, self._events(its.kind, its.numbers, its.fields))
        for producer in range(OTHER + 1):
            numbers = np.flatnonzero(producers == producer)
            if not len(numbers):
                continue
            rows = Rows(numbers, chosen(texts, numbers))
            if producer == OTHER:
                yield from self._read(UNPARSED, rows)
            else:
                yield from self._sort_by_kind(producer, rows)

    def _sort_by_kind(self, producer: int, rows: Rows) -> Iterator[tuple[int, Some]]:
        heads = self._ask(_head_of(producer), text=rows.texts)
        taken = np.asarray(pc.binary_length(heads["head"])).astype(np.int64)
        filled = ["service", *(n for n in HEAD_FIELDS[1:] if heads[n].null_count < len(taken))]
        rows = Rows(rows.numbers, rows.texts.without_first(taken), heads.select(filled))
        guessed = self._guess(producer, rows.texts, heads["service"])
        for kind in np.unique(guessed).tolist():
            yield from self._read(kind, rows.take(np.flatnonzero(guessed == kind)))

    def _guess(self, producer: int, texts: Texts, services: pa.ChunkedArray) -> Numbers:
        """Ask only the families that there are: making all patterns ready takes longer than a small batch."""
        family = np.asarray(self._ask(_families(producer), text=texts)["family"])
        guessed = np.full(len(family), UNPARSED)
        for number in np.unique(family[family != UNPARSED]).tolist():
            places = np.flatnonzero(family == number)
            service = services.take(pa.array(places))
            found = self._ask(_guesses(producer, number), text=texts.take(places), service=service)
            guessed[places] = np.asarray(found["guess"])
        return guessed

    def _read(self, kind: int, rows: Rows) -> Iterator[tuple[int, Some]]:
        """Yield the events of lines that can be of a kind; those that are not are unparsed."""
        read = self._ask(_fields(kind), text=rows.texts)
        proved = np.asarray(read["proved"])
        if not proved.all():
            yield from self._read(UNPARSED, rows.take(np.flatnonzero(~proved)))
            places = np.flatnonzero(proved)
            rows, read = rows.take(places), read.take(pa.array(places))
        self._kinds[rows.numbers] = kind
        known = dict(zip(rows.heads.column_names, rows.heads.columns, strict=True)) if rows.heads else {}
        known.update(zip(read.column_names, read.columns, strict=True))
        yield kind, (rows.numbers, self._events(kind, rows.numbers, known))

    def _events(self, kind: int, numbers: Numbers, read: Mapping[str, pa.ChunkedArray]) -> pa.Table:
        """Put together what is known of lines of a kind."""
        tags = self._tags.take(pa.array(numbers))
        count = len(numbers)
        producers = pa.array(self._producers[numbers])
        kinds = pa.array(np.full(count, len(_KIND_NAMES) - 1 if kind == UNPARSED else kind, np.int32))
        known = {
            "producer": pa.DictionaryArray.from_arrays(producers, _PRODUCER_NAMES),
            "kind": pa.DictionaryArray.from_arrays(kinds, _KIND_NAMES),
        }
        known.update(zip(tags.column_names, tags.columns, strict=True))
        known.update(read)
        return event_table(count, known)

    def _ask(self, query: Query, text: Texts, **columns: pa.ChunkedArray) -> pa.Table:
        self._engine.load("texts", pa.table({"text": text.views(), **columns}))
        return self._engine.table(query)


def sort(engine: Engine, lines: Sequence[pa.RecordBatch]) -> list[Sorter]:
    """Sort the lines (the columns LINES) of batches: those with a usual tag together, the others apart."""
    if not lines:
        return []
    tags = [read_tags(batch) for batch in lines]
    tables, texts, odd = [], [], [LINES.empty_table()]
    for batch, read in zip(lines, tags, strict=True):
        usual = np.flatnonzero(~read.odd)
        tables.append(_tag_table(batch, read, usual))
        texts.append(read.texts.take(usual))
        odd.append(_odd(batch, read))
    usual_tags = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    sorters = [Sorter(engine, usual_tags, texts)]
    others = pa.concat_tables(odd)
    if others.num_rows:
        engine.load("odd", others)
        found = engine.table(_parted())
        odd_tags = found.select(_TAG).cast(usual_tags.schema)
        sorters.append(Sorter(engine, odd_tags, [texts_of(found["text"].combine_chunks())]))
    return sorters


def _tag_table(batch: pa.RecordBatch, tags: Tags, rows: Numbers) -> pa.Table:
    codes, pids = pa.array(tags.codes[rows]), tags.pids[rows]
    hosts, programs = (_named(codes, [pair[part] for pair in tags.pairs]) for part in (0, 1))
    known = batch.select(["source", "position", "time"]).take(pa.array(rows))
    return pa.table([*known.columns, hosts, programs, pa.array(pids, mask=pids == NO_PID)], names=_TAG)


def _odd(batch: pa.RecordBatch, tags: Tags) -> pa.Table:
    rows = np.flatnonzero(tags.odd)
    columns = [*batch.take(pa.array(rows)).columns[:-1], tags.lines.take(rows).strings()]
    return pa.table(columns, schema=LINES)


def _named(codes: pa.Array, names: list[str]) -> pa.DictionaryArray:
    distinct = pa.array(names, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(distinct.indices.take(codes), distinct.dictionary)


@cache
def _producer(program: str) -> int:
    """The place of a program's producer in PRODUCERS, or OTHER."""
    return next((n for n, each in enumerate(PRODUCERS) if re.fullmatch(each.programs, program)), OTHER)


@cache
def _parted() -> Query:
    return compiled(parted(ibis.table(ibis.Schema.from_pyarrow(LINES), name="odd")))


@cache
def _head_of(producer: int) -> Query:
    return compiled(head_of(ibis.table({"text": "string"}, name="texts"), PRODUCERS[producer]))


@cache
def _families(producer: int) -> Query:
    return compiled(texts_families(ibis.table({"text": "string"}, name="texts"), PRODUCERS[producer]))


@cache
def _guesses(producer: int, family: int) -> Query:
    texts = ibis.table({"text": "string", "service": "string"}, name="texts")
    return compiled(guesses(texts, PRODUCERS[producer], family))


@cache
def _fields(kind: int) -> Query:
    return compiled(fields(ibis.table({"text": "string"}, name="texts"), kind))
