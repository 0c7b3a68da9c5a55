# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords: the first one, which is to be changed at the first login, and those that grew too old."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from mailpolicy.clocks.life import SHARED, Life
from mailpolicy.clocks.record import Event
from mailpolicy.clocks.reminder import reminder_due
from mailpolicy.clocks.standing import Lock
from mailpolicy.clocks.step import Audience, Origin, Step, StepKind
from mailpolicy.clocks.terms import DAY, Idle, after_months
from mailpolicy.directory import Kind
from mailpolicy.parameters import PasswordAge
from mailpolicy.regulation import Duty

GRACE = timedelta(days=7)  # between the reminder and the lock: time to read the one before the other
CODE = "password-age"


def password_age(life: Life, duty: Duty) -> Step | None:
    """Judge a mailbox by its password. What the directory does not tell of a password proves nothing.

    Only a first password that the directory calls so leads to a lock, and only after a reminder. One that
    merely dates from the day the mailbox was created may have been changed on that day: people look.
    """
    terms = cast(PasswordAge, duty.parameters)
    if life.mailbox.kind is Kind.LIST:
        return None
    if lock := life.standing.lock:
        return _locked(life, duty, terms, lock) if lock.code == CODE else None
    if terms.change_first and life.mailbox.password_is_first:
        return _first(life, duty, terms)
    return _old(life, duty, terms) or (_dated_first(life, duty) if terms.change_first else None)


def unlock_from(lock: Lock, terms: PasswordAge) -> date | None:
    """Return the first day on which a request to open such a lock is dealt with; None: on any."""
    return lock.day + timedelta(days=terms.unlock_after_days) if terms.unlock_after_days else None


def _locked(life: Life, duty: Duty, terms: PasswordAge, lock: Lock) -> Step:
    opens = unlock_from(lock, terms)
    asked = f"a request to open it is dealt with from {opens} on" if opens else "it is opened on request"
    return replace(
        life.draft(duty, StepKind.WAIT, lock.day, None),
        unlock_from=opens,
        reason=f"locked since {lock.day}, as its first password was not changed",
        next=asked,
    )


def _first(life: Life, duty: Duty, terms: PasswordAge) -> Step | None:
    """The first password of a mailbox that was used with it: a reminder, and then what the text says."""
    start = _start(life)
    if life.activity is None or start is None or life.activity.day < start.since:
        return None
    reminded = life.standing.every(Event.REMINDED, CODE, start.since)
    lock_on = (reminded[0].day if reminded else life.today) + GRACE
    reason = f"used on {life.activity.day} with its first password"
    if terms.lock_if_not_changed and reminded and lock_on <= life.today:
        lock = Lock(life.today, CODE, life.today)
        return replace(
            life.draft(duty, StepKind.LOCK, start.since, start.origin),
            lock_on=lock_on,
            unlock_from=unlock_from(lock, terms),
            reason=f"{reason}, reminded on {reminded[0].day}",
            next="it stays locked until its unit asks for it",
            tell=(Audience.OWNER, Audience.UNIT),
        )
    locks = terms.lock_if_not_changed
    step = _remind(life, duty, start, reason)
    if step is None or (locks and reminded):
        return None
    return replace(
        step,
        lock_on=lock_on if locks else None,
        next=f"lock on {lock_on} unless it is changed" if locks else step.next,
        next_kind=StepKind.LOCK if locks else None,
        next_on=lock_on if locks else None,
    )


def _start(life: Life) -> Idle | None:
    """Since when the first password is in use: from the creation, or from the last opening after a lock."""
    known = [
        Idle(day, origin)
        for day, origin in (
            (life.mailbox.created, Origin.CREATION),
            (life.mailbox.password_changed, Origin.PASSWORD),
            (life.standing.opened_on, Origin.OPENING),
        )
        if day
    ]
    return max(known, key=lambda one: one.since, default=None)


def _old(life: Life, duty: Duty, terms: PasswordAge) -> Step | None:
    """A password older than the text allows."""
    shared = life.mailbox.kind in SHARED and terms.shared_max_age_months
    months = shared or terms.max_age_months
    changed = life.mailbox.password_changed
    if not months or changed is None or life.today < after_months(changed, months):
        return None
    full_on = after_months(changed, months) - DAY
    reason = f"password changed on {changed}; {months} months were full on {full_on}"
    return _remind(life, duty, Idle(changed, Origin.PASSWORD), reason)


def _remind(life: Life, duty: Duty, start: Idle, reason: str) -> Step | None:
    number = reminder_due(life, CODE, start.since)
    if number is None:
        return None
    return replace(
        life.draft(duty, StepKind.REMIND, start.since, start.origin),
        stage=str(number),
        reason=reason,
        next="its user changes the password",
        tell=(Audience.OWNER,),
    )


def _dated_first(life: Life, duty: Duty) -> Step | None:
    """A password as old as its mailbox, which is in use: perhaps the first, if the directory does not say."""
    box, used = life.mailbox, life.activity
    created, changed = box.created, box.password_changed
    if box.password_is_first is not None or created is None or changed is None or used is None:
        return None
    if changed > created or used.day < created:
        return None
    return replace(
        life.draft(duty, StepKind.REVIEW, created, Origin.CREATION),
        reason=f"in use, but its password is of {changed}, as the mailbox: perhaps the first",
        next="its unit asks whether it was changed",
        tell=(Audience.UNIT,),
    )
