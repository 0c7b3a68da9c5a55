# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the mailboxes of units and agencies were looked into, on working days that logs cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import cast

from mailaudit.activity import normalise_mailbox
from mailaudit.coverage.grounds import Grounds, grounds
from mailaudit.habits.uses import uses
from mailaudit.store import Store
from mailaudit.usage.people import NO_UNIT, names
from mailaudit.usage.period import Period
from mailpolicy.clocks.coverage import Interval
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.office.checking import Habit, judge, windows, working_days
from mailpolicy.officetime import OFFICE_TIME
from mailpolicy.parameters.lifecycle import CheckingHabits
from mailpolicy.regulation import Duty

CODE = "checking-habits"
UNITS = (Kind.UNIT, Kind.AGENCY)


@dataclass(frozen=True, slots=True)
class Checked:
    """A mailbox and its habit; None if this home's logs know nothing of it, though others may."""

    mailbox: Mailbox
    habit: Habit | None

    @property
    def unit(self) -> str:
        """Whose it is."""
        return self.mailbox.unit or NO_UNIT


@dataclass(frozen=True, slots=True)
class Habits:
    """Habits of mailboxes, by what duty, on which working days; those in `left_out` no log covers whole."""

    duty: Duty
    checked: Sequence[Checked]
    days: Sequence[date]
    left_out: Sequence[date]
    grounds: Grounds

    @property
    def terms(self) -> CheckingHabits:
        """The duty's figures."""
        return cast(CheckingHabits, self.duty.parameters)

    @property
    def is_figure(self) -> bool:
        """Whether the text gives a number; else ("regularly") once a day is counted."""
        return self.terms.unit_checks_per_day is not None


def habits(
    store: Store, mailboxes: Sequence[Mailbox], duty: Duty, period: Period, days_off: Sequence[date] = ()
) -> Habits:
    """Judge the mailboxes of units and agencies by a duty `checking-habits`. Raises StoreError."""
    terms = cast(CheckingHabits, duty.parameters)
    rests_on = grounds(store, period)
    asked = working_days(_inside(period, store.coverage()), days_off)
    days = _covered(asked, store.coverage(), rests_on, terms)
    ours = [one for one in mailboxes if one.kind in UNITS]
    found = {
        mailbox: judge((use for _, use in rows), days, terms)
        for mailbox, rows in groupby(uses(store, period, names(mailboxes, UNITS)), key=itemgetter(0))
    }
    unseen = None if store.identifier else judge((), days, terms)
    checked = [Checked(one, found.get(normalise_mailbox(one.address), unseen)) for one in ours]
    checked.sort(key=lambda one: (one.unit, one.mailbox.address))
    return Habits(duty, checked, days, [day for day in asked if day not in set(days)], rests_on)


def _inside(period: Period, logs: Sequence[Interval]) -> list[date]:
    """The days of a period from the first line to the last: of others nothing can be said."""
    if not logs:
        return []
    first, last = max(period.first, logs[0].start.date()), min(period.last, logs[-1].end.date())
    return Period(first, last).days() if first <= last else []


def _covered(
    days: Iterable[date], logs: Sequence[Interval], rests_on: Grounds, terms: CheckingHabits
) -> list[date]:
    """The days on which, from the first window to the last, every login would be in the logs."""
    spans = windows(terms).values()
    opens, closes = min(first for first, _ in spans), max(last for _, last in spans)
    gaps = [(gap.begin, gap.end) for one in rests_on.covered for gap in one.gaps]
    found = []
    for day in days:
        begin, end = (datetime.combine(day, at, OFFICE_TIME) for at in (opens, closes))
        is_seen = any(one.start <= begin + SLACK and one.end >= end - SLACK for one in logs)
        if is_seen and not any(a < end and b > begin for a, b in gaps):
            found.append(day)
    return found


SLACK = timedelta(hours=1)
"""At its first and last hour a log may have nothing to tell."""
