# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host's logs are missing between two others of its own, though another host's may go on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from mailaudit.store.tables import SOURCES
from mailaudit.store.usage_tables import COVERAGE_HOURS
from mailpolicy.clocks.coverage import LARGEST_GAP, Interval

SPANS = (
    sa.select(COVERAGE_HOURS.c.host, SOURCES.c.first_time, SOURCES.c.last_time)
    .join_from(COVERAGE_HOURS, SOURCES, COVERAGE_HOURS.c.source_id == SOURCES.c.id)
    .where(COVERAGE_HOURS.c.logins_seen > 0, COVERAGE_HOURS.c.host != "")
    .distinct()
)
"""The first and the last line of each log with lines of Dovecot, by the hosts that wrote these."""


def gaps(spans: Iterable[tuple[str, datetime, datetime]]) -> list[Interval]:
    """Return the gaps of more than LARGEST_GAP between the logs of each host, by their first and last lines.

    What was before a host's first line and after its last is none: hosts come and go.
    """
    by_host: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for host, first, last in spans:
        by_host[host].append((first, last))
    found = []
    for logs in by_host.values():
        until = min(logs)[1]
        for begin, end in sorted(logs):
            if begin - until > LARGEST_GAP:
                found.append(Interval(until, begin))
            until = max(until, end)
    return found


def without(intervals: Sequence[Interval], gaps: Iterable[Interval]) -> list[Interval]:
    """Return intervals, cut where there is a gap."""
    left = list(intervals)
    for gap in gaps:
        cut = [
            part
            for one in left
            for part in (
                Interval(one.start, min(one.end, gap.start)),
                Interval(max(one.start, gap.end), one.end),
            )
            if part.start <= part.end
        ]
        left = cut
    return left
