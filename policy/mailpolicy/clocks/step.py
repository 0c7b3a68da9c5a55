# SPDX-License-Identifier: GPL-3.0-or-later
"""What a clock says of a mailbox: one step, with its article, its dates and its reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailpolicy.directory import Mailbox
from mailpolicy.ledger import Violation


class StepKind(StrEnum):
    """What is to be done with a mailbox, the gravest first."""

    RECLAIM = "reclaim"  # taken back or deleted: the last step
    LOCK = "lock"  # closed to its user; mail still arrives
    ESCALATE = "escalate"  # the head of its agency is told
    REMIND = "remind"  # its user is told of a duty that he has not met
    WARN = "warn"  # its user is told that a lock is near
    WAIT = "wait"  # already locked, and stays so for now
    REVIEW = "review"  # people decide
    UNPROVEN = "unproven"  # due by its dates, but the logs do not prove it: left alone


class Origin(StrEnum):
    """What a term is counted from."""

    LAST_USE = "last use"
    CREATION = "creation"
    EXCUSE = "end of excuse"
    CONFIRMATION = "confirmation"
    OPENING = "opening"  # after a lock, or restored from its archive
    LOGS = "beginning of the logs"
    LEAVING = "leaving"
    PASSWORD = "change of password"  # noqa: S105 - a word, no password
    VIOLATION = "violation"
    NEW_HEAD = "change of head"
    REVOCATION = "revocation"
    PERIOD = "beginning of the period"


class Audience(StrEnum):
    """Who is to be told of a step."""

    OWNER = "owner"  # the mailbox itself
    UNIT = "unit"  # the unit or agency it belongs to; of a unit's mailbox, those who manage it
    HEAD = "head"  # the head of its unit or agency


@dataclass(frozen=True, slots=True)
class Activity:
    """The last use of a mailbox by its owner: the day, and in a few words how it is known.

    `open_session` says that some session, begun then or before, has no end in the logs: it may last still, as
    that of a phone which keeps its connection for months.
    """

    day: date
    evidence: str
    open_session: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step for one mailbox, with all that a notice of it must say.

    `since` is the day its term counts from and `origin` what happened then; both are None if that is not
    known. `lock_on` and `reclaim_on` are the first days on which that may be done, None where it is behind or
    never comes. `locked_on` is the day the mailbox was locked, None while it is open. `answer_by` is the last
    day on which its agency's confirmation counts, `unlock_from` the first on which a request to open it is
    dealt with. `next_kind` and `next_on` are what comes next by itself, None where people decide.
    `violations` are those that a reminder is about. `reason` and `next` are for people, in English.
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
    stage: str = ""
    next_kind: StepKind | None = None
    next_on: date | None = None
    locked_on: date | None = None
    answer_by: date | None = None
    unlock_from: date | None = None
    tell: tuple[Audience, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def key(self) -> str:
        """What names this step once and for ever: `mailbox|duty|kind|since|stage`; the last two may be empty.

        A plan of another day holds the same step under the same key. `stage` tells apart what is done several
        times in one term: the days ahead of a warning, the number of a reminder.
        """
        since = self.since.isoformat() if self.since else ""
        return "|".join((self.mailbox.address, self.code, self.kind, since, self.stage))
