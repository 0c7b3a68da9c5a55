# SPDX-License-Identifier: GPL-3.0-or-later
"""The days on which a regulation wants reports."""

from datetime import date, timedelta
from itertools import chain

from mailpolicy.parameters.reporting import Due


def next_due(line: Due, today: date) -> date | None:
    """Return the last day for the next report of this line, today or later; None if the text names no date.

    A report that is due before a day is in time on the day before it.
    """
    if line.day is None:
        return None
    early = timedelta(days=1 if line.before else 0)
    years = range(today.year, today.year + 3)
    days = chain.from_iterable(
        (date(year, month, line.day) - early for month in line.months) for year in years
    )
    return min(day for day in days if day >= today)
