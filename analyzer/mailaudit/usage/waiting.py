# SPDX-License-Identifier: GPL-3.0-or-later
"""Of which messages more may still be said, and the lines that must be kept until then."""

from datetime import timedelta

import ibis

from mailaudit.logs.functions import Expression
from mailaudit.usage.entries import ID, LONGEST, SETTLED
from mailaudit.usage.lines import OUTSIDE, QUEUE_LINE, SIEVE

SIEVE_WAITS = timedelta(days=1)
"""So long what Sieve handed on may take to be delivered; later it counts as not delivered."""
REFUSED = timedelta(days=1)
"""What pickup has taken in and a milter does not let through comes again and again, by another identifier."""


def done(messages: Expression, marks: Expression) -> Expression:
    """Return messages with `done`: whether nothing more will be said of them.

    A host of which the batch has no line is left alone: a log may come late, and its last messages go on in
    another one.
    """
    rows = messages.left_join(marks, "host").drop("host_right")
    refused = rows.local.notnull() & rows.queued.isnull()
    wait = ibis.cases(
        (rows.removed.notnull(), _interval(SETTLED)), (refused, _interval(REFUSED)), else_=_interval(LONGEST)
    )
    settled = rows["last"] + wait <= rows.mark
    return rows.mutate(done=settled.fill_null(False)).drop("mark")


def sieve_lines(lines: Expression, arrived: Expression, marks: Expression) -> Expression:
    """Return what Sieve handed on, with `mark`, the batch's end, and `now`: whether it was just delivered."""
    rows = lines.filter(lines.kind == SIEVE).mutate(to=lines.recipient.lower())
    rows = rows.cross_join(marks.aggregate(mark=marks.mark.max()))
    arrived = arrived.select("to", "message_id", there=ibis.literal(1)).distinct()
    rows = rows.left_join(arrived, ["to", "message_id"])
    now = rows.there.notnull() & rows.reached.isnull()
    return rows.mutate(now=now).select(*QUEUE_LINE, "mark", "now")


def waited_too_long(sieve: Expression) -> Expression:
    """Whether what Sieve handed on was never delivered."""
    return sieve.reached.isnull() & ~sieve.now & _is_over(sieve)


def kept_lines(lines: Expression, parts: Expression, messages: Expression, sieve: Expression) -> Expression:
    """Return the lines (the columns QUEUE_LINE) that the next batch needs."""
    going_on = messages.filter(~messages.done)
    single = going_on.filter(going_on.message == 0)
    of_parts = parts.semi_join(going_on, [*ID, "message"])
    waiting = sieve.filter(~_is_over(sieve).fill_null(False))
    waiting = waiting.mutate(reached=waiting.now.ifelse(OUTSIDE, waiting.reached))
    return ibis.union(
        lines.filter(lines.kind != SIEVE).semi_join(single, ID).select(*QUEUE_LINE),
        of_parts.select(*QUEUE_LINE),
        waiting.select(*QUEUE_LINE),
    )


def _is_over(sieve: Expression) -> Expression:
    return sieve.time + _interval(SIEVE_WAITS) <= sieve.mark


def _interval(length: timedelta) -> Expression:
    return ibis.interval(seconds=int(length.total_seconds()))
