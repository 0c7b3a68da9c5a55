# SPDX-License-Identifier: GPL-3.0-or-later
"""Vietnam's working days: Monday to Friday without public holidays, and the days the government swapped."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

# What the government announced for each year; it goes before the holidays library, whose versions differ.
DAYS_OFF: Mapping[date, str] = MappingProxyType(
    {
        date(2025, 5, 2): "8726/VPCP-KGVX, 2024-11-26; worked on 2025-04-26 instead",
        date(2026, 1, 2): "12729/VPCP-KGVX, 2025-12-25; worked on 2026-01-10 instead",
        date(2026, 8, 31): "9441/TB-BNV, 2025-10-16; worked on 2026-08-22 instead",
    }
)
WORKED_SATURDAYS: Mapping[date, str] = MappingProxyType(
    {
        date(2025, 4, 26): "for 2025-05-02",
        date(2026, 1, 10): "for 2026-01-02",
        date(2026, 8, 22): "for 2026-08-31",
    }
)

# 24 November, Vietnam Culture Day: a paid day off by the Politburo's Resolution 80-NQ/TW of 2026-01-07.
# Whether article 112 of the Labour Code was amended in time for 2026 is not known here. It counts as a day
# off: if that is wrong, a term ends one day late, never early.
CULTURE_DAY = (11, 24)
CULTURE_DAY_SINCE = 2026

# The Prime Minister fixes Tết and the second day of National Day each year; until then the library guesses.
_CALENDAR = holidays.country_holidays("VN")


def is_working_day(day: date) -> bool:
    """Whether offices work on this day: for 2025 and 2026 as announced, else as the holidays library says."""
    if day in DAYS_OFF or _is_culture_day(day):
        return False
    if day in WORKED_SATURDAYS:
        return True
    return day not in _CALENDAR and _CALENDAR.is_working_day(day)


@lru_cache(maxsize=4096)  # a sweep asks for thousands of mailboxes about a few days
def add_working_days(day: date, count: int, days_off: tuple[date, ...] = ()) -> date:
    """Return the `count`-th working day after `day`, which is itself not counted. With 0, the day itself.

    `days_off` are an office's own, beside weekends and public holidays.
    """
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day) and day not in days_off
    return day


def _is_culture_day(day: date) -> bool:
    return day.year >= CULTURE_DAY_SINCE and (day.month, day.day) == CULTURE_DAY
