# SPDX-License-Identifier: GPL-3.0-or-later
"""The offices' own time: Vietnam's, seven hours ahead of UTC all year. Their days are not those of UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

AHEAD = timedelta(hours=7)
OFFICE_TIME = timezone(AHEAD, "+07")
"""Vietnam has had no summer time since 1975 and no other offset since; all five offices lie in it."""


def office_time(time: datetime) -> datetime:
    """Return an aware time as an office's clock shows it."""
    return time.astimezone(OFFICE_TIME)


def office_day(time: datetime) -> date:
    """Return the day that an office has at an aware time."""
    return office_time(time).date()


def begin_of(day: date) -> datetime:
    """Return when a day of an office begins, in UTC: at 17:00 of the day before."""
    return datetime(day.year, day.month, day.day, tzinfo=OFFICE_TIME).astimezone(UTC)
