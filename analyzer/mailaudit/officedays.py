# SPDX-License-Identifier: GPL-3.0-or-later
"""Days and hours of the offices (UTC+7), worked out by an engine of the times of events, which are in UTC.

Rollups are by these days. The facts' files are by days in UTC: an office's day lies in two of them.
"""

from datetime import UTC, date, datetime, timedelta

import ibis
import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.functions import Expression
from mailpolicy.officetime import AHEAD, begin_of, office_day

MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(time: Expression) -> Expression:
    """Return times in UTC as an office's clock shows them."""
    return time + ibis.interval(hours=int(AHEAD / timedelta(hours=1)))


def date_of(time: Expression) -> Expression:
    """Return the date of the office's day of times in UTC: to group by, it is much cheaper than its text."""
    return local(time).date()


def day(time: Expression) -> Expression:
    """Return the ISO date of the office's day of times in UTC."""
    return local(time).strftime("%Y-%m-%d")


def begin(day: date) -> Expression:
    """Return when an office's day begins, as times of events are: in UTC, without a zone."""
    return ibis.literal(begin_of(day).replace(tzinfo=None))


def end_of(day: date) -> Expression:
    """Return when it is over."""
    return begin(day + timedelta(days=1))


def within(time: Expression, first: date, last: date) -> Expression:
    """Whether times in UTC lie on the office's days from `first` to `last`, both included."""
    return (time >= begin(first)) & (time < end_of(last))


def microseconds(first: date, last: date) -> tuple[int, int]:
    """Return when the office's days `first` to `last` begin and are over, as the store has times."""
    after = begin_of(last + timedelta(days=1))
    return (begin_of(first) - _EPOCH) // MICROSECOND, (after - _EPOCH) // MICROSECOND


def facts_days(first: date, last: date) -> tuple[date, date]:
    """Return the first and the last day in UTC whose facts may hold something of these days."""
    return first - timedelta(days=1), last


def day_of_hour(hour: str) -> date:
    """Return the office's day of an hour in UTC, as the store has hours: 2026-11-21T23."""
    return office_day(datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC))


def today() -> date:
    """Return the day that it is in an office."""
    return office_day(datetime.now(UTC))


def iso_dates(days: NDArray[np.int64]) -> list[str]:
    """Return the ISO dates of days since 1970."""
    distinct, places = np.unique(days, return_inverse=True)
    names = np.datetime_as_string(distinct.astype("datetime64[D]")).tolist()
    return list(map(names.__getitem__, places.tolist()))
