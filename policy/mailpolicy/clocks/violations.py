# SPDX-License-Identifier: GPL-3.0-or-later
"""Violations: reminders, then the head of the agency, then what people decide; each after a new violation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from mailpolicy.clocks.life import Life
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Audience, Origin, Step, StepKind
from mailpolicy.ledger import Outcome, Violation
from mailpolicy.officetime import office_day
from mailpolicy.parameters import Violations
from mailpolicy.regulation import Duty

CODE = "violations"
RECENT = timedelta(days=30)  # a reminder comes soon or not at all; so nobody is reminded of years ago

WENT_OUT = frozenset({Outcome.DELIVERED, "observe", "accept", "annotate"})


def violations(life: Life, duty: Duty) -> Step | None:
    """Judge a mailbox by the ledger. Signs, and what the gate stopped, lead to nothing here.

    A rung of the ladder is climbed only for a violation on a later day than the last rung. After a lock and
    an opening the ladder begins anew. What is serious, people say (Event.SERIOUS).
    """
    terms = cast(Violations, duty.parameters)
    if lock := life.standing.lock:
        if lock.code != CODE:
            return None
        held = life.draft(duty, StepKind.WAIT, lock.day, None)
        return replace(held, reason=f"suspended since {lock.day}", next="people decide when it is opened")
    if not life.violations and not life.standing.entries:
        return None
    ladder, begun_on = _ladder(life)
    serious = [entry for entry in ladder if entry.event is Event.SERIOUS]
    if serious and terms.suspend_if_serious:
        return _suspend(life, duty, serious[0])
    after = max(begun_on, *(entry.day for entry in ladder), life.today - RECENT)
    new = sorted(
        (one for one in life.violations if _counts(one) and after < office_day(one.time) <= life.today),
        key=lambda one: one.time,
    )
    return _rung(life, duty, terms.reminders, ladder, new) if new else None


def _counts(violation: Violation) -> bool:
    """Whether it was certain, and done: of what the gate stopped, its refusal told the sender."""
    return violation.certain and violation.outcome in WENT_OUT


def _ladder(life: Life) -> tuple[list[Entry], date]:
    """This duty's entries since the mailbox was last opened after a lock of this duty, and that day."""
    ladder: list[Entry] = []
    begun_on, locked = date.min, False
    for entry in life.standing.entries:
        if locked and entry.event is Event.UNLOCKED:
            ladder, begun_on, locked = [], entry.day, False
        elif entry.code == CODE or entry.event is Event.SERIOUS:
            ladder.append(entry)
            locked = locked or entry.event is Event.LOCKED
    return ladder, begun_on


def _rung(
    life: Life, duty: Duty, reminders: int | None, ladder: Sequence[Entry], new: Sequence[Violation]
) -> Step:
    """What follows a new violation: a reminder, the head, and in the end people's judgement."""
    sent = sum(entry.event is Event.REMINDED for entry in ladder)
    escalated = any(entry.event is Event.ESCALATED for entry in ladder)
    what = f"{_count(new)}, the last on {office_day(new[-1].time)}: {new[-1].what}"
    since = office_day(new[0].time)
    if reminders and sent < reminders:
        after = "another reminder" if sent + 1 < reminders else "the head of its agency is told"
        step = replace(
            life.draft(duty, StepKind.REMIND, since, Origin.VIOLATION),
            stage=str(sent + 1),
            reason=f"{what}; reminder {sent + 1} of {reminders}",
            next=f"{after} after a further violation",
            tell=(Audience.OWNER,),
        )
    elif reminders and not escalated:
        step = replace(
            life.draft(duty, StepKind.ESCALATE, since, Origin.VIOLATION),
            reason=f"{what}; after {sent} reminders",
            next="its head deals with it",
            tell=(Audience.HEAD,),
        )
    else:
        step = replace(
            life.draft(duty, StepKind.REVIEW, office_day(new[-1].time), Origin.VIOLATION),
            reason=f"{what}; the head of its agency was told" if escalated else what,
            next="people decide",
            tell=(Audience.UNIT,),
        )
    return replace(step, violations=tuple(new))


def _suspend(life: Life, duty: Duty, serious: Entry) -> Step:
    said = [entry for entry in life.standing.entries if entry.event is Event.SERIOUS]
    why = f": {serious.reason}" if serious.reason else ""
    return replace(
        life.draft(duty, StepKind.LOCK, serious.day, Origin.VIOLATION),
        stage=str(said.index(serious) + 1),
        lock_on=serious.day,
        reason=f"judged serious by {serious.by or 'people'} on {serious.day}{why}",
        next="people decide when it is opened",
        tell=(Audience.OWNER, Audience.UNIT, Audience.HEAD),
    )


def _count(new: Sequence[Violation]) -> str:
    return "1 violation" if len(new) == 1 else f"{len(new)} violations"
