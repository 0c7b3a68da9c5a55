# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages in Postfix's queue: which lines of one queue identifier tell of the same message.

Short identifiers are used again (enable_long_queue_ids). Nearly every identifier has the lines of one
message, and is done with in one pass; those of the others are put in order and cut where a message begins.
"""

from datetime import timedelta

import ibis

from mailaudit.logs.functions import Expression
from mailaudit.usage.lines import BEGINS, RELAYED, SIEVE

ID = ("host", "queue_id")
SETTLED = timedelta(minutes=1)
"""After a message was removed from the queue its last lines come, out of order or from another program."""
LONGEST = timedelta(days=7)
"""Longer than that no message waits for its next line: maximal_queue_lifetime is 5 days."""


def by_id(lines: Expression) -> Expression:
    """Return what the lines of each identifier say together, and whether they are of `several` messages."""
    lines = lines.filter(lines.kind != SIEVE)
    found = lines.group_by(*ID).aggregate(
        begins=lines.kind.isin(BEGINS).sum(), ids=(lines.kind == "message-id").sum(), **_said(lines)
    )
    several = (
        (found.begins > 1)
        | (found.ids > 1)
        | (found["last"] - found["first"] > ibis.interval(seconds=int(LONGEST.total_seconds())))
        | (found["last"] - found.removed > _settled()).fill_null(False)
    )
    return found.mutate(several=several, message=ibis.literal(0, "int64")).drop("begins", "ids")


def parted(lines: Expression, found: Expression) -> Expression:
    """Return the lines of identifiers with several messages, with `message`, a number from 1 on."""
    lines = lines.filter(lines.kind != SIEVE).semi_join(found.filter(found.several), ID)
    order = [lines.time, lines.source, lines.position, lines.kind]
    before = ibis.window(group_by=ID, order_by=order)
    lines = lines.mutate(
        kind_before=lines.kind.lag().over(before),
        since=(lines.time - lines.time.lag().over(before)),
        begins=lines.kind.isin(BEGINS),
    )
    starts = (
        lines.kind_before.isnull()
        | lines.begins
        | ((lines.kind == "message-id") & ~lines.kind_before.isin((*BEGINS, "message-id")))
        | ((lines.kind_before == "removed") & (lines.since > _settled()))
        | (lines.since > ibis.interval(seconds=int(LONGEST.total_seconds())))
    )
    lines = lines.mutate(starts=starts.cast("int64"))
    so_far = ibis.cumulative_window(
        group_by=ID, order_by=[lines.time, lines.source, lines.position, lines.kind]
    )
    lines = lines.mutate(message=lines.starts.sum().over(so_far))
    return lines.drop("kind_before", "since", "begins", "starts")


def messages(found: Expression, parts: Expression) -> Expression:
    """Return a row for each message: what its lines say together (`_said`), by ID and `message`."""
    single = found.filter(~found.several).drop("several")
    return single.union(parts.group_by(*ID, "message").aggregate(**_said(parts)).select(single.columns))


def deliveries(lines: Expression, parts: Expression, kind: str = "delivery") -> Expression:
    """Return the lines of a kind, with the `message` they tell of."""
    lines = lines.filter(lines.kind == kind)
    parts = parts.filter(parts.kind == kind).select("source", "position", number="message")
    joined = lines.left_join(parts, ["source", "position"])
    return joined.mutate(message=joined.number.coalesce(0)).drop("number", "source_right", "position_right")


def _said(lines: Expression) -> dict[str, Expression]:
    kind = lines.kind
    return {
        "first": lines.time.min(),
        "last": lines.time.max(),
        "removed": lines.time.max(where=kind == "removed"),
        "queued": lines.time.min(where=kind == "queued"),
        "login": lines.user.max(where=kind.isin(("client-login", RELAYED))),
        "address": lines.address.max(where=kind == "client"),
        "local": lines.sender.max(where=kind == "pickup"),
        "sender": lines.sender.max(where=kind == "queued"),
        "size": lines.size.max(where=kind == "queued"),
        "message_id": lines.message_id.max(where=kind == "message-id"),
    }


def _settled() -> Expression:
    return ibis.interval(seconds=int(SETTLED.total_seconds()))
