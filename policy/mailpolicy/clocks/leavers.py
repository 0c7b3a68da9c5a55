# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes of people who left: reclaimed by the end of the text's period, else for the unit to cancel."""

from dataclasses import replace
from datetime import date
from typing import cast

from dateutil.relativedelta import relativedelta

from mailpolicy.clocks.life import Life
from mailpolicy.clocks.standing import IDLE, Lock
from mailpolicy.clocks.step import Audience, Origin, Step, StepKind
from mailpolicy.clocks.terms import Idle
from mailpolicy.clocks.warning import warning_due
from mailpolicy.directory import Kind
from mailpolicy.parameters import Inactivity, Leavers
from mailpolicy.regulation import Duty

LOCKED_FOR = relativedelta(months=1)  # before it is reclaimed: nobody loses his mail to a slip of the pen
WARN_DAYS_AHEAD = Inactivity().warn_days_ahead
CODE = "leavers"


def leavers(life: Life, duty: Duty) -> Step | None:
    """Judge the mailbox of somebody who has left.

    Its period begins with the leaving, and is another one where the unit gave no notice of it
    (`Mailbox.leave_noticed`). It is locked a month before the end. That it is still used changes nothing, but
    is said.
    """
    lock = life.standing.lock
    if life.mailbox.kind is not Kind.PERSON or (lock and lock.code not in (IDLE, CODE)):
        return None
    left = _left(life)
    if left is None:
        return None
    terms = cast(Leavers, duty.parameters)
    noticed = life.mailbox.leave_noticed
    months = terms.reclaim_within_months if noticed else terms.reclaim_without_notice_months
    if months:
        return _period(life, duty, left, months)
    step = life.draft(duty, StepKind.REVIEW, left.since, left.origin)
    return replace(step, reason=_why(life, left), next="its unit has it cancelled", tell=(Audience.UNIT,))


def _left(life: Life) -> Idle | None:
    """Since when its period runs: from the leaving, or from what its unit said of it later.

    A mailbox created after that day is somebody else's.
    """
    left_on, created = life.mailbox.left_on, life.mailbox.created
    if left_on is None or left_on > life.today or (created and created > left_on):
        return None
    later = [
        Idle(day, origin)
        for day, origin in (
            (life.standing.confirmed_on, Origin.CONFIRMATION),
            (life.standing.opened_on, Origin.OPENING),
        )
        if day and day > left_on
    ]
    return max(later, key=lambda one: one.since, default=Idle(left_on, Origin.LEAVING))


def _period(life: Life, duty: Duty, left: Idle, months: int) -> Step | None:
    """The step that is due in the period, which ends on the day its months are full."""
    full_on = left.since + relativedelta(months=months)
    lock_on = full_on - LOCKED_FOR
    if lock := life.standing.lock:
        return _locked(life, duty, left, lock, max(full_on, lock.day + LOCKED_FOR))
    reclaim_on = max(full_on, life.today + LOCKED_FOR)
    if lock_on <= life.today:
        step = life.draft(duty, StepKind.LOCK, left.since, left.origin)
        comes = (StepKind.RECLAIM, reclaim_on)
    elif ahead := warning_due(life, lock_on, WARN_DAYS_AHEAD):
        step = replace(life.draft(duty, StepKind.WARN, left.since, left.origin), stage=str(ahead))
        comes = (StepKind.LOCK, lock_on)
    else:
        return None
    return replace(
        step,
        lock_on=lock_on,
        reclaim_on=full_on if step.kind is StepKind.WARN else reclaim_on,
        reason=f"{_why(life, left)}; {months} months are full on {full_on}",
        next=f"{comes[0]} on {comes[1]} unless its unit says otherwise",
        next_kind=comes[0],
        next_on=comes[1],
        tell=(Audience.OWNER, Audience.UNIT),
    )


def _locked(life: Life, duty: Duty, left: Idle, lock: Lock, reclaim_on: date) -> Step | None:
    """Reclaimed when its time has come; while it waits, the clock that locked it says so."""
    reason = f"{_why(life, left)}; locked since {lock.day}"
    if reclaim_on <= life.today:
        step = life.draft(duty, StepKind.RECLAIM, left.since, left.origin)
        last = "nothing: this is the last step"
        return replace(step, reclaim_on=reclaim_on, reason=reason, next=last, tell=(Audience.UNIT,))
    if lock.code != CODE:
        return None
    return replace(
        life.draft(duty, StepKind.WAIT, left.since, left.origin),
        reclaim_on=reclaim_on,
        reason=reason,
        next=f"reclaim on {reclaim_on} unless it is opened again",
        next_kind=StepKind.RECLAIM,
        next_on=reclaim_on,
    )


def _why(life: Life, left: Idle) -> str:
    used, left_on = life.activity, life.mailbox.left_on
    after = f", last used on {used.day}" if used and left_on and used.day > left_on else ""
    asked = "" if left.origin is Origin.LEAVING else f", {left.origin} on {left.since}"
    return f"its person left on {left_on}{asked}{after}"
