# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what messages add to the totals, in the store's order: by day and mailbox, domain, or hour."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.logs.stamp import Numbers
from mailaudit.officedays import MICROSECOND, iso_dates
from mailaudit.store.usage_rows import UsageDay, UsageDomain, UsageHour
from mailaudit.usage.columns import times_of
from mailaudit.usage.totals import AMOUNTS
from mailpolicy.officetime import AHEAD

_NAMES = pa.dictionary(pa.int32(), pa.string())
FLOWS = pa.schema(
    [
        ("time", pa.timestamp("us")),
        ("mailbox", _NAMES),
        ("domain", _NAMES),
        *((name, pa.int64()) for name in AMOUNTS),
    ]
)
"""The columns of `mailaudit.usage.totals.flows`, as they are kept in memory."""
Logins = Iterable[tuple[str, int, str, int]]
"""Day, hour of the day, domain of mailboxes, and how often these were logged in to."""
_HOUR = 3600 * 1_000_000  # microseconds


class Names(NamedTuple):
    """A column of names: their places in `names`, which are in order; -1 where there is none."""

    places: Numbers
    names: list[str]

    def at(self, places: Numbers) -> list[str]:
        """Return the names with these places."""
        return list(map(self.names.__getitem__, places.tolist()))


class Flows:
    """What messages add, in numbers. A delivery that names no recipient is nobody's and is left out."""

    def __init__(self, flows: Iterable[pa.Table]) -> None:
        table = pa.concat_tables([FLOWS.empty_table(), *flows])
        table = table.filter(table["mailbox"].is_valid()).unify_dictionaries()
        hours = (times_of(table["time"]) + AHEAD // MICROSECOND) // _HOUR
        self._days, self._hours = np.divmod(hours, 24)
        self._mailboxes, self._domains = _names(table["mailbox"]), _names(table["domain"])
        self._own = _own_domains(self._mailboxes)
        self._amounts = {name: table[name].to_numpy() for name in AMOUNTS}

    def by_mailbox(self) -> list[UsageDay]:
        """Return AMOUNTS by day and mailbox."""
        keys = [self._days, self._mailboxes.places]
        (days, mailboxes), amounts = _added(keys, list(self._amounts.values()))
        columns = iso_dates(days), self._mailboxes.at(mailboxes), *_lists(amounts)
        return list(map(UsageDay._make, zip(*columns, strict=True)))

    def by_domain(self) -> list[UsageDomain]:
        """Return recipients and received by day, mailbox and the other side's domain, if not its own."""
        place = {name: place for place, name in enumerate(self._domains.names) if name}
        own = np.array([*(place.get(name, -1) for name in self._own.names), -1])[self._own.places]
        foreign = np.array([*map(bool, self._domains.names), False])[self._domains.places]
        rows = np.flatnonzero(foreign & (own != self._domains.places))
        keys = [column[rows] for column in (self._days, self._mailboxes.places, self._domains.places)]
        amounts = [self._amounts[name][rows] for name in ("recipients", "received")]
        (days, mailboxes, domains), sums = _added(keys, amounts)
        columns = iso_dates(days), self._mailboxes.at(mailboxes), self._domains.at(domains), *_lists(sums)
        return list(map(UsageDomain._make, zip(*columns, strict=True)))

    def by_hour(self, logins: Logins) -> list[UsageHour]:
        """Return logins and AMOUNTS by day, hour of the day and the mailboxes' domain."""
        keys = [self._days, self._hours, self._own.places]
        (days, hours, domains), amounts = _added(keys, list(self._amounts.values()))
        columns = iso_dates(days), hours.tolist(), self._own.at(domains)
        added = dict(zip(zip(*columns, strict=True), zip(*_lists(amounts), strict=True), strict=True))
        entered = {(day, hour, domain): count for day, hour, domain, count in logins}
        nothing = (0,) * len(AMOUNTS)
        return [
            UsageHour(*key, entered.get(key, 0), *added.get(key, nothing))
            for key in sorted({*added, *entered})
        ]


def _names(column: pa.ChunkedArray) -> Names:
    """Names of one dictionary."""
    if not len(column):
        return Names(np.zeros(0, np.int64), [])
    names = column.chunk(0).dictionary
    order = pc.sort_indices(names)
    place = np.empty(len(names) + 1, np.int64)
    place[order.to_numpy()] = np.arange(len(names))
    place[-1] = -1
    codes = np.concatenate([chunk.indices.fill_null(-1).to_numpy() for chunk in column.chunks])
    return Names(place[codes], names.take(order).to_pylist())


def _own_domains(mailboxes: Names) -> Names:
    """The domain of each mailbox of a column, empty where it is named without one."""
    domains = [name.rpartition("@")[2] if "@" in name else "" for name in mailboxes.names]
    names = sorted(set(domains))
    place = {name: place for place, name in enumerate(names)}
    return Names(np.array([*map(place.__getitem__, domains), -1])[mailboxes.places], names)


def _added(keys: Sequence[Numbers], amounts: Sequence[Numbers]) -> tuple[list[Numbers], list[Numbers]]:
    """Sum up amounts by keys, which are 0 or more but the first; return the keys in order, and the sums."""
    if not len(keys[0]):
        return [*keys], [*amounts]
    key = keys[0]
    for part in keys[1:]:
        key = key * (part.max() + 1) + part
    order = np.argsort(key)
    begins = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] - 1))
    firsts = order[begins]
    return [part[firsts] for part in keys], [np.add.reduceat(each[order], begins) for each in amounts]


def _lists(columns: Sequence[Numbers]) -> list[list[int]]:
    return [column.tolist() for column in columns]
