# SPDX-License-Identifier: GPL-3.0-or-later
"""What letters a sweep's steps call for."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby

from mailaudit.notices.matter import Listed, Matter, Occasion, Role
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.directory import Kind, Mailbox

OCCASIONS: Mapping[StepKind, Occasion] = {
    StepKind.RECLAIM: Occasion.RECLAIMED,
    StepKind.LOCK: Occasion.LOCKED,
    StepKind.ESCALATE: Occasion.ESCALATED,
    StepKind.REMIND: Occasion.REMINDED,
    StepKind.WARN: Occasion.WARNED,
}
"""What is told of each kind of step. Of a review see `reviews`; of the others nobody is told."""


EVERYBODY = (StepKind.LOCK, StepKind.RECLAIM)
"""Steps that all who answer for a mailbox are told of: its owner can't read the letter any more."""


def matter_of(step: Step, day: date) -> Matter | None:
    """Return what letters about a step carried out on this day are about; None where nobody is told."""
    occasion = OCCASIONS.get(step.kind)
    if occasion is None:
        return None
    return Matter(
        key=step.key,
        occasion=occasion,
        mailbox=step.mailbox,
        day=day,
        code=step.code,
        article=step.article,
        last_used=step.activity.day if step.activity else None,
        since=step.since,
        lock_on=step.lock_on,
        reclaim_on=step.reclaim_on,
        answer_by=step.answer_by,
        unlock_from=step.unlock_from,
        locked_on=step.locked_on,
        count=int(step.stage) if step.kind is StepKind.REMIND and step.stage.isdecimal() else 0,
        first_password=step.code == "password-age" and bool(step.mailbox.password_is_first),
        tell=() if step.kind in EVERYBODY else tuple(Role(audience) for audience in step.tell),
        violations=step.violations,
    )


def reviews(steps: Iterable[Step], day: date) -> list[Matter]:
    """Return one letter's matter for each unit and duty with steps to review, once in a calendar month."""
    meant = [step for step in steps if step.kind is StepKind.REVIEW]
    by_unit = groupby(sorted(meant, key=_unit_and_duty), key=_unit_and_duty)
    return [_review(list(group), day) for _, group in by_unit]


def _unit_and_duty(step: Step) -> tuple[str, str]:
    return step.mailbox.unit, step.code


def _review(steps: list[Step], day: date) -> Matter:
    """Written to the unit as a whole: to its mailbox even if that is listed, and to who manages that."""
    first = steps[0]
    unit = first.mailbox.unit
    managers = dict.fromkeys(one for step in steps for one in step.mailbox.managers)
    return Matter(
        key=f"review|{unit}|{first.code}|{day:%Y-%m}",
        occasion=Occasion.REVIEW,
        mailbox=Mailbox("", Kind.UNIT, unit, managers=tuple(managers)),
        day=day,
        code=first.code,
        article=first.article,
        listed=tuple(
            Listed(step.mailbox, step.since, step.activity.day if step.activity else None) for step in steps
        ),
    )
