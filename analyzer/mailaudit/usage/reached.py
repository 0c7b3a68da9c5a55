# SPDX-License-Identifier: GPL-3.0-or-later
"""What deliveries reached, by columns: the same as `mailaudit.usage.lines.of_messages` tells an engine."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mailaudit.logs.stamp import Flags, Numbers
from mailaudit.usage.columns import looked_up, picked, texts_of
from mailaudit.usage.lines import (
    FORWARDED,
    FORWARDED_AS,
    HOP,
    LOCAL_AGENTS,
    MAILBOX,
    OUTSIDE,
    QUEUED_AS,
)

REACHED = (MAILBOX, OUTSIDE, HOP, FORWARDED)
TO_MAILBOX, TO_OUTSIDE, TO_HOP, TO_FORWARD = range(len(REACHED))
"""The places of what a delivery reached in REACHED."""


def of_deliveries(events: pa.Table) -> Numbers:
    """Return what each event of a delivery that was sent reached, as its place in REACHED."""
    agents = looked_up(events["program"], _agent)
    reply = texts_of(events["reply"])
    local = agents == LOCAL_AGENTS.index("local")
    goes_to_forward = local & _true(pc.starts_with(reply, FORWARDED_AS)) if local.any() else local
    reached = np.where(agents < len(LOCAL_AGENTS), TO_MAILBOX, TO_OUTSIDE)
    reached[goes_to_forward] = TO_FORWARD
    reached[_goes_back(events, agents, reply)] = TO_HOP
    return reached


def of_open(lines: pa.Table) -> Numbers:
    """Return what each open line (QUEUE_LINE) of a delivery says that it reached."""
    return looked_up(lines["reached"], lambda name: REACHED.index(name) if name else -1)


def leading_on(events: pa.Table, reached: Numbers) -> Numbers:
    """Return which deliveries make something known of the message that goes on (`lines.after_hops`)."""
    first_for = np.asarray(events["orig_recipient"].is_valid())
    return np.flatnonzero((reached == TO_FORWARD) | ((reached == TO_HOP) & first_for))


def next_ids(events: pa.Table, reached: Numbers, rows: Numbers) -> Iterator[str]:
    """Yield the identifiers under which messages of these deliveries, forwards or hops, went on."""
    replies = picked(events.select(["reply"]), rows)["reply"].to_pylist()
    for reply, to in zip(replies, reached[rows].tolist(), strict=True):
        yield named_after(FORWARDED_AS if to == TO_FORWARD else QUEUED_AS, reply)


def named_after(words: str, reply: str) -> str:
    """Return the identifier that a reply names after these words."""
    return reply.split(words)[1].split(" ", maxsplit=1)[0]


def _agent(program: str | None) -> int:
    """The place of a program's agent among LOCAL_AGENTS, or their number for another one."""
    agent = str(program).rpartition("/")[2]
    return LOCAL_AGENTS.index(agent) if agent in LOCAL_AGENTS else len(LOCAL_AGENTS)


def _goes_back(events: pa.Table, agents: Numbers, reply: pa.StringArray) -> Flags:
    queued = _true(pc.match_substring(reply, QUEUED_AS))
    if not queued.any():
        return queued
    relay = texts_of(events["relay"])
    near = _true(pc.match_substring(relay, "[127.")) | _true(pc.match_substring(relay, "[::1]"))
    goes_back: Flags = queued & (near | (agents == LOCAL_AGENTS.index("lmtp")))
    return goes_back


def _true(flags: pa.BooleanArray) -> Flags:
    found: Flags = np.asarray(flags.fill_null(False))
    return found
