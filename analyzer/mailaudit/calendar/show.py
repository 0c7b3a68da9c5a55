# SPDX-License-Identifier: GPL-3.0-or-later
"""A year's due reports as a table on a screen and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import typer

from mailaudit.calendar.words import period, stated
from mailaudit.table import show_table
from mailpolicy.office.duedates import DueReport, due_reports, next_reports, undated
from mailpolicy.regulation import Duty, Regulation


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a regulation's duty to report, looked at on a day."""

    regulation: Regulation
    duty: Duty
    year: int
    today: date

    @property
    def reports(self) -> Sequence[DueReport]:
        """Those due in the year, in order."""
        return due_reports(self.duty, self.year)

    @property
    def next(self) -> Sequence[DueReport]:
        """The next report of each line, in order, whatever year it is in."""
        return next_reports(self.duty, self.today)


def show(year: Year) -> None:
    """Print the year's reports, those without a day, and what is next."""
    header = ("last day", "last working day", "by", "about", "article", "form", "the text says")
    rows = [
        (
            *(str(one.day), str(one.send_by), one.line.by, period(one), one.article),
            *(one.form or "", stated(one)),
        )
        for one in year.reports
    ]
    if rows:
        show_table("", header, rows)
    for line in undated(year.duty):
        typer.echo(f"{line.by}, each {line.period}, by {year.duty.article}: the text names no day")
    for one in year.next:
        days = (one.day - year.today).days
        when = "today" if days == 0 else f"in {days} day{'s' * (days > 1)}"
        typer.echo(f"Next of {one.line.by}: {one.day}, {when}, about {period(one)}")


def as_json(year: Year) -> dict[str, Any]:
    """Return it for a program to read."""
    return {
        "regulation": year.regulation.name,
        "year": year.year,
        "due": [_report(one) for one in year.reports],
        "without_a_day": [{"by": line.by, "each": line.period} for line in undated(year.duty)],
        "next": [_report(one) for one in year.next],
    }


def _report(one: DueReport) -> dict[str, Any]:
    return {
        "last_day": one.day.isoformat(),
        "last_working_day": one.send_by.isoformat(),
        "by": one.line.by,
        "period": one.line.period,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "article": one.article,
        "form": one.form,
        "stated": one.stated.isoformat(),
        "before": one.line.before,
    }
