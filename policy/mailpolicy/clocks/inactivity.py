# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes nobody uses: who is warned, locked or reclaimed, and who is left alone for want of proof."""

from datetime import date, timedelta
from typing import cast

from mailpolicy.clocks.case import Case
from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.clocks.terms import Due
from mailpolicy.clocks.wording import next_of, reason_of
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import Duty

WARNING = timedelta(days=14)  # ahead of the lock


def inactivity(
    mailbox: Mailbox, activity: Activity | None, coverage: Coverage | None, duty: Duty, today: date
) -> Step | None:
    """Judge one mailbox on one day; None where nothing is due and nothing near.

    Nobody is locked or reclaimed unless the logs cover the whole idle time. Units' mailboxes, and all
    mailboxes under a text without terms, are for people to review. Lists are not judged.
    """
    if mailbox.kind is Kind.LIST:
        return None
    case = Case.of(mailbox, activity, coverage, cast(Inactivity, duty.parameters), today)
    kind = _kind(case)
    if kind is None:
        return None
    idle = case.idle if kind is StepKind.UNPROVEN else case.proven or case.idle
    ahead = None if kind is StepKind.REVIEW else case.due
    return Step(
        mailbox=mailbox,
        kind=kind,
        code=duty.code,
        article=duty.article,
        since=idle.since if idle else None,
        origin=idle.origin if idle else None,
        lock_on=ahead.lock_on if ahead and case.locked_on is None else None,
        reclaim_on=ahead.reclaim_on if ahead else None,
        activity=activity,
        reason=reason_of(case, kind),
        next=next_of(case, kind),
    )


def _kind(case: Case) -> StepKind | None:
    """The step that is both due by the dates known and proven by the logs; where people decide, a review."""
    if case.claim is None:
        return StepKind.UNPROVEN
    claimed = _stage(case, case.claim, case.today)
    proven = None if case.logs_are_old or case.due is None else _stage(case, case.due, case.judged_on)
    if claimed is StepKind.WAIT:
        return claimed
    if claimed in (StepKind.LOCK, StepKind.RECLAIM) and proven in (None, StepKind.WAIT):
        return StepKind.UNPROVEN
    return _for_people(proven) if _people_decide(case) else proven


def _stage(case: Case, due: Due, day: date) -> StepKind | None:
    """How far the mailbox is on a day, by these dates alone."""
    notified = case.locked_on is not None or not case.terms.reclaim_after_working_days
    if notified and due.reclaim_on and due.reclaim_on <= day:
        return StepKind.RECLAIM
    if case.locked_on:
        return StepKind.WAIT
    if due.lock_on <= day:
        return StepKind.LOCK
    return StepKind.WARN if due.lock_on - WARNING <= day else None


def _people_decide(case: Case) -> bool:
    """Delegates open a unit's mailbox without a login of its own; and no text says that its mail may go.

    Where the text sets no term, people decide about every mailbox.
    """
    return case.mailbox.kind in (Kind.UNIT, Kind.AGENCY) or case.terms.lock_after_months is None


def _for_people(stage: StepKind | None) -> StepKind | None:
    return StepKind.REVIEW if stage in (StepKind.LOCK, StepKind.RECLAIM) else None
