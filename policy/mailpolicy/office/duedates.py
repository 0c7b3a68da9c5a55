# SPDX-License-Identifier: GPL-3.0-or-later
"""When reports on the use of mail are due, and which period each is about (row 23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from mailpolicy.clocks.workingdays import is_working_day
from mailpolicy.parameters.reporting import Due, UsageReport
from mailpolicy.regulation import Duty

CODE = "usage-report"
MONTHS = {"quarter": 3, "half-year": 6, "year": 12}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueReport:
    """One report: `line` says who gives it, `day` is the last on which it is in time.

    `stated` is the day in the text: the same, or the next one where the report is due before it. The report
    is about the days `first` to `last`.
    """

    line: Due
    stated: date
    first: date
    last: date
    article: str
    form: str | None = None

    @property
    def day(self) -> date:
        """The last day on which the report is in time."""
        return self.stated - DAY if self.line.before else self.stated

    @property
    def send_by(self) -> date:
        """The last working day on which it is in time."""
        day = self.day
        while not is_working_day(day):
            day -= DAY
        return day


def due_reports(duty: Duty, year: int) -> list[DueReport]:
    """Return the reports whose last day lies in a year, in order; none where the text names no day."""
    terms = cast(UsageReport, duty.parameters)
    found = (one for line in terms.due for one in _of_line(line, duty, (year, year + 1)))
    return sorted((one for one in found if one.day.year == year), key=lambda one: (one.day, one.line.by))


def next_reports(duty: Duty, today: date) -> list[DueReport]:
    """Return the next report of each line that names a day, due today or later, in order."""
    coming = [one for year in (today.year, today.year + 1) for one in due_reports(duty, year)]
    first: dict[Due, DueReport] = {}
    for one in coming:
        if one.day >= today:
            first.setdefault(one.line, one)
    return sorted(first.values(), key=lambda one: (one.day, one.line.by))


def undated(duty: Duty) -> list[Due]:
    """Return who is to report how often, where the text names no day."""
    return [line for line in cast(UsageReport, duty.parameters).due if line.day is None]


def period_about(line: Due, stated: date) -> tuple[date, date]:
    """Return the first and the last day that a report is about.

    It is the period that the day lies in; the one before, if not even half of that is over. So a report of
    10 March is about the first quarter, one of 20 January about the year before.
    """
    months = MONTHS[line.period]
    index = stated.year * 12 + stated.month - 1
    begin = index - index % months
    if index - begin < months / 2:
        begin -= months
    return _month(begin), _month(begin + months) - DAY


def _of_line(line: Due, duty: Duty, years: tuple[int, ...]) -> Iterator[DueReport]:
    if line.day is None:
        return
    form = cast(UsageReport, duty.parameters).form
    for year in years:
        for month in line.months:
            stated = date(year, month, line.day)
            yield DueReport(line, stated, *period_about(line, stated), duty.article, form)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
