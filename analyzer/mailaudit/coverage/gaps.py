# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hours of a host were seen, and which were not, with the reason why that is held to be so.

An hour without a line can be a quiet one: then the log goes on after it, or there is never much at that time.
Or a log is missing: then nothing tells what happened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

import sqlalchemy as sa

from mailaudit.store import Store
from mailaudit.store.usage_tables import COVERAGE_HOURS
from mailpolicy.clocks.coverage import LARGEST_GAP
from mailpolicy.officetime import office_day

HOUR = timedelta(hours=1)
USUALLY_QUIET = 0.5
"""Hours that have lines on fewer of the other days than this share are usually quiet."""


class Why(StrEnum):
    """Why there is no line."""

    QUIET = "quiet"
    STOOD_STILL = "stood-still"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Silence:
    """Hours without a line, from `begin` to before `end` (UTC), and why."""

    begin: datetime
    end: datetime
    why: Why
    said: str

    @property
    def is_gap(self) -> bool:
        """Whether something may have happened then that no log shows."""
        return self.why is not Why.QUIET


@dataclass(frozen=True, slots=True)
class Coverage:
    """The hours of a host from its first line to its last. `host` is "" where the logs name none."""

    host: str
    first: datetime
    last: datetime
    hours: int
    lines: int
    silences: tuple[Silence, ...]

    @property
    def gaps(self) -> list[Silence]:
        """The silences in which something may have been missed."""
        return [one for one in self.silences if one.is_gap]


def coverage(store: Store, host: str | None = None) -> list[Coverage]:
    """Return the coverage of each host, or of one."""
    table = COVERAGE_HOURS
    query = sa.select(table.c.host, table.c.hour, table.c.source_id, table.c.lines).order_by("host", "hour")
    if host is not None:
        query = query.where(table.c.host == host)
    hours: dict[str, dict[datetime, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for name, hour, source, lines in store.rows(query):
        hours[name][datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC)][source] = lines
    places = {number: path.rpartition("/")[2] for number, path in store.places().items()}
    return [_of_host(name, seen, places) for name, seen in hours.items()]


def within(one: Coverage, first: date | None, last: date | None) -> Coverage:
    """Return a coverage with those silences alone that touch these days of the office."""
    kept = [
        silence
        for silence in one.silences
        if (first is None or office_day(silence.end) >= first)
        and (last is None or office_day(silence.begin) <= last)
    ]
    return Coverage(one.host, one.first, one.last, one.hours, one.lines, tuple(kept))


def _of_host(host: str, seen: Mapping[datetime, Mapping[int, int]], places: Mapping[int, str]) -> Coverage:
    order = list(seen)
    logs = _Logs(seen, places)
    silences = [logs.silence(a, b) for a, b in pairwise(order) if b - a > HOUR]
    lines = sum(sum(by_source.values()) for by_source in seen.values())
    return Coverage(host, order[0], order[-1] + HOUR, len(order), lines, tuple(silences))


class _Logs:
    """A host's hours with lines, and the logs that hold them."""

    def __init__(self, seen: Mapping[datetime, Mapping[int, int]], places: Mapping[int, str]) -> None:
        self._seen = seen
        self._places = places
        self._spans: dict[int, tuple[datetime, datetime]] = {}
        for hour, sources in seen.items():
            for source in sources:
                self._spans[source] = (self._spans.get(source, (hour, hour))[0], hour)

    def silence(self, before: datetime, after: datetime) -> Silence:
        """Say why there is no line between two hours that have some."""
        begin, length = before + HOUR, after - before - HOUR
        goes_on = [n for n, (first, last) in self._spans.items() if first <= before and last >= after]
        if goes_on and length <= LARGEST_GAP:
            return Silence(begin, after, Why.QUIET, f"{self._names(goes_on)} goes on after it")
        if goes_on:
            said = f"{self._names(goes_on)} goes on after it, but for so long host or syslog stood still"
            return Silence(begin, after, Why.STOOD_STILL, said)
        seen, days = self._other_days(begin, after)
        usual = f"on {seen} of {days} other days there were lines at that time"
        if length <= LARGEST_GAP and days and seen < days * USUALLY_QUIET:
            return Silence(begin, after, Why.QUIET, f"between two logs, but {usual}")
        ends, begins = self._names(self._seen[before]), self._names(self._seen[after])
        said = f"no log tells of it: {ends} ends before it, {begins} begins after it"
        return Silence(begin, after, Why.MISSING, f"{said}; {usual}" if days else said)

    def _names(self, sources: Iterable[int]) -> str:
        return ", ".join(sorted({self._places.get(source, f"log {source}") for source in sources}))

    def _other_days(self, begin: datetime, end: datetime) -> tuple[int, int]:
        """On how many other days, and of how many, there were lines at these hours.

        Of the same days of the week, if there are two; the hour that has lines most often tells.
        """
        hours = [begin + HOUR * n for n in range(min(24 * 7, (end - begin) // HOUR))]
        return max((self._at(hour, begin, end) for hour in hours), key=lambda one: one[0] / max(one[1], 1))

    def _at(self, hour: datetime, begin: datetime, end: datetime) -> tuple[int, int]:
        first, last = min(self._seen), max(self._seen)
        whole = (last - first).days + 1
        others = [hour + timedelta(days=n) for n in range(-whole, whole + 1)]
        others = [one for one in others if first <= one <= last and not begin <= one < end]
        alike = [one for one in others if one.weekday() == hour.weekday()]
        compared = alike if len(alike) > 1 else others
        return sum(one in self._seen for one in compared), len(compared)
