# SPDX-License-Identifier: GPL-3.0-or-later
"""Folds messages into the totals as soon as nothing more can be said of them, and keeps the others' lines.

So totals do not depend on where one batch of lines ends and the next begins.
"""

from collections.abc import Mapping
from datetime import datetime

import ibis
import pyarrow as pa

from mailaudit.engine import Engine, Query
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS
from mailaudit.store.usage_rows import Folded, Forward, OpenLine, UsageDay, UsageDomain, UsageHour
from mailaudit.usage import entries, totals
from mailaudit.usage.lines import FROM_HOP, QUEUE_LINE, after_hops, microseconds, of_messages
from mailaudit.usage.waiting import MARKS, done, kept_lines, marks, sieve_lines, waited_too_long
from mailaudit.violations import forwards

USES = {"time": "timestamp", "mailbox": "string", "event": "string"}
_KEY = ["source", "position", "kind", "reached"]
_FULL = ("days", "domains", "hours")  # results without a null
_END = datetime(9999, 1, 1)  # noqa: DTZ001  the engine's times have no zone: they are UTC


class Messages:
    """The queries that fold messages, in an engine that has a batch's uses of mailboxes as table `uses`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        steps = _steps()
        self._steps = {name: engine.query(expression) for name, expression in steps.items()}
        results = _results(steps)
        self._results = {name: engine.query(expression) for name, expression in results.items()}

    def fold(self, events: pa.Table, open_lines: pa.Table) -> Folded:
        """Fold what is done with of a batch's events (the columns FACTS) and of the lines open before it."""
        self._engine.load("events", events)
        self._engine.load("open_lines", open_lines)
        return self._fold(self._steps)

    def _fold(self, steps: Mapping[str, Query]) -> Folded:
        for name, query in steps.items():
            self._engine.keep(name, query)
        rows = {name: self._engine.rows(query) for name, query in self._results.items() if name not in _FULL}
        full = {name: self._engine.full_rows(self._results[name]) for name in _FULL}
        return Folded(
            list(map(UsageDay._make, full["days"])),
            list(map(UsageDomain._make, full["domains"])),
            list(map(UsageHour._make, full["hours"])),
            list(map(Forward._make, rows["forwards"])),
            list(map(OpenLine._make, rows["opened"])),
            [(source, position, kind) for source, position, kind in rows["closed"]],
        )


class OpenMessages(Messages):
    """Folds whatever is open, as if nothing more were to come: what is asked between two batches."""

    def __init__(self, engine: Engine) -> None:
        engine.load("uses", _empty(USES))
        super().__init__(engine)
        self._steps["marks"] = engine.query(ibis.table(MARKS, name="last_marks"))

    def fold_all(self, open_lines: pa.Table) -> Folded:
        """Fold all open lines."""
        hosts = sorted({*open_lines["host"].to_pylist(), ""})
        marks_ = {"host": hosts, "mark": pa.array([_END] * len(hosts), pa.timestamp("us"))}
        self._engine.load("last_marks", pa.table(marks_))
        return self.fold(_empty(FACTS), open_lines)


def open_lines_table(lines: list[OpenLine]) -> pa.Table:
    """Return open lines as an engine takes them: the columns QUEUE_LINE."""
    columns = list(zip(*lines, strict=True)) or [()] * len(QUEUE_LINE)
    types = _schema(QUEUE_LINE).types
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_schema(QUEUE_LINE))


def _schema(columns: Mapping[str, str]) -> pa.Schema:
    return ibis.schema(columns).to_pyarrow()


def _empty(columns: Mapping[str, str]) -> pa.Table:
    return _schema(columns).empty_table()


def _steps() -> dict[str, Expression]:
    """The tables that are computed one after the other, by name."""
    events = ibis.table(FACTS, name="events")
    open_lines = ibis.table(QUEUE_LINE, name="open_lines")
    steps = {"marks": marks(events), "new_lines": of_messages(events)}
    new = _table("new_lines", steps)
    steps["lines_after_hops"] = after_hops(new)
    lines = ibis.union(new.select(*QUEUE_LINE), _table("lines_after_hops", steps), open_lines)
    steps["queue_ids"] = entries.by_id(lines)
    steps["parts"] = entries.parted(lines, _table("queue_ids", steps))
    steps["messages"] = done(
        entries.messages(_table("queue_ids", steps), _table("parts", steps)), _table("marks", steps)
    )
    steps["deliveries"] = entries.deliveries(lines, _table("parts", steps))
    steps["hops"] = entries.deliveries(lines, _table("parts", steps), FROM_HOP)
    finished = _finished(steps)
    steps["flows"] = totals.flows(finished, _table("deliveries", steps), lines)
    steps["gone_on"] = forwards.gone_on(finished, _table("deliveries", steps))
    steps["sieve"] = sieve_lines(lines, _table("gone_on", steps), _table("marks", steps))
    steps["kept"] = kept_lines(
        lines, _table("parts", steps), _table("messages", steps), _table("sieve", steps)
    )
    return steps


def _results(steps: Mapping[str, Expression]) -> dict[str, Expression]:
    """What is stored of the tables."""
    flows, sieve, kept = (_table(name, steps) for name in ("flows", "sieve", "kept"))
    gone_on, deliveries, hops = (_table(name, steps) for name in ("gone_on", "deliveries", "hops"))
    found = forwards.forwards(gone_on, deliveries, hops, sieve)
    open_lines = ibis.table(QUEUE_LINE, name="open_lines")
    return {
        "days": totals.by_mailbox(flows),
        "domains": totals.by_domain(flows),
        "hours": totals.by_hour(flows, ibis.table(USES, name="uses")),
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
