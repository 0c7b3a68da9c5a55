# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes nobody uses: who is warned, locked or reclaimed, and who is left alone for want of proof."""

from datetime import date
from typing import cast

from mailpolicy.clocks.case import Case
from mailpolicy.clocks.life import SHARED, Life
from mailpolicy.clocks.standing import IDLE
from mailpolicy.clocks.step import Audience, Step, StepKind
from mailpolicy.clocks.terms import Due
from mailpolicy.clocks.warning import nearest, warning_due
from mailpolicy.clocks.wording import next_of, reason_of
from mailpolicy.directory import Kind
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import Duty

TELL = {
    StepKind.RECLAIM: (Audience.UNIT,),
    StepKind.LOCK: (Audience.OWNER, Audience.UNIT),
    StepKind.WARN: (Audience.OWNER, Audience.UNIT),
    StepKind.REVIEW: (Audience.UNIT,),
}


def inactivity(life: Life, duty: Duty) -> Step | None:
    """Judge one mailbox on one day; None where nothing is due and nothing near.

    Nobody is locked or reclaimed unless the logs cover the whole idle time, and nobody is reclaimed who was
    not locked before. Units' mailboxes, and all mailboxes under a text without terms, are for people to
    review. Lists, and mailboxes that another duty keeps locked, are not judged: nobody could use them.
    """
    lock = life.standing.lock
    if life.mailbox.kind is Kind.LIST or (lock and lock.code != IDLE):
        return None
    case = Case.of(life, cast(Inactivity, duty.parameters))
    kind = _kind(case)
    stage = ""
    if kind is StepKind.WARN and case.due:
        ahead = warning_due(life, case.due.lock_on, case.terms.warn_days_ahead)
        if ahead is None:
            return None
        stage = str(ahead)
    return _step(case, kind, stage, duty) if kind else None


def _step(case: Case, kind: StepKind, stage: str, duty: Duty) -> Step:
    idle = case.idle if kind is StepKind.UNPROVEN else case.proven or case.idle
    due = None if kind is StepKind.REVIEW else case.due
    next_kind, next_on = _comes(case, kind, due)
    return Step(
        mailbox=case.life.mailbox,
        kind=kind,
        code=duty.code,
        article=duty.article,
        since=idle.since if idle else None,
        origin=idle.origin if idle else None,
        lock_on=due.lock_on if due and case.lock is None else None,
        reclaim_on=due.reclaim_on if due else None,
        activity=case.life.activity,
        reason=reason_of(case, kind),
        next=next_of(case, kind),
        stage=stage,
        next_kind=next_kind,
        next_on=next_on,
        locked_on=case.locked_on,
        answer_by=due.answer_by if due and kind is not StepKind.WARN else None,
        tell=TELL.get(kind, ()),
    )


def _comes(case: Case, kind: StepKind, due: Due | None) -> tuple[StepKind | None, date | None]:
    """What comes next by itself, and when."""
    if due is None or kind is StepKind.RECLAIM:
        return None, None
    if kind is StepKind.WARN or (kind is StepKind.UNPROVEN and case.lock is None):
        return StepKind.LOCK, due.lock_on
    return (StepKind.RECLAIM, due.reclaim_on) if due.reclaim_on else (None, None)


def _kind(case: Case) -> StepKind | None:
    """The step that is both due by the dates known and proven by the logs; where people decide, a review."""
    if case.claim is None:
        return StepKind.UNPROVEN
    claimed = _stage(case, case.claim, case.life.today)
    proven = None if case.logs_are_old or case.due is None else _stage(case, case.due, case.judged_on)
    if claimed is StepKind.WAIT:
        return claimed
    if case.in_session:
        proven = None
    if claimed in (StepKind.LOCK, StepKind.RECLAIM) and proven in (None, StepKind.WAIT):
        return StepKind.UNPROVEN
    return _for_people(proven) if _people_decide(case) else proven


def _stage(case: Case, due: Due, day: date) -> StepKind | None:
    """How far the mailbox is on a day, by these dates alone."""
    if case.lock:
        return StepKind.RECLAIM if due.reclaim_on and due.reclaim_on <= day else StepKind.WAIT
    if due.lock_on <= day:
        return StepKind.LOCK
    return StepKind.WARN if nearest(due.lock_on, day, case.terms.warn_days_ahead) else None


def _people_decide(case: Case) -> bool:
    """Delegates open a unit's mailbox without a login of its own; and no text says that its mail may go.

    Where the text sets no term, people decide about every mailbox.
    """
    return case.life.mailbox.kind in SHARED or case.terms.lock_after_months is None


def _for_people(stage: StepKind | None) -> StepKind | None:
    return StepKind.REVIEW if stage in (StepKind.LOCK, StepKind.RECLAIM) else None
