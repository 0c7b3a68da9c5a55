# SPDX-License-Identifier: GPL-3.0-or-later
"""Violations: what broke a duty, whose mailbox answers for it, where that stands; and their encoding."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from mailpolicy.officetime import office_day


class Outcome(StrEnum):
    """What became of the message; further ones are the gate's actions."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not-delivered"
    DELETED = "deleted"  # its owner deleted it


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of one duty by one mailbox. `time` is aware; `article` is the regulation's.

    `what` says it in words, `target` is the address that mail went to, if that matters. `outcome` is an
    Outcome, the gate's action, or `observe`. One that is not `certain` is a sign that people should look at.
    `seen_in` is `log`, `gate` or `log and gate`. Evidence is the line at `position` of `file`, and the
    message's identifiers. `messages` are those with this outcome.
    """

    code: str
    article: str
    mailbox: str
    time: datetime
    what: str
    outcome: str
    seen_in: str
    file: str
    position: int
    target: str = ""
    messages: int = 1
    certain: bool = True
    queue_id: str = ""
    message_id: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one: a mailbox's forward to an address on a day of the office, or else a message."""
        day = office_day(self.time).isoformat()
        if self.target:
            return (self.code, self.mailbox, self.target, day)
        return (
            self.code,
            self.mailbox,
            self.queue_id,
            self.message_id or f"{self.file}:{self.position}",
            day,
        )

    def merged(self, other: "Violation") -> "Violation":
        """Return both as one: what was delivered and is certain counts more, then what was seen first."""
        first, second = sorted((self, other), key=_weight)
        if first.seen_in != second.seen_in:
            return replace(first, messages=max(first.messages, second.messages), seen_in="log and gate")
        more = second.messages if second.outcome == first.outcome else 0
        return replace(first, messages=first.messages + more)


def encode(violation: Violation) -> str:
    """Return a violation as one line of ASCII JSON."""
    return json.dumps(asdict(violation) | {"time": violation.time.isoformat()})


def decode(line: str) -> Violation:
    """Read such a line. Raises ValueError if it is none."""
    try:
        values = json.loads(line)
        return Violation(**values | {"time": datetime.fromisoformat(values["time"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"no violation: {line[:80]}") from error


def _weight(one: Violation) -> tuple[bool, bool, datetime, str, int]:
    return (one.outcome != Outcome.DELIVERED, not one.certain, one.time, one.file, one.position)
