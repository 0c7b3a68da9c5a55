# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as JSON, for programs: complete, with dates as YYYY-MM-DD and null where there is none."""

from datetime import date
from typing import Any

from mailaudit.activity import Activity
from mailaudit.sweep.plan import Plan
from mailpolicy.clocks.step import Step


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return the whole plan as values that the json module writes."""
    return {
        "regulation": plan.regulation.name,
        "as_of": str(plan.as_of),
        "unit": plan.unit,
        "mailboxes": plan.mailboxes,
        "coverage": plan.coverage and {"first": str(plan.coverage.first), "last": str(plan.coverage.last)},
        "logs": [{"start": one.start.isoformat(), "end": one.end.isoformat()} for one in plan.logs],
        "counts": {str(kind): count for kind, count in plan.counts().items()},
        "steps": [step_as_json(one, plan.activity.get(one.mailbox.address)) for one in plan.steps],
        "not_in_directory": [
            {"name": name, "last_activity": activity_as_json(one)}
            for name, one in sorted(plan.strangers.items())
        ],
    }


def step_as_json(step: Step, activity: Activity | None) -> dict[str, Any]:
    """Return a step with the evidence of its mailbox's last use."""
    return {
        "key": step.key,
        "mailbox": step.mailbox.address,
        "kind": str(step.mailbox.kind),
        "unit": step.mailbox.unit,
        "step": str(step.kind),
        "duty": step.code,
        "article": step.article,
        "since": _day(step.since),
        "counted_from": str(step.origin) if step.origin else None,
        "lock_on": _day(step.lock_on),
        "reclaim_on": _day(step.reclaim_on),
        "locked_on": _day(step.locked_on),
        "answer_by": _day(step.answer_by),
        "unlock_from": _day(step.unlock_from),
        "last_activity": activity_as_json(activity) if activity else None,
        "violations": [_violation(one.time.isoformat(), one.what) for one in step.violations],
        "reason": step.reason,
        "next": step.next,
        "next_step": str(step.next_kind) if step.next_kind else None,
        "next_on": _day(step.next_on),
        "tell": [str(one) for one in step.tell],
    }


def activity_as_json(activity: Activity) -> dict[str, Any]:
    """Return a use with the line that proves it."""
    return {
        "time": activity.time.isoformat(),
        "service": activity.service,
        "address": activity.address,
        "event": activity.event,
        "evidence": {
            "file": activity.evidence.file,
            "position": activity.evidence.position,
            "line": activity.evidence.line,
        },
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _violation(time: str, what: str) -> dict[str, str]:
    return {"time": time, "what": what}
