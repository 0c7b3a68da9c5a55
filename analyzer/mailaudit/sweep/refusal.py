# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a plan is not applied at all: each reason with what to do. Nothing is locked on doubtful grounds."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailaudit.publish.changes import LARGEST_LOSS
from mailaudit.record.runs import Run
from mailaudit.sweep.planfile import PlanFile
from mailaudit.sweep.settings import SweepSettings
from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import StepKind
from mailpolicy.officetime import office_day, office_time

CLOSING = (StepKind.LOCK, StepKind.RECLAIM)
AGAIN = "plan again, and look at what is different"
SLACK = timedelta(minutes=5)
"""Clocks of several hosts are never quite the same."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is so when a plan is to be applied.

    `newest_log` is the time of the newest line of a log with logins, `last_entry` that of the record, None
    if there is none. `closed_today` is how many mailboxes sweeps have closed on this day by other plans.
    `unit` is whose mailboxes are in reach, "" if all are.
    """

    now: datetime
    store: str
    rules: str
    mailboxes: int
    coverage: Coverage | None
    newest_log: datetime
    last_entry: datetime | None
    last_run: Run | None
    unit: str = ""
    closed_today: int = 0

    @property
    def today(self) -> date:
        """The office's day."""
        return office_day(self.now)


def refusals(
    plan: PlanFile, grounds: Grounds, settings: SweepSettings, closing: int, *, allow_shrink: bool = False
) -> list[str]:
    """Return every reason not to apply the plan; none: it may be.

    `closing` is how many mailboxes it would lock or reclaim. A smaller directory may be allowed.
    """
    return [
        *_of_another(plan, grounds),
        *_day(plan, grounds, settings),
        *_clock(grounds),
        *_logs(plan, grounds, settings),
        *(() if allow_shrink else _directory(plan, grounds)),
        *_breaker(closing + grounds.closed_today, grounds, settings),
    ]


def _of_another(plan: PlanFile, grounds: Grounds) -> Iterator[str]:
    if plan.store != grounds.store:
        yield "the plan was made from another store; plan again from this one"
    elif plan.rules != grounds.rules:
        yield f"the plan was made by other rules than the site's now ({plan.regulation}); {AGAIN}"


def _day(plan: PlanFile, grounds: Grounds, settings: SweepSettings) -> Iterator[str]:
    if plan.as_of > grounds.today:
        yield f"the plan is for {plan.as_of}, and today is {grounds.today}; look at this machine's clock"
    elif grounds.today - plan.as_of > timedelta(days=settings.plan_days):
        yield f"the plan is of {plan.as_of}, and may be applied for {settings.plan_days} days; plan again"


def _clock(grounds: Grounds) -> Iterator[str]:
    """A clock that is behind what was recorded or logged is wrong, or was when that was written."""
    for what, time in (("record", grounds.last_entry), ("newest log", grounds.newest_log)):
        if time and time > grounds.now + SLACK:
            here, there = _minute(grounds.now), _minute(time)
            yield f"this machine's clock says {here}, but the {what} is of {there}; set the clock right"


def _logs(plan: PlanFile, grounds: Grounds, settings: SweepSettings) -> Iterator[str]:
    age = grounds.now - grounds.newest_log
    if age > timedelta(hours=settings.log_hours):
        newest = _minute(grounds.newest_log)
        yield (
            f"the newest log line with logins that was read is of {newest}, more than"
            f" {settings.log_hours} hours ago: who has been in since is not known; read the newest logs with"
            " `mailaudit ingest`, and if there are none look at syslog and at this machine's clock"
        )
    if plan.coverage and (grounds.coverage is None or grounds.coverage.first > plan.coverage.first):
        since = grounds.coverage.first if grounds.coverage else "nowhere"
        yield (
            f"the plan rests on logs without a gap from {plan.coverage.first}, now they are so only from"
            f" {since}; `mailaudit coverage` shows the gap; {AGAIN}"
        )


def _directory(plan: PlanFile, grounds: Grounds) -> Iterator[str]:
    """A plan of more units than are in reach says nothing about how many mailboxes these have."""
    planned = plan.mailboxes if plan.unit == grounds.unit else 0
    swept = grounds.last_run.mailboxes if grounds.last_run else 0
    for what, count in (("the plan", planned), ("the sweep before", swept)):
        if count and count - grounds.mailboxes >= LARGEST_LOSS * count:
            yield (
                f"the directory has {grounds.mailboxes} mailboxes, where {what} had {count}:"
                f" {LARGEST_LOSS:.0%} or more are gone; see whether it was read by half,"
                " and after a reform `sweep plan` anew and apply with --allow-shrink"
            )
            return


def _breaker(closing: int, grounds: Grounds, settings: SweepSettings) -> Iterator[str]:
    allowed = min(settings.max_count, math.ceil(settings.max_share * grounds.mailboxes))
    if closing > allowed:
        others = f", with {grounds.closed_today} that were closed today" if grounds.closed_today else ""
        yield (
            f"the plan would lock or reclaim {closing} mailboxes{others}; of {grounds.mailboxes} at most"
            f" {allowed} may be in a day (audit.sweep: max_share = {settings.max_share},"
            f" max_count = {settings.max_count}); look at the plan, take steps out of its file,"
            " or raise these in the site file"
        )


def _minute(time: datetime) -> str:
    return f"{office_time(time):%Y-%m-%d %H:%M}"
