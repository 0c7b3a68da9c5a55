# SPDX-License-Identifier: GPL-3.0-or-later
"""Works out a report's numbers from its contents."""

from typing import Any

from mailaudit.reports import words
from mailaudit.reports.contents import Contents
from mailaudit.reports.facts import Facts
from mailaudit.reports.span import UNITS
from mailaudit.usage.amounts import share, together
from mailpolicy.citation import article_vi, regulation_vi
from mailpolicy.clocks.record import Event
from mailpolicy.clocks.step import StepKind
from mailpolicy.directory import Kind, Status
from mailpolicy.office.duedates import CODE, DueReport, due_reports
from mailpolicy.parameters.lifecycle import Inactivity

AGENCY = (Kind.AGENCY, Kind.UNIT)


def facts(contents: Contents) -> Facts:
    """Return the numbers of a report."""
    groups = (_who(contents), _people(contents), _use(contents), _idle(contents), _acts(contents))
    values: dict[str, Any] = {}
    for one in (*groups, _door(contents), _manners(contents), _sources(contents)):
        values |= one
    return Facts(**values)


def _who(contents: Contents) -> dict[str, object]:
    duty = contents.site.duty(CODE)
    theirs = [box for box in contents.mailboxes if box.unit == contents.unit and contents.unit]
    shared = sorted((box for box in theirs if box.kind in AGENCY), key=lambda box: AGENCY.index(box.kind))
    due = _due(contents)
    return {
        "unit": contents.unit,
        "address": shared[0].address if shared else "",
        "regulation": regulation_vi(contents.site.regulation),
        "article": article_vi(duty.article) if duty else "",
        "form": due.form if due and due.form else "",
        "due": due.day if due else None,
        "period": contents.span.name,
        "first": contents.span.days.first,
        "last": contents.span.days.last,
        "made_on": contents.made_on,
        "as_of": contents.as_of,
    }


def _due(contents: Contents) -> DueReport | None:
    """The due report that is about this period, by those who give this one."""
    duty, days = contents.site.duty(CODE), contents.span.days
    years = (days.last.year, days.last.year + 1)
    all_due = [one for year in years for one in due_reports(duty, year)] if duty else []
    about = [one for one in all_due if (one.first, one.last) == (days.first, days.last)]
    return next((one for one in about if (one.line.by in UNITS) == bool(contents.unit)), None)


def _people(contents: Contents) -> dict[str, object]:
    kinds = contents.kinds
    return {
        "mailboxes": len(contents.mailboxes),
        "persons": kinds[Kind.PERSON],
        "units": kinds[Kind.UNIT],
        "agencies": kinds[Kind.AGENCY],
        "lists": kinds[Kind.LIST],
        "unit_names": len({box.unit for box in contents.mailboxes if box.unit}),
        "closed": sum(box.status is not Status.ACTIVE for box in contents.mailboxes),
        "created": len(contents.created),
        "left": len(contents.left),
    }


def _use(contents: Contents) -> dict[str, object]:
    all_ = together((*contents.usage.values(), *contents.strangers.values()))
    people = [contents.usage[box.address] for box in contents.mailboxes if box.kind is Kind.PERSON]
    days = sum(one.days_active for one in people)
    covered = len(contents.span.days.days()) - len(contents.grounds.uncovered)
    return {
        "active": contents.active,
        "unused": len(contents.unused),
        "active_share": share(contents.active, len(contents.openable)),
        "active_persons": sum(one.days_active > 0 for one in people),
        "daily_share": share(days, len(people) * max(covered, 0)),
        "logins": all_.logins,
        "sent": all_.sent,
        "sent_bytes": all_.sent_bytes,
        "received": all_.received,
        "received_bytes": all_.received_bytes,
        "recipients": all_.recipients,
        "outside_share": share(all_.recipients_outside, all_.recipients),
        "public": all_.recipients_public,
        "outside_in_share": share(all_.received_outside, all_.received),
        "strangers": len(contents.strangers),
    }


def _idle(contents: Contents) -> dict[str, object]:
    duty = contents.site.duty("inactivity")
    terms = duty.parameters if duty and isinstance(duty.parameters, Inactivity) else Inactivity()
    steps = contents.steps or {}
    kinds = (StepKind.WARN, StepKind.LOCK, StepKind.WAIT, StepKind.RECLAIM, StepKind.UNPROVEN)
    counts: dict[str, object] = {
        f"idle_{kind}": sum(one.kind is kind for one in steps.values()) for kind in kinds
    }
    review = (one for one in steps.values() if one.kind is StepKind.REVIEW)
    unused = {box.address for box in contents.unused}
    return counts | {
        "idle_known": contents.steps is not None,
        "idle_review": sum(one.mailbox.address in unused for one in review),
        "lock_months": terms.lock_after_months or 0,
        "reclaim_months": terms.reclaim_after_months or 0,
        "reclaim_days": terms.reclaim_after_working_days or 0,
    }


def _acts(contents: Contents) -> dict[str, object]:
    told = (Event.WARNED, Event.REMINDED, Event.ESCALATED, Event.SERIOUS, Event.CONFIRMED, Event.EXCUSED)
    done = (Event.LOCKED, Event.RECLAIMED, Event.UNLOCKED, Event.RESTORED, Event.REVOKED)
    return {str(event): len(contents.happened(event)) for event in (*told, *done)}


def _door(contents: Contents) -> dict[str, object]:
    found = contents.found
    refused = [one for one in found if one.outcome == "reject"]
    certain = [one for one in contents.violations if one.certain]
    return {
        "findings": sum(one.findings for one in found),
        "refused": sum(one.findings for one in refused),
        "observed": sum(one.findings for one in found if one.outcome == "observe" and not one.is_sign),
        "signs": sum(one.findings for one in found if one.is_sign),
        "attachments_refused": sum(one.findings for one in refused if one.code == "attachment-cap"),
        "violations": len(certain),
        "violation_signs": len(contents.violations) - len(certain),
        "violators": len({one.mailbox for one in certain}),
        "incidents": sum(one.findings for one in contents.incidents),
    }


def _manners(contents: Contents) -> dict[str, object]:
    habits, answers = contents.habits, contents.answers
    judged = [one.habit for one in habits.checked if one.habit] if habits else []
    asked = sum(one.asked for one in judged)
    return {
        "checks_asked": habits is not None,
        "checks_figure": bool(habits and habits.is_figure),
        "checks_days": len(habits.days) if habits else 0,
        "checks_left_out": len(habits.left_out) if habits else 0,
        "checks_share": share(sum(one.kept for one in judged), asked),
        "answers_asked": answers is not None,
        "answers_came": answers.total.came if answers else 0,
        "answers_share": answers.total.share if answers else None,
        "answers_median": words.duration(answers.total.median if answers else None),
    }


def _sources(contents: Contents) -> dict[str, object]:
    grounds = contents.grounds
    missing = [
        words.day(one.first)
        + (f" – {words.day(one.last)}" if one.last != one.first else "")
        + (" (một phần)" if one.in_part else "")
        for one in grounds.not_covered
    ]
    return {
        "lines": contents.lines.total,
        "unparsed": contents.lines.unparsed,
        "uncovered_days": len(grounds.uncovered),
        "uncovered": "; ".join(missing),
        "whole_days": len(contents.span.days.days()) - len(grounds.uncovered),
        "utc_until": grounds.utc_until,
    }
