# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers what a plan is held against before it is applied."""

from collections.abc import Iterable

from mailaudit.record import entries, runs
from mailaudit.record.operator import SWEEP, now
from mailaudit.sweep.here import Here
from mailaudit.sweep.plan import Plan
from mailaudit.sweep.planfile import PlanFile
from mailaudit.sweep.refusal import CLOSING, Grounds
from mailaudit.sweep.rules import digest
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import office_day


def grounds_of(here: Here, plan: PlanFile, fresh: Plan) -> Grounds:
    """Return them; `fresh` is what would be planned now."""
    time = now()
    record = entries.of_everybody(here.store)
    in_reach = (one for box in here.reach.judged() for one in record.get(box.address, ()))
    today = [one for one in in_reach if one.day == office_day(time)]
    return Grounds(
        now=time,
        store=here.store.identity(),
        rules=digest(here.regulation),
        mailboxes=fresh.mailboxes,
        coverage=fresh.coverage,
        newest_log=max(one.end for one in fresh.logs),
        last_entry=entries.last_time(here.store),
        last_run=runs.last(here.store, here.reach.unit),
        unit=here.reach.unit,
        closed_today=_closed_by_others(today, plan),
    )


def _closed_by_others(today: Iterable[Entry], plan: PlanFile) -> int:
    own = plan.keys(*CLOSING)
    closed = (Event.LOCKED, Event.RECLAIMED)
    return sum(one.by == SWEEP and one.event in closed and one.key not in own for one in today)
