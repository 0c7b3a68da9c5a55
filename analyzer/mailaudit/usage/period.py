# SPDX-License-Identifier: GPL-3.0-or-later
"""The days that a table is about."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from mailaudit import officedays
from mailaudit.store import Store
from mailaudit.store.usage_tables import COVERAGE_HOURS

EVER = (date(1970, 1, 1), date(9999, 12, 30))


@dataclass(frozen=True, slots=True)
class Period:
    """Days of an office, the first and the last included."""

    first: date
    last: date

    def holds(self, day: str) -> bool:
        """Whether an ISO date is one of them."""
        return self.first.isoformat() <= day <= self.last.isoformat()

    def within(self, day: sa.Column[Any]) -> sa.ColumnElement[bool]:
        """Return the condition that a table's column with ISO dates is one of them."""
        return (day >= self.first.isoformat()) & (day <= self.last.isoformat())

    def microseconds(self) -> tuple[int, int]:
        """Return when they begin and when they are over, as the store has times."""
        return officedays.microseconds(self.first, self.last)

    def days(self) -> list[date]:
        """Return every one of them."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def asked(store: Store, first: date | None, last: date | None) -> Period:
    """Return the days asked for; one left open is that of the first or the last line that was read."""
    hours = sa.select(sa.func.min(COVERAGE_HOURS.c.hour), sa.func.max(COVERAGE_HOURS.c.hour))
    [(earliest, latest)] = store.rows(hours)
    first = first or (officedays.day_of_hour(earliest) if earliest else EVER[0])
    last = last or (officedays.day_of_hour(latest) if latest else EVER[1])
    return Period(first, max(first, last))
