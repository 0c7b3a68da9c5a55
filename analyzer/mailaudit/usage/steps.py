# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries that fold messages of any kind, one after the other, and say which lines must be kept."""

from collections.abc import Mapping
from typing import NamedTuple

import ibis
import pyarrow as pa

from mailaudit.engine import Engine
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS
from mailaudit.store.usage_rows import Forward, OpenLine
from mailaudit.usage import entries, totals
from mailaudit.usage.lines import FROM_HOP, QUEUE_LINE, after_hops, microseconds, of_messages
from mailaudit.usage.marks import MARKS, marks_table
from mailaudit.usage.sums import FLOWS
from mailaudit.usage.waiting import done, kept_lines, sieve_lines, waited_too_long
from mailaudit.violations import forwards

COLUMNS = (
    *("time", "source", "position", "host", "program", "producer", "kind", "queue_id", "related_queue_id"),
    *("user", "address", "sender", "size", "recipient", "orig_recipient", "message_id"),
    *("relay", "status", "reply", "target"),
)
"""The columns of events that tell of messages."""
_EVENTS = {name: FACTS[name] for name in COLUMNS}
_KEY = ["source", "position", "kind", "reached"]


class Found(NamedTuple):
    """What messages that are done with add (FLOWS), open lines that come, and the keys of those that go."""

    flows: pa.Table
    forwards: list[Forward]
    opened: list[OpenLine]
    closed: list[tuple[int, int, str]]


class Steps:
    """The queries, for an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        steps = _steps()
        self._steps = {name: engine.query(expression) for name, expression in steps.items()}
        self._flows = engine.query(_table("flows", steps))
        self._results = {name: engine.query(rows) for name, rows in _results(steps).items()}

    def fold(self, events: pa.Table, open_lines: pa.Table, marks: Mapping[str, int]) -> Found:
        """Fold what is done with by `marks` of events (COLUMNS) and of the lines (QUEUE_LINE) open before."""
        tables = {"message_events": events, "open_lines": open_lines, "marks": marks_table(marks)}
        for name, table in tables.items():
            self._engine.load(name, table)
        for name, query in self._steps.items():
            self._engine.keep(name, query)
        rows = {name: self._engine.rows(query) for name, query in self._results.items()}
        return Found(
            self._engine.table(self._flows).cast(FLOWS),
            list(map(Forward._make, rows["forwards"])),
            list(map(OpenLine._make, rows["opened"])),
            [(source, position, kind) for source, position, kind in rows["closed"]],
        )


def _steps() -> dict[str, Expression]:
    """The tables that are computed one after the other, by name."""
    open_lines, marks = ibis.table(QUEUE_LINE, name="open_lines"), ibis.table(MARKS, name="marks")
    steps = {"new_lines": of_messages(ibis.table(_EVENTS, name="message_events"))}
    new = _table("new_lines", steps)
    steps["lines_after_hops"] = after_hops(new)
    lines = ibis.union(new.select(*QUEUE_LINE), _table("lines_after_hops", steps), open_lines)
    steps["queue_ids"] = entries.by_id(lines)
    steps["parts"] = entries.parted(lines, _table("queue_ids", steps))
    steps["messages"] = done(entries.messages(_table("queue_ids", steps), _table("parts", steps)), marks)
    steps["deliveries"] = entries.deliveries(lines, _table("parts", steps))
    steps["hops"] = entries.deliveries(lines, _table("parts", steps), FROM_HOP)
    finished = _finished(steps)
    steps["flows"] = totals.flows(finished, _table("deliveries", steps), lines)
    steps["gone_on"] = forwards.gone_on(finished, _table("deliveries", steps))
    steps["sieve"] = sieve_lines(lines, _table("gone_on", steps), marks)
    steps["kept"] = kept_lines(
        lines, _table("parts", steps), _table("messages", steps), _table("sieve", steps)
    )
    return steps


def _results(steps: Mapping[str, Expression]) -> dict[str, Expression]:
    """What is stored of the tables, but the totals."""
    sieve, kept = _table("sieve", steps), _table("kept", steps)
    gone_on, deliveries, hops = (_table(name, steps) for name in ("gone_on", "deliveries", "hops"))
    found = forwards.forwards(gone_on, deliveries, hops, sieve)
    open_lines = ibis.table(QUEUE_LINE, name="open_lines")
    return {
        "forwards": found.union(forwards.undelivered(sieve.filter(waited_too_long(sieve)))),
        "opened": _not_in(kept, open_lines),
        "closed": _not_in(open_lines, kept).select("source", "position", "kind"),
    }


def _finished(steps: Mapping[str, Expression]) -> Expression:
    messages = _table("messages", steps)
    return messages.filter(messages.done)


def _not_in(lines: Expression, others: Expression) -> Expression:
    others = others.mutate(reached=others.reached.coalesce("")).select(*_KEY)
    found = lines.mutate(as_reached=lines.reached.coalesce(""))
    keys = [*_KEY[:3], ("as_reached", "reached")]
    left = found.anti_join(others, keys)
    return left.select(
        **{name: microseconds(left.time) if name == "time" else left[name] for name in QUEUE_LINE}
    )


def _table(name: str, steps: Mapping[str, Expression]) -> Expression:
    return ibis.table(steps[name].schema(), name=name)
