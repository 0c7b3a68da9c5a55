# SPDX-License-Identifier: GPL-3.0-or-later
"""One mailbox before the inactivity clock: its dates, and what the logs prove of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.life import Life
from mailpolicy.clocks.standing import IDLE, Lock
from mailpolicy.clocks.terms import DAY, Due, Idle, due, idle_by_dates, idle_by_logs
from mailpolicy.parameters import Inactivity

# Older logs say nothing about today. A sweep by night has yesterday's, one on a Monday perhaps Friday's.
OLDEST_LOGS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a mailbox on the day it is judged.

    `idle` and `claim` go by the dates known, `proven` and `due` by what the logs prove of them; None where
    there is nothing to go by. `judged_on` is today, or the day after the logs end if that is earlier: a
    term that was not yet full when the logs end is not proven full. `lock` is one for lying idle.
    """

    life: Life
    terms: Inactivity
    lock: Lock | None
    idle: Idle | None
    claim: Due | None
    proven: Idle | None
    due: Due | None
    judged_on: date

    @classmethod
    def of(cls, life: Life, terms: Inactivity) -> "Case":
        """Work out all dates of one mailbox."""
        lock = life.standing.lock if terms.lock_after_months else None
        lock = lock if lock and lock.code == IDLE else None
        today, coverage = life.today, life.coverage
        idle = idle_by_dates(life, terms)
        proven = idle_by_logs(idle, coverage) if idle and coverage else None
        claim = due(idle, lock, terms, today) if idle else None
        return cls(
            life,
            terms,
            lock,
            idle,
            claim,
            proven,
            claim if proven is idle else due(proven, lock, terms, today) if proven else None,
            min(today, coverage.last + DAY) if coverage else today,
        )

    @property
    def coverage(self) -> Coverage | None:
        """The days that logs speak for."""
        return self.life.coverage

    @property
    def locked_on(self) -> date | None:
        """The day the mailbox was locked for lying idle, None while it is open."""
        return self.lock.day if self.lock else None

    @property
    def logs_are_old(self) -> bool:
        """Whether the logs end too early to say anything about today."""
        return self.coverage is None or self.coverage.last < self.life.today - OLDEST_LOGS

    @property
    def in_session(self) -> bool:
        """Whether the session that began with the last use may last still: then it is no time of idleness."""
        return self.life.activity is not None and self.life.activity.open_session
