# SPDX-License-Identifier: GPL-3.0-or-later
"""Cần Thơ 14.2: three reminders, then the head of the agency, then, if it is serious, a suspension."""

from dataclasses import replace
from typing import Any

import pytest

from lives import ADDRESS, at, day, entry
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Audience, Step, StepKind
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Outcome, Violation
from mailpolicy.lifecycle import plan
from mailpolicy.regulation import load


def broken(on: str, hour: int = 9, code: str = "sender-domain") -> Violation:
    return Violation(
        code, "10.4", ADDRESS, at(on, hour), "sent from outside", "delivered", "log", "mail.log", hour
    )


def steps(
    today: str, *entries: Entry, found: list[Violation], regulation: str = "CT", kind: Kind = Kind.PERSON
) -> list[Step]:
    return plan(
        [Mailbox(ADDRESS, kind)],
        {},
        None,
        load(regulation),
        day(today),
        records={ADDRESS: entries},
        violations={ADDRESS: found},
    )


def judge(today: str, *entries: Entry, code: str = "violations", **more: Any) -> Step | None:
    return next((step for step in steps(today, *entries, **more) if step.code == code), None)


def test_a_violation_is_reminded_of_with_its_number_and_its_matter() -> None:
    found = [broken("2026-11-03"), broken("2026-11-02")]
    step = judge("2026-11-04", found=found)
    assert step is not None
    assert (step.kind, step.since, step.stage, step.article) == (
        StepKind.REMIND,
        day("2026-11-02"),
        "1",
        "14.2",
    )
    assert step.violations == (found[1], found[0])
    assert "reminder 1 of 3" in step.reason


def test_three_reminders_then_the_head_then_people() -> None:
    days = ["2026-11-02", "2026-11-04", "2026-11-06", "2026-11-08", "2026-11-10"]
    past: list[Entry] = []
    kinds = []
    for position, on in enumerate(days):
        today = f"2026-11-{int(on[-2:]) + 1:02}"
        step = judge(today, *past, found=[broken(one) for one in days[: position + 1]])
        assert step is not None
        kinds.append((str(step.kind), step.stage, step.tell))
        done = {StepKind.REMIND: Event.REMINDED, StepKind.ESCALATE: Event.ESCALATED}.get(step.kind)
        past += [entry(done, today, "violations")] if done else []
    assert kinds == [
        ("remind", "1", (Audience.OWNER,)),
        ("remind", "2", (Audience.OWNER,)),
        ("remind", "3", (Audience.OWNER,)),
        ("escalate", "", (Audience.HEAD,)),
        ("review", "", (Audience.UNIT,)),
    ]


@pytest.mark.parametrize("on", ["2026-11-03", "2026-11-04"])
def test_a_violation_of_the_reminders_own_day_or_before_is_covered_by_it(on: str) -> None:
    assert (
        judge("2026-11-05", entry(Event.REMINDED, "2026-11-04", "violations"), found=[broken(on, 23)]) is None
    )


def test_a_sign_is_not_reminded_of() -> None:
    assert judge("2026-11-04", found=[replace(broken("2026-11-03"), certain=False)]) is None


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        *((outcome, True) for outcome in ("observe", "accept", "annotate", "delivered")),
        *(
            (outcome, False)
            for outcome in ("redirect", "drop-recipients", "quarantine", "tempfail", "reject")
        ),
        ("not-delivered", False),
    ],
)
def test_what_the_gate_stopped_is_not_reminded_of_again(outcome: str, counts: bool) -> None:
    step = judge("2026-11-04", found=[replace(broken("2026-11-03"), outcome=outcome)])
    assert (step is not None) == counts


def test_nobody_is_reminded_of_long_ago() -> None:
    assert judge("2026-11-22", found=[broken("2026-10-23")]) is None
    assert judge("2026-11-22", found=[broken("2026-10-24")]) is not None


def test_a_violation_of_a_later_day_plays_no_part() -> None:
    assert judge("2026-11-02", found=[broken("2026-11-03")]) is None


def test_what_people_call_serious_is_suspended_and_stays_so() -> None:
    serious = entry(Event.SERIOUS, "2026-11-05", "violations", by="lanhdao", reason="lộ thông tin nội bộ")
    step = judge("2026-11-05", serious, found=[])
    assert step is not None
    assert (step.kind, step.since) == (StepKind.LOCK, day("2026-11-05"))
    assert step.reason == "judged serious by lanhdao on 2026-11-05: lộ thông tin nội bộ"
    wait = judge(
        "2027-11-05", serious, entry(Event.LOCKED, "2026-11-05", "violations"), found=[broken("2026-11-04")]
    )
    assert wait is not None
    assert wait.kind is StepKind.WAIT


def test_what_is_called_serious_again_on_the_same_day_is_another_step() -> None:
    serious = entry(Event.SERIOUS, "2026-11-05", "violations")
    locked = entry(Event.LOCKED, "2026-11-05", "violations", hour=2)
    opened = entry(Event.UNLOCKED, "2026-11-05", hour=3)
    again = entry(Event.SERIOUS, "2026-11-05", "violations", hour=4)
    first = judge("2026-11-05", serious, found=[])
    assert judge("2026-11-05", serious, locked, opened, found=[]) is None
    second = judge("2026-11-05", serious, locked, opened, again, found=[])
    assert first is not None
    assert second is not None
    assert first.kind is second.kind is StepKind.LOCK
    assert first.key != second.key


def test_after_a_suspension_and_an_opening_the_ladder_begins_anew() -> None:
    past = [
        *(entry(Event.REMINDED, f"2026-10-{number:02}", "violations") for number in (2, 4, 6)),
        entry(Event.ESCALATED, "2026-10-08", "violations"),
        entry(Event.SERIOUS, "2026-10-10", "violations"),
        entry(Event.LOCKED, "2026-10-10", "violations"),
        entry(Event.UNLOCKED, "2026-11-10", ""),
    ]
    assert judge("2026-11-12", *past, found=[broken("2026-11-09")]) is None
    step = judge("2026-11-12", *past, found=[broken("2026-11-11")])
    assert step is not None
    assert (step.kind, step.stage) == (StepKind.REMIND, "1")


def test_an_opening_after_another_dutys_lock_leaves_the_ladder_as_it_is() -> None:
    past = [
        entry(Event.REMINDED, "2026-10-02", "violations"),
        entry(Event.LOCKED, "2026-10-10", "inactivity"),
        entry(Event.UNLOCKED, "2026-11-10", ""),
    ]
    step = judge("2026-11-12", *past, found=[broken("2026-11-11")])
    assert step is not None
    assert step.stage == "2"


@pytest.mark.parametrize("regulation", ["HCM", "TS", "ST", "MR"])
def test_without_a_ladder_in_the_text_people_decide(regulation: str) -> None:
    step = judge("2026-11-04", found=[broken("2026-11-02"), broken("2026-11-03")], regulation=regulation)
    assert step is not None
    assert (step.kind, step.since) == (StepKind.REVIEW, day("2026-11-03"))
    serious = entry(Event.SERIOUS, "2026-11-05", "violations")
    assert judge("2026-11-05", serious, found=[], regulation=regulation) is None


def test_deletions_in_an_agencys_mailbox_are_listed_where_the_text_forbids_them() -> None:
    deleted = [replace(broken("2026-11-03", code="no-deletion"), certain=False, messages=12)]
    step = judge("2026-11-04", found=deleted, kind=Kind.AGENCY, code="no-deletion")
    assert step is not None
    assert (step.kind, step.article, step.violations) == (StepKind.REVIEW, "11.3", tuple(deleted))
    assert "12 messages deleted" in step.reason
    assert judge("2026-11-04", found=deleted, kind=Kind.PERSON, code="no-deletion") is None
    for regulation in ("HCM", "MR", "ST", "TS"):
        assert (
            judge("2026-11-04", found=deleted, kind=Kind.AGENCY, code="no-deletion", regulation=regulation)
            is None
        )
    assert judge("2026-11-04", found=[broken("2026-11-03")], kind=Kind.AGENCY, code="no-deletion") is None


def test_a_deletion_reminds_nobody_however_certain() -> None:
    deleted = [replace(broken("2026-11-03", code="no-deletion"), outcome=Outcome.DELETED)]
    assert judge("2026-11-04", found=deleted) is None
    assert judge("2026-11-04", found=[*deleted, broken("2026-11-03")]) is not None
