# SPDX-License-Identifier: GPL-3.0-or-later
"""The inactivity clock in words: why a step is due, and what comes after it."""

from mailpolicy.clocks.case import Case
from mailpolicy.clocks.step import Origin, StepKind
from mailpolicy.clocks.terms import DAY, Due, Idle
from mailpolicy.clocks.workingdays import add_working_days

_IDLE = {
    Origin.LAST_USE: "last used on {}",
    Origin.CREATION: "created on {}, not used since",
    Origin.EXCUSE: "absence excused until {}, not used since",
    Origin.CONFIRMATION: "confirmed on {}, not used since",
    Origin.LOGS: "not used since the logs begin on {}",
}


def reason_of(case: Case, kind: StepKind) -> str:
    """Say in one sentence why this step is due."""
    if case.idle is None or case.claim is None:
        return "never seen in the logs, and the directory gives no date of creation"
    if kind is StepKind.UNPROVEN:
        return _unproven(case, case.idle, case.claim)
    idle = _idle(case.proven or case.idle)
    if kind is StepKind.REVIEW:
        return f"{idle}; {_why_people(case)}"
    if kind is StepKind.WAIT:
        return f"locked since {case.locked_on}; {idle}"
    return f"{idle}; {_term(case, kind, case.due or case.claim)}{_excuse(case)}"


def next_of(case: Case, kind: StepKind) -> str:
    """Say what comes next, and when."""
    if case.idle is None:
        return "give its date of creation in the directory"
    if case.due is None or (kind is StepKind.UNPROVEN and _logs_end_too_early(case, case.due)):
        return "read the newer logs, and plan again"
    if kind is StepKind.UNPROVEN:
        return f"{_act(case)} on {_act_on(case, case.due)} unless it is used"
    words = {
        StepKind.REVIEW: "its unit decides",
        StepKind.WARN: f"lock on {case.due.lock_on} unless it is used",
        StepKind.RECLAIM: "nothing: this is the last step",
    }
    return words.get(kind) or _reclaim_ahead(case, case.due, kind)


def _idle(idle: Idle) -> str:
    return _IDLE[idle.origin].format(idle.since)


def _why_people(case: Case) -> str:
    if case.terms.lock_after_months is None:
        return "the article sets no term"
    return f"delegates may use it unseen, being the mailbox of {_whose(case)}"


def _whose(case: Case) -> str:
    return "an agency" if case.mailbox.kind == "agency" else "a unit"


def _term(case: Case, kind: StepKind, due: Due) -> str:
    """Which term is over, and when it was full; before a lock, when it will be."""
    months = case.terms.reclaim_after_months if kind is StepKind.RECLAIM else case.terms.lock_after_months
    days = case.terms.reclaim_after_working_days
    if kind is StepKind.RECLAIM and days and case.locked_on:
        until = add_working_days(case.locked_on, days)
        return (
            f"its agency was told on {case.locked_on} and did not confirm in {days} working days, by {until}"
        )
    first_day = due.reclaim_on if kind is StepKind.RECLAIM and due.reclaim_on else due.lock_on
    verb = "are" if kind is StepKind.WARN else "were"
    return f"{months} months {verb} full on {first_day - DAY}"


def _excuse(case: Case) -> str:
    until = case.mailbox.excused_until
    if until is None or until < case.today or case.terms.excused_by_reason:
        return ""
    return f"; the article knows no excuse (one is recorded until {until})"


def _unproven(case: Case, idle: Idle, claim: Due) -> str:
    due_on = f"{_idle(idle)}; {_act(case)} due on {_act_on(case, claim)}"
    if case.coverage is None or case.due is None:
        return f"{due_on}, but no logs cover that time"
    if _logs_end_too_early(case, case.due):
        return f"{due_on}, but the logs end on {case.coverage.last}"
    return f"{due_on}, but the logs are without a gap only from {case.coverage.first}"


def _act(case: Case) -> str:
    return "reclaim" if case.locked_on else "lock"


def _act_on(case: Case, due: Due) -> str:
    return str(due.reclaim_on if case.locked_on else due.lock_on)


def _logs_end_too_early(case: Case, due: Due) -> bool:
    day = due.reclaim_on if case.locked_on else due.lock_on
    return case.logs_are_old or (day is not None and day <= case.today)


def _reclaim_ahead(case: Case, due: Due, kind: StepKind) -> str:
    if due.reclaim_on is None:
        return "it stays locked"
    if not case.terms.reclaim_after_working_days:
        return f"reclaim on {due.reclaim_on} unless it is opened again"
    told = "its agency is told today; " if kind is StepKind.LOCK and case.terms.notify_agency else ""
    return f"{told}reclaim on {due.reclaim_on} unless the agency confirms"
