# SPDX-License-Identifier: GPL-3.0-or-later
"""What a batch of events adds to the rollups about messages, coverage and findings."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import ibis
import pyarrow as pa
import sqlalchemy as sa

from mailaudit import mastersessions
from mailaudit.coverage import hours
from mailaudit.engine import Engine, Query
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS, NUMBERED
from mailaudit.store import Store
from mailaudit.store.deletion_rows import CopiedMail
from mailaudit.store.deletion_tables import COPIED_MAIL
from mailaudit.store.rows import Batch
from mailaudit.store.usage_rows import CoverageHour, Folded, OpenLine
from mailaudit.store.usage_tables import OPEN_LINES
from mailaudit.usage.kept import open_lines_table
from mailaudit.usage.rollup import Messages, OpenMessages
from mailaudit.violations import removals
from mailaudit.violations.findings import VERDICT, findings, with_findings


class UsageRollups:
    """The queries for an engine with the tables `uses`, of the batch's mailboxes, and `master_sessions`."""

    def __init__(self, engine: Engine) -> None:
        sessions = ibis.table(mastersessions.OPEN, name="master_sessions")
        self._engine = engine
        self._messages = Messages(engine)
        self._hours = engine.query(hours.by_hour(ibis.table(FACTS, name="events")))
        self._findings = _OfKind(engine, VERDICT, with_findings)
        self._removals = _OfKind(engine, removals.MAIL_LOG, lambda events: removals.lines(events, sessions))

    def add(
        self,
        batch: Batch,
        by_kind: Mapping[int, pa.Table],
        open_lines: pa.Table,
        copied: Iterable[CopiedMail] = (),
    ) -> None:
        """Put into a batch what its events add, given open lines and mail that was copied before.

        The engine has the events as table `events`; `by_kind` has them by the numbers of their kinds.
        """
        batch.folded = self._messages.fold(by_kind, open_lines)
        batch.covered = [CoverageHour(*row) for row in self._engine.rows(self._hours)]
        batch.findings = list(findings(self._findings.rows(by_kind)))
        batch.removals = removals.removals(self._removals.rows(by_kind), copied)


class _OfKind:
    """A query of events of one kind. It is put into words, and asked, only once there are any."""

    def __init__(self, engine: Engine, kind: str, asked: Callable[[Expression], Expression]) -> None:
        self._engine = engine
        self._number = next(number for number, (_, known) in NUMBERED.items() if known.name == kind)
        self._table = f"{kind}_events".replace("-", "_")
        self._asked = asked

    @cached_property
    def _query(self) -> Query:
        return self._engine.query(self._asked(ibis.table(FACTS, name=self._table)))

    def rows(self, by_kind: Mapping[int, pa.Table]) -> list[tuple[Any, ...]]:
        if self._number not in by_kind:
            return []
        self._engine.load(self._table, by_kind[self._number].unify_dictionaries())
        return self._engine.rows(self._query)


def open_lines(store: Store) -> pa.Table:
    """Return the lines of messages that were not yet done with when the last batch was stored."""
    return open_lines_table([OpenLine(*row) for row in store.rows(sa.select(OPEN_LINES))])


def copied_mail(store: Store) -> list[CopiedMail]:
    """Return the mail that was copied and may yet be expunged where it was."""
    return [CopiedMail(*row) for row in store.rows(sa.select(COPIED_MAIL))]


def still_open(store: Store) -> Folded:
    """Return what messages that are not yet done with add so far."""
    lines = open_lines(store)
    return OpenMessages(Engine(store.home)).fold_all(lines) if lines.num_rows else Folded()
