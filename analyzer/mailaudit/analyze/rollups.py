# SPDX-License-Identifier: GPL-3.0-or-later
"""What whole logs say, worked out at once without a store: on this machine, or on a Spark cluster.

Both compute the same expressions, and what they find is the same to the byte (`as_json`).
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import ibis
import pyarrow as pa

import mailaudit.store
from mailaudit import mastersessions, rollup
from mailaudit.analysis import kind_name
from mailaudit.engine import Engine, Query
from mailaudit.logs.functions import Expression
from mailaudit.logs.lines import LINES
from mailaudit.logs.parse import parsed
from mailaudit.logs.reading import lines_of, size_of
from mailaudit.store.rows import ActivityDay, Batch, Count, Seen
from mailpolicy.progress import Progress

BATCH = 64 << 20
"""Bytes of lines that are analysed together on this machine."""


@dataclass(frozen=True, slots=True)
class Rollups:
    """What logs, numbered from 1, say: lines by kind, the last use of each mailbox, and uses by day."""

    logs: Sequence[Path]
    counts: Sequence[Count]
    last_seen: Sequence[Seen]
    days: Sequence[ActivityDay]

    def as_json(self) -> Iterator[str]:
        """Yield the lines of one JSON object, with one row on each."""
        lists = {
            "logs": [{"source": n, "file": str(path)} for n, path in enumerate(self.logs, start=1)],
            "counts": [row._asdict() for row in sorted(self.counts)],
            "last_seen": [row._asdict() for row in sorted(self.last_seen)],
            "activity_days": [row._asdict() for row in sorted(self.days)],
        }
        for number, (name, rows) in enumerate(lists.items()):
            yield f'{"," if number else "{"}"{name}": ['
            texts = [json.dumps(row, ensure_ascii=False) for row in rows]
            yield from (f"{text}," for text in texts[:-1])
            yield from texts[-1:]
            yield "]"
        yield "}"


class AnyEngine(Protocol):
    """What computes expressions over a table `lines`."""

    def query(self, expression: Expression) -> Query:
        """Put an expression into the engine's words."""

    def keep(self, name: str, query: Query) -> None:
        """Keep what a query finds under a name."""

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Return what a query finds."""


def on_this_machine(logs: Sequence[Path], progress: Progress | None = None) -> Rollups:
    """Analyse logs with DuckDB, batch by batch. Raises UnreadableError."""
    progress = progress or Progress()
    progress.total(sum(map(size_of, logs)))
    with tempfile.TemporaryDirectory(prefix="mailaudit-") as folder:
        engine = Engine(Path(folder))
        store = mailaudit.store.open(Path(folder), create=True)
        for lines in _batches(logs, Path(folder), progress):
            engine.load("lines", lines)
            engine.load("open_sessions", mastersessions.as_table(store.master_sessions()))
            store.commit(_rolled_up(engine, ibis.table(mastersessions.OPEN, name="open_sessions")))
        return Rollups(logs, store.counts(), store.last_seen(), store.activity_days())


def on_spark(master: str, logs: Sequence[Path]) -> Rollups:
    """Analyse logs on a cluster. Raises mailaudit.spark.SparkError, also if a log can't be read."""
    from mailaudit.spark.engine import SparkEngine  # noqa: PLC0415  an extra, and slow to load

    with SparkEngine(master) as engine:
        engine.load_logs("lines", logs)
        found = _rolled_up(engine)
    return Rollups(logs, found.counts, found.last_seen, found.days)


def _rolled_up(engine: AnyEngine, open_sessions: Expression | None = None) -> Batch:
    """What lines say; `open_sessions` are master users' that began before them."""
    lines = ibis.table(ibis.Schema.from_pyarrow(LINES), name="lines")
    rows = _kept(engine, "parsed", parsed(lines))
    seen = _kept(engine, "seen", rollup.logins_and_ends(rows))
    sessions = begun = _kept(engine, "begun", rollup.master_sessions(seen))
    if open_sessions is not None:
        sessions = begun.union(open_sessions)
    uses = _kept(engine, "uses", rollup.uses_among(seen, sessions))
    counts = engine.rows(engine.query(rollup.counts(rows)))
    ended = engine.rows(engine.query(rollup.ended_sessions(seen, sessions)))
    return Batch(
        masters=mastersessions.changes(engine.rows(engine.query(begun)), ended),
        counts=[
            Count(source, program or "", producer, kind_name(number), count)
            for source, program, producer, number, count, _, _ in counts
        ],
        last_seen=rollup.seen(engine.rows(engine.query(rollup.last_seen(uses, lines)))),
        days=[ActivityDay(*row) for row in engine.rows(engine.query(rollup.activity_days(uses)))],
    )


def _kept(engine: AnyEngine, name: str, rows: Expression) -> Expression:
    engine.keep(name, engine.query(rows))
    return ibis.table(rows.schema(), name=name)


def _batches(logs: Iterable[Path], spool: Path, progress: Progress) -> Iterator[pa.Table]:
    gathered: list[pa.RecordBatch] = []
    size = 0
    for number, path in enumerate(logs, start=1):
        for lines in lines_of(path, number, spool, progress.read):
            gathered.append(lines)
            size += lines.nbytes
            if size > BATCH:
                yield pa.Table.from_batches(gathered)
                gathered, size = [], 0
    if gathered:
        yield pa.Table.from_batches(gathered)
