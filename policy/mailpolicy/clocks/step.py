# SPDX-License-Identifier: GPL-3.0-or-later
"""What a clock says of a mailbox: one step, with its article, its dates and its reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailpolicy.directory import Mailbox


class StepKind(StrEnum):
    """What is to be done with a mailbox."""

    RECLAIM = "reclaim"  # taken back or deleted: the last step
    LOCK = "lock"  # closed to its user; mail still arrives
    WARN = "warn"  # its owner is told that a lock is near
    WAIT = "wait"  # already locked, and stays so for now
    REVIEW = "review"  # people decide
    UNPROVEN = "unproven"  # due by its dates, but the logs do not prove it: left alone


class Origin(StrEnum):
    """What an idle time is counted from."""

    LAST_USE = "last use"
    CREATION = "creation"
    EXCUSE = "end of excuse"
    CONFIRMATION = "confirmation"
    LOGS = "beginning of the logs"


@dataclass(frozen=True, slots=True)
class Activity:
    """The last use of a mailbox by its owner: the day, and in a few words how it is known."""

    day: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step for one mailbox.

    `since` is the day the idle time counts from and `origin` what happened then; both are None if that is not
    known. `lock_on` and `reclaim_on` are the first days on which that may be done, None where it is behind or
    never comes. `reason` and `next` are for people: why this step, and what comes after it and when.
    """

    mailbox: Mailbox
    kind: StepKind
    code: str
    article: str
    since: date | None
    origin: Origin | None
    lock_on: date | None
    reclaim_on: date | None
    activity: Activity | None
    reason: str
    next: str
