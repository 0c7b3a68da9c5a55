# SPDX-License-Identifier: GPL-3.0-or-later
"""Old mail on the server: units' mailboxes that may hold some are listed at the beginning of each period."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from mailpolicy.clocks.life import SHARED, Life
from mailpolicy.clocks.step import Audience, Origin, Step, StepKind
from mailpolicy.clocks.terms import after_months
from mailpolicy.parameters import OldMailPurge
from mailpolicy.regulation import Duty

LISTED_FOR = timedelta(days=7)


def old_mail_purge(life: Life, duty: Duty) -> Step | None:
    """List a unit's mailbox older than the term in the first days of a period as long as the term.

    What a mailbox holds is not known here, and whose own it is clears it himself: nothing is ever removed by
    this clock. Periods are counted from January.
    """
    months = cast(OldMailPurge, duty.parameters).older_than_months
    begin = _period(life.today, months)
    created = life.mailbox.created
    if life.mailbox.kind not in SHARED or life.today >= begin + LISTED_FOR:
        return None
    if created is None or after_months(created, months) > life.today:
        return None
    return replace(
        life.draft(duty, StepKind.REVIEW, begin, Origin.PERIOD),
        reason=f"may hold mail older than {months} months",
        next="who manages it stores what matters and clears the rest",
        tell=(Audience.OWNER,),
    )


def _period(today: date, months: int) -> date:
    """The first day of the period that a day is in; of terms longer than a year, of the year."""
    length = min(months, 12)
    return date(today.year, (today.month - 1) // length * length + 1, 1)
