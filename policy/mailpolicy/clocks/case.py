# SPDX-License-Identifier: GPL-3.0-or-later
"""One mailbox before the inactivity clock: its dates, and what the logs prove of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import Activity
from mailpolicy.clocks.terms import DAY, Due, Idle, due, idle_by_dates, idle_by_logs, suspension
from mailpolicy.directory import Mailbox
from mailpolicy.parameters import Inactivity

# Older logs say nothing about today. A sweep by night has yesterday's, one on a Monday perhaps Friday's.
OLDEST_LOGS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a mailbox on the day it is judged.

    `idle` and `claim` go by the dates known, `proven` and `due` by what the logs prove of them; None where
    there is nothing to go by. `judged_on` is today, or the day after the logs end if that is earlier: a
    term that was not yet full when the logs end is not proven full.
    """

    mailbox: Mailbox
    activity: Activity | None
    coverage: Coverage | None
    terms: Inactivity
    today: date
    locked_on: date | None
    idle: Idle | None
    claim: Due | None
    proven: Idle | None
    due: Due | None
    judged_on: date

    @classmethod
    def of(
        cls,
        mailbox: Mailbox,
        activity: Activity | None,
        coverage: Coverage | None,
        terms: Inactivity,
        today: date,
    ) -> "Case":
        """Work out all dates of one mailbox."""
        locked_on = suspension(mailbox, activity, today) if terms.lock_after_months else None
        idle = idle_by_dates(mailbox, activity, terms)
        proven = idle_by_logs(idle, coverage) if idle and coverage else None
        return cls(
            mailbox,
            activity,
            coverage,
            terms,
            today,
            locked_on,
            idle,
            due(idle, locked_on, terms, today) if idle else None,
            proven,
            due(proven, locked_on, terms, today) if proven else None,
            min(today, coverage.last + DAY) if coverage else today,
        )

    @property
    def logs_are_old(self) -> bool:
        """Whether the logs end too early to say anything about today."""
        return self.coverage is None or self.coverage.last < self.today - OLDEST_LOGS
