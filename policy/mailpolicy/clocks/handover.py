# SPDX-License-Identifier: GPL-3.0-or-later
"""A unit's mailbox when its head changes: its password is changed, and its contents are handed over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from mailpolicy.clocks.life import SHARED, Life
from mailpolicy.clocks.reminder import reminder_due
from mailpolicy.clocks.step import Audience, Origin, Step, StepKind
from mailpolicy.parameters import Handover
from mailpolicy.regulation import Duty

LISTED_FOR = timedelta(days=30)


def handover(life: Life, duty: Duty) -> Step | None:
    """Judge a unit's mailbox by the day its head took over, which the directory gives (`Unit.head_since`)."""
    since = life.unit.head_since if life.unit else None
    if life.mailbox.kind not in SHARED or since is None or since > life.today:
        return None
    changed = life.mailbox.password_changed
    if changed and changed >= since:
        return None
    reason = f"its unit has a new head since {since}, and its password is of {changed or 'a day not known'}"
    if not cast(Handover, duty.parameters).change_password or changed is None:
        return _listed(life, duty, since, reason)
    number = reminder_due(life, duty.code, since)
    if number is None:
        return None
    return replace(
        life.draft(duty, StepKind.REMIND, since, Origin.NEW_HEAD),
        stage=str(number),
        reason=reason,
        next="the new head changes the password",
        tell=(Audience.OWNER, Audience.HEAD),
    )


def _listed(life: Life, duty: Duty, since: date, reason: str) -> Step | None:
    """For people, for a while: nothing would show that it was done."""
    if life.today > since + LISTED_FOR:
        return None
    return replace(
        life.draft(duty, StepKind.REVIEW, since, Origin.NEW_HEAD),
        reason=reason,
        next="address, password and contents are handed over",
        tell=(Audience.UNIT,),
    )
