# SPDX-License-Identifier: GPL-3.0-or-later
"""The dates behind the inactivity clock: since when a mailbox is idle, and when its terms are over."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.life import Life
from mailpolicy.clocks.standing import Lock
from mailpolicy.clocks.step import Origin
from mailpolicy.clocks.workingdays import add_working_days
from mailpolicy.parameters import Inactivity

DAY = timedelta(days=1)
# Where the text sets no term: the shortest that another regulation sets (HCM 8.1a, CT 5.4), to list by.
REVIEW_AFTER_MONTHS = 3
REMEMBERED = 32_768  # a directory has many mailboxes and few dates: those of ten years, some terms


@dataclass(frozen=True, slots=True)
class Idle:
    """The day an idle time counts from, and what happened on it. The day itself is not idle."""

    since: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Due:
    """The first day on which a mailbox may be locked, and reclaimed; never reclaimed is None.

    `answer_by` is the last day on which its agency may confirm, where the text gives it working days.
    """

    lock_on: date
    reclaim_on: date | None
    answer_by: date | None = None


def idle_by_dates(life: Life, terms: Inactivity) -> Idle | None:
    """Since when the mailbox is idle as far as anybody knows; None if there is not one date to go by."""
    candidates = (
        (life.activity.day if life.activity else None, Origin.LAST_USE),
        (life.mailbox.created, Origin.CREATION),
        (life.standing.confirmed_on, Origin.CONFIRMATION),
        (life.standing.opened_on, Origin.OPENING),
        (life.standing.excused_until if terms.excused_by_reason else None, Origin.EXCUSE),
    )
    latest = None
    for day, origin in candidates:
        if day and (latest is None or day > latest[0]):
            latest = day, origin
    return Idle(*latest) if latest else None


def idle_by_logs(idle: Idle, coverage: Coverage) -> Idle:
    """Since when the logs prove it idle: not from before they begin."""
    return idle if idle.since >= coverage.first else Idle(coverage.first, Origin.LOGS)


def due(idle: Idle, lock: Lock | None, terms: Inactivity, today: date) -> Due:
    """The days a mailbox idle since then is due, if it is locked and its agency told as soon as that may be.

    It is never reclaimed before it has been locked for as long as the text leaves between the two.
    """
    lock_on = after_months(idle.since, terms.lock_after_months or REVIEW_AFTER_MONTHS)
    locked_on = lock.day if lock else max(lock_on, today)
    if terms.reclaim_after_working_days:
        told_on = lock.told_on if lock else locked_on
        answer_by = add_working_days(told_on, terms.reclaim_after_working_days, terms.extra_days_off)
        return Due(lock_on, max(lock_on, answer_by + DAY), answer_by)
    if terms.reclaim_after_months is None:
        return Due(lock_on, None)
    by_text = after_months(idle.since, terms.reclaim_after_months)
    if locked_on <= lock_on:
        return Due(lock_on, by_text)
    between = terms.reclaim_after_months - (terms.lock_after_months or REVIEW_AFTER_MONTHS)
    return Due(lock_on, max(by_text, _months_later(locked_on, between)))


@lru_cache(REMEMBERED)
def after_months(day: date, months: int) -> date:
    """Return the day after so many calendar months are full: 3 from 30 November on the last of February."""
    return _months_later(day, months) + DAY


@lru_cache(REMEMBERED)
def _months_later(day: date, months: int) -> date:
    return day + relativedelta(months=months)
