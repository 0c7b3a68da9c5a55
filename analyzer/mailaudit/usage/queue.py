# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a batch about messages in Postfix's queue, with those open before it, kind by kind in columns.

Queue identifiers, hosts and what a delivery reached are numbers here; texts are taken only where asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.logs.eventtables import EVENTS
from mailaudit.logs.parse import NUMBERED
from mailaudit.logs.stamp import Flags, Numbers
from mailaudit.usage import reached
from mailaudit.usage.columns import host_numbers, picked, texts_of, times_of
from mailaudit.usage.lines import BEGINS, QUEUED_AS, RELAYED, SIEVE

KINDS = (*BEGINS, "message-id", "queued", "delivery", "removed")
"""The kinds of line that nearly every message has, and no other."""
_NUMBERS = {
    kind.name: number for number, (_, kind) in NUMBERED.items() if kind.name in (*KINDS, SIEVE, RELAYED)
}
_NO_EVENTS = EVENTS.empty_table()


@dataclass(slots=True)
class Lines:
    """Lines of one kind: those that a batch brings (EVENTS), and after them those open before (QUEUE_LINE).

    `ids` are places in the names of a Queue; times are in microseconds since 1970.
    """

    events: pa.Table
    opened: pa.Table
    ids: Numbers
    times: Numbers

    @property
    def new_ids(self) -> Numbers:
        """Those of the lines that the batch brings."""
        return self.ids[: len(self.events)]

    @property
    def old_ids(self) -> Numbers:
        """Those of the lines that were open."""
        return self.ids[len(self.events) :]

    @property
    def sides(self) -> tuple[pa.Table, pa.Table]:
        """Both tables."""
        return self.events, self.opened

    def texts(self, name: str) -> pa.StringArray:
        """Return a column of all these lines."""
        return pa.concat_arrays([texts_of(side[name]) for side in self.sides])

    def known(self, name: str) -> Flags:
        """Whether a column holds something."""
        return np.concatenate([np.asarray(side[name].is_valid()) for side in self.sides])

    def amounts(self, name: str) -> Numbers:
        """Return a column of numbers; 0 where there is none."""
        return np.concatenate([np.asarray(side[name].fill_null(0)) for side in self.sides])


@dataclass(slots=True)
class Queue:
    """The lines about messages: by their kind, if it is one of KINDS; the others as they are.

    Of each identifier `host` has the place in `hosts` of one that speaks of it. `linked` are those whose
    lines need others' to be understood: there are some of other kinds or of several hosts, or one leads to
    another identifier, or another's lead here.
    """

    lines: Mapping[str, Lines]
    reached: Numbers  # by the deliveries: places in mailaudit.usage.reached.REACHED, below 0 none
    names: pa.StringArray
    host: Numbers
    hosts: Sequence[str]
    linked: Flags
    other_events: pa.Table
    other_opened: pa.Table

    def sieved(self) -> pa.StringArray:
        """Return the message-ids of what Sieve handed on."""
        sides = (self.other_events, self.other_opened)
        return pa.concat_arrays([_of_kind(side, SIEVE, "message_id") for side in sides])


def queue(by_kind: Mapping[int, pa.Table], open_lines: pa.Table) -> Queue:
    """Sort a batch's events (EVENTS), given by the numbers of their kinds, and the lines open before it."""
    lines, names = _by_kind(by_kind, open_lines)
    other_events = pa.concat_tables(
        [*(by_kind.get(_NUMBERS[kind], _NO_EVENTS) for kind in (SIEVE, RELAYED)), _requeued(by_kind)]
    )
    other_opened = open_lines.filter(pc.invert(pc.is_in(open_lines["kind"], pa.array(KINDS))))
    host, hosts, linked = _hosts(lines.values(), len(names))
    deliveries = lines["delivery"]
    new = reached.of_deliveries(deliveries.events)
    leading = reached.leading_on(deliveries.events, new)
    linked[deliveries.ids[leading]] = True
    others = {*reached.next_ids(deliveries.events, new, leading), *_spoken_of(other_events, other_opened)}
    if others:
        linked |= np.asarray(pc.is_in(names, pa.array(others, pa.string())))
    all_reached = np.concatenate([new, reached.of_open(deliveries.opened)])
    return Queue(lines, all_reached, names, host, hosts, linked, other_events, other_opened)


def _by_kind(
    by_kind: Mapping[int, pa.Table], open_lines: pa.Table
) -> tuple[dict[str, Lines], pa.StringArray]:
    """The lines of KINDS, and the identifiers in them."""
    sides = [
        (
            _of_messages(by_kind.get(_NUMBERS[kind], _NO_EVENTS), kind),
            open_lines.filter(pc.equal(open_lines["kind"], kind)),
        )
        for kind in KINDS
    ]
    ids = pa.concat_arrays([texts_of(side["queue_id"]) for both in sides for side in both])
    coded = ids.dictionary_encode()
    codes = coded.indices.to_numpy().astype(np.int64)
    ends = np.cumsum([0, *(len(new) + len(old) for new, old in sides)]).tolist()
    return {
        kind: Lines(*both, codes[begin:end], np.concatenate([times_of(side["time"]) for side in both]))
        for kind, both, (begin, end) in zip(KINDS, sides, pairwise(ends), strict=True)
    }, coded.dictionary


def _requeued(by_kind: Mapping[int, pa.Table]) -> pa.Table:
    """What pickup takes in of messages that were put back into the queue: `lines.of_messages` changes it."""
    events = by_kind.get(_NUMBERS["pickup"], _NO_EVENTS)
    return picked(events, np.flatnonzero(events["related_queue_id"].is_valid()))


def _of_messages(events: pa.Table, kind: str) -> pa.Table:
    """Those that name an identifier; of deliveries, those that were sent."""
    told = np.asarray(events["queue_id"].is_valid())
    if kind == "pickup":
        told = told & np.asarray(events["related_queue_id"].is_null())
    if kind == "delivery":
        told = told & np.asarray(pc.equal(texts_of(events["status"]), "sent").fill_null(False))
    return picked(events, np.flatnonzero(told))


def _hosts(lines: Iterable[Lines], count: int) -> tuple[Numbers, list[str], Flags]:
    """A host of each identifier, all hosts, and which identifiers several of them name."""
    hosts: dict[str, int] = {}
    parts = [
        (each.ids, np.concatenate([host_numbers(side["host"], hosts) for side in each.sides]))
        for each in lines
    ]
    host, several = np.zeros(count, np.int64), np.zeros(count, np.bool_)
    for ids, its in parts:
        host[ids] = its
    for ids, its in parts:
        several[ids[host[ids] != its]] = True
    return host, list(hosts), several


def _spoken_of(events: pa.Table, opened: pa.Table) -> Iterator[str]:
    """The identifiers that lines of other kinds are about."""
    for side in (events, opened):
        yield from texts_of(side["queue_id"]).drop_null().to_pylist()
    for reply in _of_kind(events, RELAYED, "reply").to_pylist():
        if reply and QUEUED_AS in reply:
            yield reached.named_after(QUEUED_AS, reply)


def _of_kind(table: pa.Table, kind: str, name: str) -> pa.StringArray:
    """A column of the lines of a kind."""
    return texts_of(table[name]).filter(pc.equal(texts_of(table["kind"]), kind))
