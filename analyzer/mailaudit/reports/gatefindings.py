# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate found in a period: counted by duty and by what became of it, and the incidents among it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa

from mailaudit.record.entries import time_of
from mailaudit.store import Store
from mailaudit.store.usage_tables import FINDINGS
from mailaudit.usage.period import Period
from mailpolicy import malformed
from mailpolicy.officetime import office_day
from mailpolicy.verdict import Certainty, Mode

INCIDENTS = ("spam-report", "spam-spreading", malformed.CODE)
"""Findings that are told one by one: suspicious mail, who spreads it, and mail that readers differ about."""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many findings against a duty with one outcome: the gate's action, or `observe`.

    A `sign` is for people to look at; nothing was done about it.
    """

    code: str
    outcome: str
    is_sign: bool
    findings: int


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings of one kind about one mailbox ("": nobody of the office) in one direction, first to last.

    Evidence is the first one's: the line at `position` of `file`.
    """

    code: str
    mailbox: str
    direction: str
    outcome: str
    findings: int
    first: date
    last: date
    file: str
    position: int


def counted(store: Store, period: Period, names: Collection[str] | None) -> list[Counted]:
    """Count the findings against mailboxes of these names, or (None) all there were."""
    table = FINDINGS.c
    keys = (table.code, table.mode, table.action, table.certainty, table.mailbox)
    query = sa.select(*keys, sa.func.count()).where(_in(period)).group_by(*keys)
    found: Counter[tuple[str, str, bool]] = Counter()
    for code, mode, action, certainty, mailbox, number in store.rows(query):
        if names is None or mailbox in names:
            found[code, _outcome(mode, action), certainty == Certainty.SIGN] += number
    return [Counted(*key, number) for key, number in sorted(found.items())]


def incidents(store: Store, period: Period, names: Collection[str] | None) -> list[Incident]:
    """Return the incidents of these names, or (None) all there were, the first ones first."""
    table = FINDINGS.c
    keys = (table.code, table.mailbox, table.direction, table.mode, table.action)
    query = sa.select(*keys, table.time, table.source_id, table.position).where(
        _in(period), table.code.in_(INCIDENTS)
    )
    places = store.places()
    rows = store.rows(query.order_by(*keys, table.time, table.source_id, table.position))
    grouped = groupby(rows, key=lambda row: row[: len(keys)])
    found = [_incident(key, same, places) for key, same in grouped if names is None or key[1] in names]
    return sorted(found, key=lambda one: (one.first, one.code, one.mailbox))


def _incident(key: tuple[str, ...], rows: Iterable[tuple[object, ...]], places: dict[int, str]) -> Incident:
    code, mailbox, direction, mode, action = key
    same = list(rows)
    *_, source, position = same[0]
    first, last = (office_day(time_of(int(str(row[len(key)])))) for row in (same[0], same[-1]))
    file = places.get(int(str(source)), "")
    outcome = _outcome(mode, action)
    return Incident(code, mailbox, direction, outcome, len(same), first, last, file, int(str(position)))


def _in(period: Period) -> sa.ColumnElement[bool]:
    first, end = period.microseconds()
    return (FINDINGS.c.time >= first) & (FINDINGS.c.time < end)


def _outcome(mode: str, action: str) -> str:
    return action if mode == Mode.ENFORCE else str(mode)
