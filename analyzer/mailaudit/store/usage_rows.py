# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored of messages. Times are microseconds since the epoch; days and hours are the office's."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple


class UsageDay(NamedTuple):
    """What a mailbox sent and received on a day. `recipients` are those that its messages reached."""

    day: str
    mailbox: str
    sent: int
    sent_bytes: int
    recipients: int
    received: int
    received_bytes: int


class UsageDomain(NamedTuple):
    """How much of a mailbox's mail on a day went to a domain other than its own, and came from there."""

    day: str
    mailbox: str
    domain: str
    recipients: int
    received: int


class UsageHour(NamedTuple):
    """What all mailboxes of a domain did in an hour of a day; those named without one have the domain ""."""

    day: str
    hour: int
    domain: str
    logins: int
    sent: int
    sent_bytes: int
    recipients: int
    received: int
    received_bytes: int


class Forward(NamedTuple):
    """Mail of a mailbox that went on by itself to an address of another domain, on a day, and its first line.

    `how` is a mailaudit.violations.how.How; `delivered` is 0 where nothing shows that it was.
    """

    day: str
    mailbox: str
    target: str
    how: str
    delivered: int
    messages: int
    time: int
    source_id: int
    position: int
    queue_id: str
    message_id: str | None


class OpenLine(NamedTuple):
    """A line about a message of which more may be said: the columns mailaudit.usage.lines.QUEUE_LINE."""

    host: str
    queue_id: str
    time: int
    source: int
    position: int
    kind: str
    user: str | None
    address: str | None
    sender: str | None
    size: int | None
    recipient: str | None
    orig_recipient: str | None
    message_id: str | None
    reached: str | None


class CoverageHour(NamedTuple):
    """How many lines a host ("" if none is named) wrote in an hour (as in 2026-11-21T23, UTC), in one log."""

    source_id: int
    host: str
    hour: str
    lines: int
    logins_seen: int


class GateFinding(NamedTuple):
    """What the gate found in a message, and where that stands: the `number`th finding of that line.

    `mailbox` is "" where a stranger is to blame; `target` are the message's recipients; `certainty` is a
    mailpolicy.verdict.Certainty.
    """

    source_id: int
    position: int
    number: int
    time: int
    code: str
    article: str
    mode: str
    action: str
    mailbox: str
    detail: str
    target: str
    direction: str
    queue_id: str
    message_id: str
    certainty: str


class OpenKey(NamedTuple):
    """What tells an open line from every other: where it stands, of which kind it is, and what it reached."""

    host: str
    source: int
    position: int
    kind: str
    reached: str | None


class Given(NamedTuple):
    """What messages were folded with: the hosts that a batch has lines of, and the lines open before it."""

    hosts: Collection[str] = ()
    open_lines: Collection[OpenKey] = ()


@dataclass(slots=True)
class Folded:
    """What messages that are done with add; open lines that come, and the keys of those that go."""

    days: list[UsageDay] = field(default_factory=list)
    domains: list[UsageDomain] = field(default_factory=list)
    hours: list[UsageHour] = field(default_factory=list)
    forwards: list[Forward] = field(default_factory=list)
    opened: list[OpenLine] = field(default_factory=list)
    closed: list[tuple[int, int, str]] = field(default_factory=list)
    given: Given = field(default_factory=Given)
