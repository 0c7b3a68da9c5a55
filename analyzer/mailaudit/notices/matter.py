# SPDX-License-Identifier: GPL-3.0-or-later
"""What a letter is about: one thing that happens to one mailbox, or a unit's list of mailboxes to review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailpolicy.directory import Mailbox
from mailpolicy.ledger import Violation


class Occasion(StrEnum):
    """What happened, or is about to."""

    WARNED = "warned"  # a lock is near
    LOCKED = "locked"
    RECLAIMED = "reclaimed"  # archived and removed
    REMINDED = "reminded"  # of a password to change, or after a violation
    ESCALATED = "escalated"  # to the head of the agency, after the reminders
    REVIEW = "review"  # a unit's mailboxes that its people decide about
    REVOKED = "revoked"  # locked at once, in an emergency
    UNLOCKED = "unlocked"
    RESTORED = "restored"  # brought back from its archive
    PLAN = "plan"  # for the approver


class Role(StrEnum):
    """What somebody is to the mailbox that a letter is about."""

    OWNER = "owner"
    UNIT = "unit"
    HEAD = "head"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class Matter:
    """One occasion of one mailbox. `key` names it once for ever: nobody is written to twice about it.

    `code` and `article` are those of the duty that asks for it, both "" if none does. `day` is the office's
    day on which it happens. `last_used` is the last day of use, None if none is known; `since` the day that
    the duty's term counts from. `lock_on` and `reclaim_on` are the first days on which that is done,
    `answer_by` the last on which a confirmation counts, `unlock_from` the first on which a request to open
    the mailbox is dealt with, `locked_on` the day of its lock; None where there is none. `count` is how many
    reminders there were, this one included; with `first_password` the password handed out with the mailbox
    was never changed. `reason` is the operator's, in Vietnamese, or "". `tell` is who is written to; empty:
    the occasion's usual audience. `listed` are the mailboxes of a review; its `mailbox` has a unit only.
    """

    key: str
    occasion: Occasion
    mailbox: Mailbox
    day: date
    code: str = ""
    article: str = ""
    last_used: date | None = None
    since: date | None = None
    lock_on: date | None = None
    reclaim_on: date | None = None
    answer_by: date | None = None
    unlock_from: date | None = None
    locked_on: date | None = None
    count: int = 0
    first_password: bool = False
    reason: str = ""
    tell: Sequence[Role] = ()
    violations: Sequence[Violation] = ()
    listed: Sequence["Listed"] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A mailbox in a unit's list for review: since when it is idle, and the last day it was used, if ever."""

    mailbox: Mailbox
    since: date | None
    last_used: date | None
