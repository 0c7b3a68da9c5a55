# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch's uses of mailboxes: how many there were day by day, and the last of each with its line.

What mailaudit.rollup has any engine compute of any number of lines is worked out here of those in memory.
"""

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.activity import LOGIN
from mailaudit.logs.stamp import Numbers
from mailaudit.officedays import MICROSECOND, iso_dates
from mailaudit.store.rows import ActivityDay, Seen
from mailaudit.usage.lines import BLANKS
from mailpolicy.officetime import AHEAD

_DAY = timedelta(days=1) // MICROSECOND


class Uses:
    """Uses of mailboxes: a table with the columns of mailaudit.rollup.uses_among."""

    def __init__(self, uses: pa.Table) -> None:
        self._uses = uses
        self._times = uses["time"].cast(pa.int64()).to_numpy()
        self._mailbox, self._mailboxes = _ranks(uses["mailbox"])
        self._service, self._services = _ranks(uses["service"])
        self._event, self._events = _ranks(uses["event"])

    def days(self) -> list[ActivityDay]:
        """Return how often each mailbox was used on each of the offices' days, in the store's order."""
        days = (self._times + AHEAD // MICROSECOND) // _DAY
        of_day = (days * self._mailboxes + self._mailbox) * self._services + self._service
        _, firsts, places = np.unique(of_day, return_index=True, return_inverse=True)
        is_login = pc.equal(self._uses["event"], LOGIN).to_numpy()
        columns = (
            iso_dates(days[firsts]),
            *map(_listed, self._uses.select(["mailbox", "service"]).take(pa.array(firsts)).columns),
            *(np.bincount(places[which], minlength=len(firsts)).tolist() for which in (is_login, ~is_login)),
        )
        return list(map(ActivityDay._make, zip(*columns, strict=True)))

    def last(self, lines: pa.Table) -> list[Seen]:
        """Return the last use of each mailbox by service and event, in the store's order.

        `lines` (mailaudit.logs.lines.LINES) are those that the uses stand in.
        """
        key = (self._mailbox * self._services + self._service) * self._events + self._event
        places = (self._uses["position"].to_numpy(), self._uses["source"].to_numpy())
        order = np.lexsort((*places, self._times, key))
        last = order[np.flatnonzero(np.diff(key[order], append=-1))]
        sources, positions = (place[last] for place in reversed(places))
        names = ("mailbox", "service", "event", "address", "session")
        mailboxes, services, events, addresses, sessions = map(
            _listed, self._uses.select(names).take(pa.array(last)).columns
        )
        columns = (
            *(mailboxes, services, events, self._times[last].tolist(), addresses, sessions),
            *(sources.tolist(), positions.tolist(), _lines_at(lines, sources, positions)),
        )
        return list(map(Seen._make, zip(*columns, strict=True)))


def _ranks(texts: pa.ChunkedArray) -> tuple[Numbers, int]:
    """The place of each text among the distinct ones in order, and how many these are."""
    coded = texts.combine_chunks().dictionary_encode()
    ranks = np.empty(len(coded.dictionary), np.int64)
    ranks[pc.array_sort_indices(coded.dictionary).to_numpy()] = np.arange(len(ranks))
    return ranks[coded.indices.to_numpy()], len(ranks)


def _listed(texts: pa.ChunkedArray) -> list[Any]:
    """Texts as Python has them: a quarter of the time that `to_pylist` takes."""
    listed: list[Any] = texts.to_numpy().tolist()
    return listed


def _lines_at(lines: pa.Table, sources: Numbers, positions: Numbers) -> list[str]:
    """The lines that stand at positions of sources, without the blanks at their ends.

    Every batch of the table holds lines of one source, in order.
    """
    order = np.lexsort((positions, sources))
    sources, positions = sources[order], positions[order]
    found = np.empty(len(order), object)
    for batch in lines.to_batches():
        source, stands = batch["source"][0].as_py(), batch["position"].to_numpy()
        begin, end = np.searchsorted(sources, (source, source + 1))
        begin, end = begin + np.searchsorted(positions[begin:end], (stands[0], stands[-1] + 1))
        texts = batch["line"].take(pa.array(np.searchsorted(stands, positions[begin:end])))
        found[order[begin:end]] = pc.ascii_rtrim(texts, BLANKS).to_numpy(zero_copy_only=False)
    return found.tolist()
