# SPDX-License-Identifier: GPL-3.0-or-later
"""How many different addresses mailboxes wrote to or got mail from, counted in the facts when asked for."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import ibis
import pyarrow as pa
import sqlalchemy as sa

from mailaudit import officedays
from mailaudit.engine import Engine
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS
from mailaudit.store import Store
from mailaudit.store.tables import FACTS_FILES
from mailaudit.usage import entries, totals
from mailaudit.usage.entries import ID, LONGEST
from mailaudit.usage.lines import MAILBOX, QUEUE_LINE, after_hops, mailbox_of, of_messages
from mailaudit.usage.period import Period

GROUPS = {"mailbox": "string", "name": "string"}
_KEY = [*ID, "message"]


def count(store: Store, period: Period, groups: Mapping[str, str]) -> dict[str, int]:
    """Return the peers of each group of mailboxes; `groups` gives the group of each mailbox."""
    engine = Engine(store.home)
    files = _files(store, period)
    if not files:
        return {}
    engine.read("facts", files)
    engine.load("groups", pa.table({"mailbox": list(groups), "name": list(groups.values())}, _SCHEMA))
    steps: dict[str, Expression] = {}

    def kept(name: str, expression: Expression) -> Expression:
        engine.keep(name, engine.query(expression))
        steps[name] = ibis.table(expression.schema(), name=name)
        return steps[name]

    new = kept("new_lines", of_messages(ibis.table(FACTS, name="facts")))
    lines = ibis.union(new.select(*QUEUE_LINE), after_hops(new))
    ids = kept("queue_ids", entries.by_id(lines))
    parts = kept("parts", entries.parted(lines, ids))
    messages = kept("messages", entries.messages(ids, parts))
    pairs = _pairs(messages, entries.deliveries(lines, parts), lines, period)
    pairs = pairs.join(ibis.table(GROUPS, name="groups"), "mailbox")
    counted = pairs.group_by("name").aggregate(peers=pairs.peer.nunique())
    return {str(name): int(peers) for name, peers in engine.rows(engine.query(counted))}


_SCHEMA = pa.schema([(name, pa.string()) for name in GROUPS])


def _files(store: Store, period: Period) -> list[Path]:
    """The facts of a period, and those of the days before on which its messages may have begun."""
    query = sa.select(FACTS_FILES.c.day, FACTS_FILES.c.path).where(FACTS_FILES.c.home == store.identifier)
    first, last = officedays.facts_days(period.first - LONGEST, period.last)
    return [store.facts / path for day, path in store.rows(query) if first <= date.fromisoformat(day) <= last]


def _pairs(messages: Expression, deliveries: Expression, lines: Expression, period: Period) -> Expression:
    sent = totals.sent(messages, lines).select(*_KEY, "mailbox", "queued")
    written = deliveries.join(sent, _KEY)
    written = written.filter(officedays.within(written.queued, period.first, period.last))
    in_time = officedays.within(deliveries.time, period.first, period.last)
    boxes = deliveries.filter(deliveries.reached == MAILBOX, in_time)
    boxes = boxes.join(messages.select(*_KEY, writer="sender"), _KEY)
    boxes = boxes.filter(boxes.writer.notnull())
    return ibis.union(
        written.select("mailbox", peer=written.orig_recipient.coalesce(written.recipient).lower()),
        boxes.select(mailbox=mailbox_of(boxes.recipient), peer=boxes.writer.lower()),
    ).distinct()
