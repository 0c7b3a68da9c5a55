# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a unit's mailbox is looked into as often, and when, as a regulation says (row 13).

A use is a login, or the time from a login to the end of its session. The texts name the start and the end of
the morning and of the afternoon, without hours: each half day is parted in its middle, the noon break too,
and an hour before and after work counts. So a check counts for the window that it is nearest to.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from mailpolicy.clocks.workingdays import is_working_day
from mailpolicy.parameters.lifecycle import CheckingHabits

AROUND = timedelta(hours=1)
"""Before work begins and after it is over."""
WHOLE_DAY = "day"


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of use in the office's own time, without a zone; of a mere login, both are the same."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Habit:
    """On `days` working days a mailbox was to be checked `asked` times, and was `kept` times.

    `whole_days` are the days on which nothing was missed, `by_window` says how often each window was kept.
    `uses` is how often it was used at all, on whatever day.
    """

    days: int
    asked: int
    kept: int
    whole_days: int
    by_window: Mapping[str, int]
    uses: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None if there was no day to judge."""
        return self.kept / self.asked if self.asked else None


def windows(terms: CheckingHabits) -> dict[str, tuple[time, time]]:
    """Return the windows of a day, each from a time to before another one.

    Where the text names none, the whole day is one.
    """
    begin, noon = map(_time, terms.morning.split("-"))
    again, end = map(_time, terms.afternoon.split("-"))
    cuts = [begin - AROUND, (begin + noon) / 2, (noon + again) / 2, (again + end) / 2, end + AROUND]
    cuts = [min(max(cut, timedelta()), LAST) for cut in cuts]
    named = dict(zip(_NAMES, pairwise(cuts), strict=True))
    asked: dict[str, tuple[timedelta, timedelta]] = {name: named[name] for name in terms.unit_windows}
    return {
        name: (_of_day(first), _of_day(last))
        for name, (first, last) in (asked or {WHOLE_DAY: (timedelta(), LAST)}).items()
    }


def asked_per_day(terms: CheckingHabits) -> int:
    """Return how many checks a day are counted; one where the text says no number ("regularly")."""
    return len(terms.unit_windows) or terms.unit_checks_per_day or 1


def working_days(days: Iterable[date], days_off: Collection[date] = ()) -> list[date]:
    """Return those on which offices work; `days_off` are an office's own."""
    return [day for day in days if is_working_day(day) and day not in days_off]


def judge(uses: Iterable[Use], days: Collection[date], terms: CheckingHabits) -> Habit:
    """Judge a mailbox's uses on days that it is to be checked, and that logs cover."""
    asked = windows(terms)
    hits: dict[date, dict[str, int]] = {day: {} for day in days}
    number = 0
    for number, use in enumerate(uses, start=1):  # noqa: B007  counted
        for day in _days(use):
            if (hit := hits.get(day)) is not None:
                for name in _touched(use, day, asked):
                    hit[name] = hit.get(name, 0) + 1
    checks = asked_per_day(terms)
    kept = [min(checks, len(hit) if terms.unit_windows else sum(hit.values())) for hit in hits.values()]
    by_window = {name: sum(name in hit for hit in hits.values()) for name in asked}
    return Habit(len(days), checks * len(days), sum(kept), kept.count(checks), by_window, number)


def _touched(use: Use, day: date, asked: Mapping[str, tuple[time, time]]) -> Iterable[str]:
    for name, (first, last) in asked.items():
        if use.begin < datetime.combine(day, last) and use.end >= datetime.combine(day, first):
            yield name


def _days(use: Use) -> Iterable[date]:
    first, last = use.begin.date(), use.end.date()
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


_NAMES = ("morning-start", "morning-end", "afternoon-start", "afternoon-end")
LAST = timedelta(days=1) - timedelta.resolution
_MIDNIGHT = datetime(1970, 1, 1)  # noqa: DTZ001  a time of day


def _time(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _of_day(since_midnight: timedelta) -> time:
    return (_MIDNIGHT + since_midnight).time()
