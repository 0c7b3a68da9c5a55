# SPDX-License-Identifier: GPL-3.0-or-later
"""The stretches of time whose logs were read, without a gap larger than LARGEST_GAP."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from mailaudit.store import host_gaps
from mailaudit.store.rows import UNPARSED
from mailaudit.store.tables import COUNTS, SOURCES
from mailaudit.store.times import EPOCH
from mailpolicy.clocks.coverage import LARGEST_GAP, Interval
from mailpolicy.officetime import office_time

LOGS_WITH_LOGINS = "dovecot"
"""The producer whose log shows every way into a mailbox. The others' logs cover nothing by themselves."""
_HAS_LOGINS = sa.exists().where(
    COUNTS.c.source_id == SOURCES.c.id,
    COUNTS.c.producer == LOGS_WITH_LOGINS,
    COUNTS.c.kind != UNPARSED,
)
_LOGS = (
    sa.select(SOURCES.c.first_time, SOURCES.c.last_time)
    .where(_HAS_LOGINS, SOURCES.c.first_time.is_not(None))
    .order_by("first_time")
)


def of_logs(connection: sa.Connection) -> list[Interval]:
    """Return the stretches of time whose logins were seen, in order, in the office's time."""
    logs = connection.execute(_LOGS).all()
    hosts = connection.execute(host_gaps.SPANS).all()
    joined = _joined(Interval(_time(first), _time(last)) for first, last in logs)
    spans = ((host, _time(first), _time(last)) for host, first, last in hosts)
    return host_gaps.without(joined, host_gaps.gaps(spans))


def _time(microseconds: int) -> datetime:
    return office_time(EPOCH + timedelta(microseconds=microseconds))


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Join intervals, ordered by their start, that leave no more than LARGEST_GAP between them."""
    joined: list[Interval] = []
    for interval in intervals:
        if joined and interval.start - joined[-1].end <= LARGEST_GAP:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined
