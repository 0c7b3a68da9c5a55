# SPDX-License-Identifier: GPL-3.0-or-later
"""Which messages are plain: what they add to the totals, all their lines alone tell at one look.

Nearly all are, and the queries of `mailaudit.usage.steps` need not see their lines, because they work by
identifier (host and queue_id) and find nothing else for an identifier that is plain:

- It has lines of KINDS only, no more than one beginning, message-id and removal, from a first to a last no
  more than LONGEST apart, the last no more than SETTLED after the removal: then it is one message
  (`entries.by_id`), its lines are those of `entries.messages` and it has no `parts`.
- No line leads from it to another identifier nor from another one to it: `lines.after_hops` adds no line to
  it and makes none of its own, no `relayed` names its login, and no FROM_HOP stands before its deliveries.
- One host alone names it, so that its name is its identifier, and `waiting.done` asks that host's mark.
- It goes on: then `waiting.kept_lines` keeps all its lines, and nothing else is said of it.
- Or it is done with, was queued, always with the same sender and size, and no delivery of it can be a
  forward (`violations.forwards.gone_on`): each that went outside is for the address that somebody wrote who
  had logged in; or it is nobody's here, for there is no mailbox that it was copied from, and Sieve did not
  hand it on (`waiting.sieve_lines`), nor is a program's message Sieve's (`totals.sent`). Then it adds
  `totals.flows`, as `mailaudit.usage.plainflows` has them, and nothing is left of it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from mailaudit.logs.stamp import Flags, Numbers
from mailaudit.officedays import MICROSECOND
from mailaudit.usage.entries import LONGEST, SETTLED
from mailaudit.usage.lines import BEGINS
from mailaudit.usage.marks import NEVER
from mailaudit.usage.queue import KINDS, Queue
from mailaudit.usage.reached import TO_MAILBOX, TO_OUTSIDE
from mailaudit.usage.waiting import REFUSED

_ONCE = (BEGINS, ("message-id",), ("removed",))


class Plain(NamedTuple):
    """Of each identifier, whether it is of a plain message that is done with, or of one that goes on."""

    done: Flags
    going_on: Flags


def plain(queue: Queue, marks: Mapping[str, int]) -> Plain:
    """Tell which identifiers are plain, by the marks of hosts (`mailaudit.usage.marks`)."""
    first, last, removed = _times(queue)
    single = ~queue.linked & (last - first <= _in(LONGEST)) & (last - removed <= _in(SETTLED))
    for kinds in _ONCE:
        single &= _count(queue, *kinds) <= 1
    queued, local = _count(queue, "queued") > 0, told_by(queue, "pickup", "sender")
    wait = np.where(local & ~queued, _in(REFUSED), _in(LONGEST))
    wait[removed != NEVER] = _in(SETTLED)
    mark = np.array([marks.get(host, -NEVER) for host in queue.hosts], np.int64)
    done = last + wait <= mark[queue.host]
    whole = queued & ~_queued_differently(queue) & ~_may_be_forward(queue, local)
    return Plain(single & done & whole, single & ~done)


def _times(queue: Queue) -> tuple[Numbers, Numbers, Numbers]:
    """When the first and the last line of each identifier was written, and that of its removal."""
    count = len(queue.names)
    first, last, removed = np.full(count, NEVER), np.full(count, -NEVER), np.full(count, NEVER)
    for kind in KINDS:
        lines = queue.lines[kind]
        np.minimum.at(first, lines.ids, lines.times)
        np.maximum.at(last, lines.ids, lines.times)
    removed[queue.lines["removed"].ids] = queue.lines["removed"].times
    return first, last, removed


def _count(queue: Queue, *kinds: str) -> Numbers:
    """How many lines of some kinds each identifier has."""
    return np.bincount(np.concatenate([queue.lines[kind].ids for kind in kinds]), minlength=len(queue.names))


def _queued_differently(queue: Queue) -> Flags:
    """Which identifiers were queued with several senders or sizes."""
    lines = queue.lines["queued"]
    if len(lines.ids) == np.count_nonzero(_count(queue, "queued")):
        return np.zeros(len(queue.names), np.bool_)
    senders = lines.texts("sender").dictionary_encode().indices.fill_null(-1).to_numpy()
    several = np.zeros(len(queue.names), np.bool_)
    for values in (senders, lines.amounts("size")):
        one = np.zeros(len(queue.names), np.int64)
        one[lines.ids] = values
        several[lines.ids[one[lines.ids] != values]] = True
    return several


def _may_be_forward(queue: Queue, local: Flags) -> Flags:
    """Which identifiers have a delivery that may be a forward, or one that names no recipient."""
    deliveries, sieved = queue.lines["delivery"], _sieved(queue)
    outside = queue.reached == TO_OUTSIDE
    logged_in = told_by(queue, "client-login", "user")
    copied = _any(queue, deliveries.ids[queue.reached == TO_MAILBOX]) & ~local
    unwritten = deliveries.known("orig_recipient") | (~logged_in & (copied | sieved))[deliveries.ids]
    unclear = _any(queue, deliveries.ids[(outside & unwritten) | ~deliveries.known("recipient")])
    return unclear | (local & sieved)


def _sieved(queue: Queue) -> Flags:
    """Which identifiers have a message-id under which Sieve handed something on."""
    sieved = pc.drop_null(queue.sieved())
    if not len(sieved):
        return np.zeros(len(queue.names), np.bool_)
    lines = queue.lines["message-id"]
    return _any(queue, lines.ids[np.asarray(pc.is_in(lines.texts("message_id"), sieved))])


def told_by(queue: Queue, kind: str, name: str) -> Flags:
    """Which identifiers have a line of a kind that names something."""
    lines = queue.lines[kind]
    return _any(queue, lines.ids[lines.known(name)])


def _any(queue: Queue, ids: Numbers) -> Flags:
    found = np.zeros(len(queue.names), np.bool_)
    found[ids] = True
    return found


def _in(time: timedelta) -> int:
    return time // MICROSECOND
