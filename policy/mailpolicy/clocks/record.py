# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done with a mailbox, and what was said about it: the entries of its life's record."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Event(StrEnum):
    """What an entry records."""

    # done by a sweep
    WARNED = "warned"  # of a lock that is near
    LOCKED = "locked"
    NOTIFIED = "notified"  # its agency was told of the lock, where that was later than the lock
    RECLAIMED = "reclaimed"  # archived, verified and removed
    REMINDED = "reminded"  # of a password to change, or after a violation
    ESCALATED = "escalated"  # the head of its agency was told
    # done or said by people
    UNLOCKED = "unlocked"
    RESTORED = "restored"  # brought back from its archive
    CONFIRMED = "confirmed"  # its agency says that it is still needed: opens what lay idle
    EXCUSED = "excused"  # an absence with its reason, until a day
    REVOKED = "revoked"  # locked at once, in an emergency
    SERIOUS = "serious"  # its violations were judged to be serious


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a mailbox; entries are never changed, only added to.

    `time` is aware, `day` its day in the office's own time. `code` is the duty that it rests on,
    `article` the article, both "" for what no duty asked for. `by` is who did or said it: the
    operator's login or "sweep". `reason` is for people. `until` is the last day of an excuse,
    `warned_of` that of the lock which a warning names, both None for anything else. `archive` is the
    folder of a reclaimed mailbox's mail, or "". `key` is that of the step which was carried out
    (`Step.key`), "" for what people did or said.
    """

    mailbox: str
    event: Event
    time: datetime
    day: date
    code: str = ""
    article: str = ""
    by: str = ""
    reason: str = ""
    until: date | None = None
    warned_of: date | None = None
    archive: str = ""
    key: str = ""
