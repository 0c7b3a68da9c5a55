# SPDX-License-Identifier: GPL-3.0-or-later
"""The inactivity clock in words: why a step is due, and what comes after it."""

from mailpolicy.clocks.case import Case
from mailpolicy.clocks.step import Origin, StepKind
from mailpolicy.clocks.terms import DAY, Due, Idle, after_months

_IDLE = {
    Origin.LAST_USE: "last used on {}",
    Origin.CREATION: "created on {}, not used since",
    Origin.EXCUSE: "absence excused until {}, not used since",
    Origin.OPENING: "opened again on {}, not used since",
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
    if kind is StepKind.UNPROVEN and case.in_session:
        return "look whether the session still lasts (doveadm who)"
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
    return "an agency" if case.life.mailbox.kind == "agency" else "a unit"


def _term(case: Case, kind: StepKind, due: Due) -> str:
    """Which term is over, and when it was full; before a lock, when it will be."""
    days = case.terms.reclaim_after_working_days
    if kind is StepKind.RECLAIM and days and case.lock:
        told_on, until = case.lock.told_on, due.answer_by
        return f"its agency was told on {told_on} and did not confirm in {days} working days, by {until}"
    if kind is StepKind.RECLAIM and case.proven and (months := case.terms.reclaim_after_months):
        full_on = after_months(case.proven.since, months) - DAY
        return f"{months} months were full on {full_on}, and it is locked since {case.locked_on}"
    verb = "are" if kind is StepKind.WARN else "were"
    return f"{case.terms.lock_after_months} months {verb} full on {due.lock_on - DAY}"


def _excuse(case: Case) -> str:
    until = case.life.standing.excused_until
    if until is None or until < case.life.today or case.terms.excused_by_reason:
        return ""
    return f"; the article knows no excuse (one is recorded until {until})"


def _unproven(case: Case, idle: Idle, claim: Due) -> str:
    due_on = f"{_idle(idle)}; {_act(case)} due on {_act_on(case, claim)}"
    if case.in_session:
        return f"{due_on}, but a session has no end in the logs"
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
    return case.logs_are_old or (day is not None and day <= case.life.today)


def _reclaim_ahead(case: Case, due: Due, kind: StepKind) -> str:
    if due.reclaim_on is None:
        return "it stays locked"
    if not case.terms.reclaim_after_working_days:
        return f"reclaim on {due.reclaim_on} unless it is opened again"
    told = "its agency is told today; " if kind is StepKind.LOCK and case.terms.notify_agency else ""
    return f"{told}reclaim on {due.reclaim_on} unless the agency confirms"
