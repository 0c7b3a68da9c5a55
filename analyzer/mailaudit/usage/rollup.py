# SPDX-License-Identifier: GPL-3.0-or-later
"""Folds messages into the totals as soon as nothing more can be said of them, and keeps the others' lines.

So totals do not depend on where one batch of lines ends and the next begins.
"""

from collections.abc import Mapping
from functools import cached_property

import ibis
import pyarrow as pa

from mailaudit import officedays
from mailaudit.activity import LOGIN
from mailaudit.engine import Engine
from mailaudit.logs.functions import Expression
from mailaudit.logs.stamp import Flags
from mailaudit.store.usage_rows import Folded, Given
from mailaudit.usage.kept import closed, keys_of, opened, rows_of
from mailaudit.usage.lines import domain_of
from mailaudit.usage.marks import END, marks_of
from mailaudit.usage.plain import plain
from mailaudit.usage.plainflows import PlainFlows
from mailaudit.usage.queue import Queue, queue
from mailaudit.usage.steps import COLUMNS, Found, Steps
from mailaudit.usage.sums import FLOWS, Flows

USES = {"time": "timestamp", "mailbox": "string", "event": "string"}


class Messages:
    """The queries that fold messages, in an engine that has a batch's uses of mailboxes as table `uses`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._plain = PlainFlows(engine)
        self._logins = engine.query(_logins_by_hour(ibis.table(USES, name="uses")))

    @cached_property
    def _steps(self) -> Steps:
        """Only made for a batch that needs them: to put all these queries into words takes long."""
        return Steps(self._engine)

    def fold(self, by_kind: Mapping[int, pa.Table], open_lines: pa.Table) -> Folded:
        """Fold what is done with of a batch's events (EVENTS, by kind) and of the lines open before it."""
        marks = marks_of(by_kind.values())
        folded = self._fold(queue(by_kind, open_lines), marks)
        folded.given = Given(marks.keys(), keys_of(open_lines))
        return folded

    def _fold(self, queue: Queue, marks: Mapping[str, int]) -> Folded:
        kinds = plain(queue, marks)
        others = self._others(queue, ~(kinds.done | kinds.going_on), marks)
        flows = Flows([*self._plain.flows(queue, kinds.done), others.flows])
        logins = [(str(day), *rest) for day, *rest in self._engine.rows(self._logins)]
        return Folded(
            flows.by_mailbox(),
            flows.by_domain(),
            flows.by_hour(logins),
            others.forwards,
            [*opened(queue, kinds.going_on), *others.opened],
            [*closed(queue, kinds.done), *others.closed],
        )

    def _others(self, queue: Queue, ids: Flags, marks: Mapping[str, int]) -> Found:
        """Fold the lines of these identifiers, and those of other kinds, by what works for any message."""
        events = [rows_of(lines.events.select(COLUMNS), ids[lines.new_ids]) for lines in queue.lines.values()]
        opened = [rows_of(lines.opened, ids[lines.old_ids]) for lines in queue.lines.values()]
        all_events = pa.concat_tables([*events, queue.other_events.select(COLUMNS)])
        all_opened = pa.concat_tables([*opened, queue.other_opened])
        if not len(all_events) and not len(all_opened):
            return Found(FLOWS.empty_table(), [], [], [])
        return self._steps.fold(all_events.unify_dictionaries(), all_opened, marks)


class OpenMessages(Messages):
    """Folds whatever is open, as if nothing more were to come: what is asked between two batches."""

    def __init__(self, engine: Engine) -> None:
        engine.load("uses", ibis.schema(USES).to_pyarrow().empty_table())
        super().__init__(engine)

    def fold_all(self, open_lines: pa.Table) -> Folded:
        """Fold all open lines."""
        return self._fold(queue({}, open_lines), dict.fromkeys((*open_lines["host"].to_pylist(), ""), END))


def _logins_by_hour(uses: Expression) -> Expression:
    """Return day, hour of the day, domain of mailboxes, and how often these were logged in to."""
    logins = uses.filter(uses.event == LOGIN)
    hour = officedays.local(logins.time).hour()
    groups = logins.group_by(day=officedays.date_of(logins.time), hour=hour, domain=domain_of(logins.mailbox))
    return groups.aggregate(logins=logins.count())
