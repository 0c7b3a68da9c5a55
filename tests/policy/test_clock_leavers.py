# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes of people who have left, with dates worked out by hand."""

from typing import Any

import pytest

from lives import ADDRESS, day, entry
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Activity, Origin, Step, StepKind
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.lifecycle import plan
from mailpolicy.regulation import load


def judge(today: str, *entries: Entry, regulation: str = "MR", **box: Any) -> Step | None:
    """The leavers' step for one mailbox in use every day, so that no other clock speaks of idleness."""
    activity = {ADDRESS: Activity(day(today), "imap from 10.0.0.1")}
    steps = plan(
        [Mailbox(ADDRESS, **box)], activity, None, load(regulation), day(today), records={ADDRESS: entries}
    )
    return next((step for step in steps if step.code == "leavers"), None)


def kind_of(step: Step | None) -> str:
    return str(step.kind) if step else "-"


@pytest.mark.parametrize(
    ("noticed", "lock_on", "reclaim_on"),
    [(True, "2027-01-28", "2027-02-28"), (False, "2029-01-28", "2029-02-28")],
)
def test_the_period_ends_after_12_months_with_notice_and_36_without(
    noticed: bool, lock_on: str, reclaim_on: str
) -> None:
    left: dict[str, Any] = {"left_on": day("2026-02-28"), "leave_noticed": noticed}
    before = judge(str(day(lock_on).replace(day=27)), **left)
    assert before is not None
    assert (before.kind, before.stage, before.lock_on) == (StepKind.WARN, "1", day(lock_on))
    step = judge(lock_on, **left)
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day("2026-02-28"), Origin.LEAVING)
    assert (step.article, step.reclaim_on, step.next_on) == ("6.2b", day(reclaim_on), day(reclaim_on))
    shut = entry(Event.LOCKED, lock_on, "leavers")
    assert kind_of(judge(str(day(reclaim_on).replace(day=27)), shut, **left)) == "wait"
    assert kind_of(judge(reclaim_on, shut, **left)) == "reclaim"


def test_a_leaver_found_late_is_locked_first_and_reclaimed_a_month_later() -> None:
    left: dict[str, Any] = {"left_on": day("2020-02-28")}
    step = judge("2026-11-22", **left)
    assert step is not None
    assert (step.kind, step.reclaim_on) == (StepKind.LOCK, day("2026-12-22"))
    shut = entry(Event.LOCKED, "2026-11-22", "leavers")
    assert kind_of(judge("2026-12-21", shut, **left)) == "wait"
    assert kind_of(judge("2026-12-22", shut, **left)) == "reclaim"


def test_a_mailbox_locked_for_lying_idle_is_reclaimed_when_its_leavers_period_ends() -> None:
    idle = entry(Event.LOCKED, "2026-12-01", "inactivity")
    box = Mailbox(ADDRESS, created=day("2018-07-02"), left_on=day("2026-01-10"))
    for today, kinds in (("2027-01-09", []), ("2027-01-10", ["reclaim"])):
        steps = plan([box], {}, None, load("MR"), day(today), records={ADDRESS: [idle]})
        assert [str(step.kind) for step in steps if step.code == "leavers"] == kinds


@pytest.mark.parametrize("code", ["violations", "emergency-revocation"])
def test_what_another_duty_keeps_locked_is_left_alone(code: str) -> None:
    assert judge("2026-11-22", entry(Event.LOCKED, "2026-10-01", code), left_on=day("2020-02-28")) is None


@pytest.mark.parametrize("event", [Event.UNLOCKED, Event.CONFIRMED])
def test_what_its_unit_says_after_the_leaving_begins_the_period_anew(event: Event) -> None:
    said = entry(event, "2026-11-01", "")
    assert judge("2026-11-22", said, left_on=day("2025-01-10")) is None
    step = judge("2027-10-01", said, left_on=day("2025-01-10"))
    assert step is not None
    assert (step.kind, step.since) == (StepKind.LOCK, day("2026-11-01"))


@pytest.mark.parametrize("event", [Event.UNLOCKED, Event.CONFIRMED])
def test_what_its_unit_said_before_the_leaving_plays_no_part(event: Event) -> None:
    step = judge("2026-02-01", entry(event, "2024-11-01"), left_on=day("2025-03-01"))
    assert step is not None
    assert (step.since, step.origin) == (day("2025-03-01"), Origin.LEAVING)


def test_a_mailbox_made_anew_after_the_leaving_is_somebody_elses() -> None:
    assert judge("2026-11-22", left_on=day("2020-02-28"), created=day("2020-03-01")) is None


def test_who_leaves_later_has_not_left_yet() -> None:
    assert judge("2026-11-22", left_on=day("2026-11-23"), regulation="CT") is None
    assert kind_of(judge("2026-11-23", left_on=day("2026-11-23"), regulation="CT")) == "review"


@pytest.mark.parametrize(
    ("regulation", "article"), [("HCM", "6.1"), ("TS", "7.2b"), ("CT", "5.3"), ("ST", "11.2")]
)
def test_without_a_period_in_the_text_the_unit_has_it_cancelled(regulation: str, article: str) -> None:
    step = judge("2026-11-22", regulation=regulation, left_on=day("2020-02-28"))
    assert step is not None
    assert (step.kind, step.article, step.next) == (StepKind.REVIEW, article, "its unit has it cancelled")


def test_a_later_use_changes_nothing_but_is_said() -> None:
    step = judge("2026-11-22", left_on=day("2020-02-28"))
    assert step is not None
    assert step.reason.startswith("its person left on 2020-02-28, last used on 2026-11-22;")


def test_a_units_mailbox_leaves_with_nobody() -> None:
    assert judge("2026-11-22", kind=Kind.UNIT, left_on=day("2020-02-28")) is None
