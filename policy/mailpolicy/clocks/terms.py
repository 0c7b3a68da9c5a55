# SPDX-License-Identifier: GPL-3.0-or-later
"""The dates behind the inactivity clock: since when a mailbox is idle, and when its terms are over."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import Activity, Origin
from mailpolicy.clocks.workingdays import add_working_days
from mailpolicy.directory import Mailbox
from mailpolicy.parameters import Inactivity

DAY = timedelta(days=1)
# Where the text sets no term: the shortest that another regulation sets (HCM 8.1a, CT 5.4), to list by.
REVIEW_AFTER_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Idle:
    """The day an idle time counts from, and what happened on it. The day itself is not idle."""

    since: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Due:
    """The first day on which a mailbox may be locked, and reclaimed; never reclaimed is None."""

    lock_on: date
    reclaim_on: date | None


def idle_by_dates(mailbox: Mailbox, activity: Activity | None, terms: Inactivity) -> Idle | None:
    """Since when the mailbox is idle as far as anybody knows; None if there is not one date to go by."""
    candidates = [
        (activity.day if activity else None, Origin.LAST_USE),
        (mailbox.created, Origin.CREATION),
        (mailbox.confirmed_on, Origin.CONFIRMATION),
        (mailbox.excused_until if terms.excused_by_reason else None, Origin.EXCUSE),
    ]
    known = [Idle(day, origin) for day, origin in candidates if day]
    return max(known, key=lambda idle: idle.since, default=None)


def idle_by_logs(idle: Idle, coverage: Coverage) -> Idle:
    """Since when the logs prove it idle: not from before they begin."""
    return idle if idle.since >= coverage.first else Idle(coverage.first, Origin.LOGS)


def suspension(mailbox: Mailbox, activity: Activity | None, today: date) -> date | None:
    """The day the mailbox was locked, if it still is: not confirmed since, and not used since."""
    day = mailbox.suspended_on
    if day is None or day > today:
        return None
    confirmed = mailbox.confirmed_on is not None and mailbox.confirmed_on >= day
    used = activity is not None and activity.day > day
    return None if confirmed or used else day


def due(idle: Idle, suspended_on: date | None, terms: Inactivity, today: date) -> Due:
    """The days a mailbox idle since then is due, if the notice to its agency goes out with its lock."""
    lock_on = after_months(idle.since, terms.lock_after_months or REVIEW_AFTER_MONTHS)
    if terms.reclaim_after_working_days:
        notice = suspended_on or max(lock_on, today)
        answer_by = add_working_days(notice, terms.reclaim_after_working_days)
        return Due(lock_on, max(lock_on, answer_by + DAY))
    months = terms.reclaim_after_months
    return Due(lock_on, after_months(idle.since, months) if months else None)


@lru_cache(maxsize=4096)  # a directory has many mailboxes and few dates
def after_months(day: date, months: int) -> date:
    """Return the day after so many calendar months are full: 3 from 30 November on the last of February."""
    return day + relativedelta(months=months) + DAY
