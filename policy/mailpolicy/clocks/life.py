# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is known of one mailbox on the day it is judged: what every clock goes by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.standing import NO_RECORD, Standing
from mailpolicy.clocks.step import Activity, Origin, Step, StepKind
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.ledger import Violation
from mailpolicy.regulation import Duty

SHARED = (Kind.UNIT, Kind.AGENCY)
"""Kinds of mailboxes that several people open."""


@dataclass(frozen=True, slots=True)
class Life:
    """One mailbox with what logs, record, ledger and directory say of it.

    `violations` are those its user answers for, in any order. `unit` is the directory's, None where it lists
    none of that name.
    """

    mailbox: Mailbox
    today: date
    activity: Activity | None = None
    coverage: Coverage | None = None
    standing: Standing = NO_RECORD
    violations: Sequence[Violation] = ()
    unit: Unit | None = None

    def draft(self, duty: Duty, kind: StepKind, since: date | None, origin: Origin | None) -> Step:
        """Return a step for this mailbox that has its words and further dates still to come."""
        lock = self.standing.lock
        return Step(
            mailbox=self.mailbox,
            kind=kind,
            code=duty.code,
            article=duty.article,
            since=since,
            origin=origin,
            lock_on=None,
            reclaim_on=None,
            activity=self.activity,
            reason="",
            next="",
            locked_on=lock.day if lock else None,
        )


Clock = Callable[[Life, Duty], Step | None]
"""Judges a mailbox by a duty; None where nothing is due and nothing near."""
