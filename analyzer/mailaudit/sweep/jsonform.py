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
        "mailboxes": plan.mailboxes,
        "coverage": plan.coverage and {"first": str(plan.coverage.first), "last": str(plan.coverage.last)},
        "logs": [{"start": one.start.isoformat(), "end": one.end.isoformat()} for one in plan.logs],
        "counts": {str(kind): count for kind, count in plan.counts().items()},
        "steps": [_step(one, plan.activity.get(one.mailbox.address)) for one in plan.steps],
        "not_in_directory": [
            {"name": name, "last_activity": _activity(one)} for name, one in sorted(plan.strangers.items())
        ],
    }


def _step(step: Step, activity: Activity | None) -> dict[str, Any]:
    return {
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
        "last_activity": _activity(activity) if activity else None,
        "reason": step.reason,
        "next": step.next,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _activity(activity: Activity) -> dict[str, Any]:
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
