# SPDX-License-Identifier: GPL-3.0-or-later
"""The period that a report is about: read from what people type, and named as offices name it."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from mailaudit.usage.period import Period
from mailpolicy.office.duedates import next_reports
from mailpolicy.parameters.reporting import UsageReport
from mailpolicy.regulation import Duty

DAY = timedelta(days=1)
ROMAN = ("I", "II", "III", "IV")
EXAMPLES = "2026-Q3, 2026-H1, 2026, or days as in 2026-03-01..2026-05-15"
DAYS = "days"
"""The kind of a period that is no calendar's."""
LETTERS = {"quarter": "Q", "half-year": "H", "year": ""}
MONTHS = {"Q": 3, "H": 6}
BY_WEEK = 100
"""Periods of so many days or fewer are told by week, longer ones by month."""


class BadPeriod(ValueError):  # noqa: N818  the name says what it is
    """What was typed is no period; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period, and how it is named in a heading: `quý III năm 2026`. `kind` is that of the regulation."""

    days: Period
    name: str
    kind: str

    def parts(self) -> Iterator[tuple[str, Period]]:
        """Yield its months or, of a short one, its weeks from Monday on, each with its label."""
        by_week = len(self.days.days()) <= BY_WEEK
        first = self.days.first
        while first <= self.days.last:
            last = min(self.days.last, _sunday(first) if by_week else _last_of_month(first))
            label = f"{first:%d/%m}" if by_week else f"{first.month:02}/{first.year}"
            yield label, Period(first, last)
            first = last + DAY


def read(text: str) -> Span:
    """Read a period. Raises BadPeriod."""
    if found := re.fullmatch(r"(\d{4})(?:-([QH])(\d+))?", text.strip(), re.IGNORECASE):
        return _regular(int(found[1]), (found[2] or "").upper(), int(found[3] or 1))
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text.strip()):
        return _days(found[1], found[2])
    raise BadPeriod(f'"{text}" is no period; expected {EXAMPLES}')


def suggested(duty: Duty, *, by_unit: bool, today: date) -> Span:
    """Return what the regulation's next report is about; where it names no day, the last whole period."""
    coming = [one for one in next_reports(duty, today) if (one.line.by in UNITS) == by_unit]
    coming = coming or list(next_reports(duty, today))
    if coming:
        first = coming[0].first
        return read(_text(coming[0].line.period, first.year, first.month))
    period = cast(UsageReport, duty.parameters).due[0].period
    months = MONTHS.get(LETTERS[period], 12)
    begin = date(today.year, (today.month - 1) // months * months + 1, 1) - DAY
    return read(_text(period, begin.year, begin.month))


def kinds(duty: Duty) -> set[str]:
    """Return which kinds of period the regulation asks for."""
    return {one.period for one in cast(UsageReport, duty.parameters).due}


def prescribed(duty: Duty, year: int) -> str:
    """Say which periods the regulation asks for, in examples."""
    asked = {one.period: _text(one.period, year, 1) for one in cast(UsageReport, duty.parameters).due}
    return " and ".join(f"each {period} ({example})" for period, example in asked.items())


UNITS = ("units", "agencies")
"""Those lines of a reporting calendar that the users of the mail system answer."""


def _text(period: str, year: int, month: int) -> str:
    letter = LETTERS[period]
    return f"{year}-{letter}{(month - 1) // MONTHS[letter] + 1}" if letter else str(year)


def _regular(year: int, letter: str, number: int) -> Span:
    months = MONTHS.get(letter, 12)
    if not 1970 <= year <= 9998 or not 1 <= number <= 12 // months:
        wrong = f"{year}-{letter}{number}" if letter else str(year)
        raise BadPeriod(f'"{wrong}" is no period; expected {EXAMPLES}')
    begin = date(year, (number - 1) * months + 1, 1)
    end = _last_of_month(date(year, number * months, 1))
    if letter == "Q":
        return Span(Period(begin, end), f"quý {ROMAN[number - 1]} năm {year}", "quarter")
    if letter == "H":
        half = "đầu" if number == 1 else "cuối"
        return Span(Period(begin, end), f"6 tháng {half} năm {year}", "half-year")
    return Span(Period(begin, end), f"năm {year}", "year")


def _days(first: str, last: str) -> Span:
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise BadPeriod(f'"{first}..{last}": {error}; expected {EXAMPLES}') from error
    if period.last < period.first:
        raise BadPeriod(f'"{first}..{last}" ends before it begins')
    return Span(period, f"từ ngày {period.first:%d/%m/%Y} đến ngày {period.last:%d/%m/%Y}", DAYS)


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
