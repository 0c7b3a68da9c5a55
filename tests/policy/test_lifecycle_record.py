# SPDX-License-Identifier: GPL-3.0-or-later
"""How the record changes what the inactivity clock says, and the keys by which nothing is done twice."""

from dataclasses import replace
from typing import Any

import pytest

from lives import ADDRESS, day, entry
from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Activity, Audience, Origin, Step, StepKind
from mailpolicy.directory import Mailbox
from mailpolicy.lifecycle import ACTIONS, plan
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import Regulation, load

IDLE = "inactivity"


def judge(
    regulation: str | Regulation, today: str, *entries: Entry, used: str = "2026-08-20", **more: Any
) -> Step | None:
    rules = load(regulation) if isinstance(regulation, str) else regulation
    activity = {ADDRESS: Activity(day(used), "imap from 10.0.0.1", **more)}
    logs = Coverage(day("2020-01-01"), day(today))
    steps = plan([Mailbox(ADDRESS)], activity, logs, rules, day(today), records={ADDRESS: entries})
    assert len(steps) <= 1
    return steps[0] if steps else None


def with_parameters(name: str, **changes: Any) -> Regulation:
    """The regulation as a site has it that changes these parameters of row 11."""
    regulation = load(name)
    duties = [
        replace(duty, parameters=duty.parameters.model_copy(update=changes))
        if isinstance(duty.parameters, Inactivity)
        else duty
        for duty in regulation.duties
    ]
    return replace(regulation, duties=tuple(duties))


def warned(on: str, of: str = "2026-11-21") -> Entry:
    return entry(Event.WARNED, on, IDLE, warned_of=day(of))


def stage(step: Step | None) -> str:
    return f"{step.kind} {step.stage}".strip() if step else "-"


@pytest.mark.parametrize(
    ("today", "given", "expected"),
    [
        ("2026-11-06", [], "-"),
        ("2026-11-07", [], "warn 14"),
        ("2026-11-08", ["2026-11-07"], "-"),
        ("2026-11-12", [], "warn 14"),  # late, but not yet near
        ("2026-11-14", ["2026-11-07"], "warn 7"),
        ("2026-11-16", [], "warn 7"),  # the first was missed: only the nearest
        ("2026-11-20", ["2026-11-16"], "warn 1"),
        ("2026-11-20", ["2026-11-20"], "-"),
        ("2026-11-21", ["2026-11-20"], "lock"),
    ],
)
def test_each_warning_is_given_once_and_of_those_missed_only_the_nearest(
    today: str, given: list[str], expected: str
) -> None:
    assert stage(judge("HCM", today, *map(warned, given))) == expected


def test_a_warning_of_an_earlier_lock_does_not_stand_for_that_of_a_later_one() -> None:
    assert stage(judge("HCM", "2026-11-07", warned("2026-11-07", of="2026-10-01"))) == "warn 14"


def test_a_site_says_how_far_ahead_it_warns() -> None:
    rules = with_parameters("HCM", warn_days_ahead=(30,))
    assert stage(judge(rules, "2026-10-22")) == "warn 30"
    assert stage(judge(rules, "2026-11-20", warned("2026-10-22"))) == "-"
    assert judge(with_parameters("HCM", warn_days_ahead=()), "2026-11-20") is None


def test_an_unlocking_on_the_units_request_holds_until_the_term_is_full_again() -> None:
    past = [entry(Event.LOCKED, "2026-11-21", IDLE), entry(Event.UNLOCKED, "2026-12-10")]
    assert judge("HCM", "2027-02-20", *past) is None  # three weeks before it
    step = judge("HCM", "2027-03-11", *past)
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day("2026-12-10"), Origin.OPENING)
    assert step.reason == "opened again on 2026-12-10, not used since; 3 months were full on 2027-03-10"
    first = judge("HCM", "2026-11-21")
    assert first is not None
    assert first.key != step.key


def test_a_recorded_excuse_holds_off_hcm_and_one_taken_back_does_not() -> None:
    long_leave = entry(Event.EXCUSED, "2026-09-01", until=day("2027-02-28"))
    assert judge("HCM", "2027-05-01", long_leave) is None
    step = judge("HCM", "2027-05-29", long_leave)
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day("2027-02-28"), Origin.EXCUSE)
    back = entry(Event.EXCUSED, "2026-09-02", until=day("2026-09-02"))
    assert stage(judge("HCM", "2026-12-03", long_leave, back)) == "lock"


def test_the_15_working_days_count_from_the_recorded_notice_where_it_was_later() -> None:
    lock = entry(Event.LOCKED, "2026-11-02", IDLE)
    told = entry(Event.NOTIFIED, "2026-11-06", IDLE)
    assert stage(judge("CT", "2026-11-24", lock, used="2026-08-01")) == "reclaim"
    waiting = judge("CT", "2026-11-30", lock, told, used="2026-08-01")
    assert waiting is not None
    assert (waiting.kind, waiting.answer_by, waiting.next_on) == (
        StepKind.WAIT,
        day("2026-11-30"),
        day("2026-12-01"),
    )
    assert stage(judge("CT", "2026-12-01", lock, told, used="2026-08-01")) == "reclaim"


def test_an_offices_own_days_off_lengthen_the_time_to_answer() -> None:
    lock = entry(Event.LOCKED, "2026-11-02", IDLE)
    rules = with_parameters("CT", extra_days_off=(day("2026-11-20"), day("2026-11-21")))  # a Friday; Saturday
    assert stage(judge(rules, "2026-11-25", lock, used="2026-08-01")) == "wait"  # the 24th is off as well
    assert stage(judge(rules, "2026-11-26", lock, used="2026-08-01")) == "reclaim"


def test_a_confirmation_in_time_keeps_a_mailbox_and_one_too_late_finds_it_gone() -> None:
    lock = entry(Event.LOCKED, "2026-11-02", IDLE)
    assert judge("CT", "2026-11-24", lock, entry(Event.CONFIRMED, "2026-11-23"), used="2026-08-01") is None
    gone = entry(Event.RECLAIMED, "2026-11-24", IDLE)
    late = entry(Event.CONFIRMED, "2026-11-25")
    assert judge("CT", "2026-11-25", lock, gone, late, used="2026-08-01") is None


def test_a_lock_that_came_late_gives_the_whole_time_between_the_terms() -> None:
    late = entry(Event.LOCKED, "2027-01-15", IDLE)
    waiting = judge("HCM", "2027-04-14", late)
    assert waiting is not None
    assert (waiting.kind, waiting.reclaim_on, waiting.locked_on) == (
        StepKind.WAIT,
        day("2027-04-15"),
        day("2027-01-15"),
    )
    assert stage(judge("HCM", "2027-04-15", late)) == "reclaim"


@pytest.mark.parametrize("code", ["violations", "password-age", "emergency-revocation", ""])
def test_what_another_reason_keeps_locked_is_not_judged_by_its_idleness(code: str) -> None:
    step = judge("MR", "2029-11-22", entry(Event.LOCKED, "2026-11-01", code))
    assert step is None or (step.kind, step.code) == (StepKind.WAIT, code)


@pytest.mark.parametrize(("today", "expected"), [("2026-11-20", "-"), ("2026-11-21", "unproven")])
def test_while_a_session_may_last_nobody_is_warned_or_locked(today: str, expected: str) -> None:
    assert stage(judge("HCM", today, open_session=True)) == expected


def test_a_lock_tells_all_that_a_notice_of_it_must_say() -> None:
    step = judge("CT", "2026-11-21")
    assert step is not None
    assert (step.kind, step.code, step.article) == (StepKind.LOCK, IDLE, "5.4")
    assert (step.since, step.lock_on, step.locked_on) == (day("2026-08-20"), day("2026-11-21"), None)
    assert (step.answer_by, step.next_kind, step.next_on) == (
        day("2026-12-14"),
        StepKind.RECLAIM,
        day("2026-12-15"),
    )
    assert step.tell == (Audience.OWNER, Audience.UNIT)
    assert step.key == "canbo1@example.org|inactivity|lock|2026-08-20|"


def test_a_step_keeps_its_key_on_every_day_until_it_is_done() -> None:
    keys = {step.key for today in range(21, 31) if (step := judge("HCM", f"2026-11-{today}"))}
    assert keys == {"canbo1@example.org|inactivity|lock|2026-08-20|"}


def test_of_two_duties_that_would_close_a_mailbox_one_does_and_the_graver_step_goes_first() -> None:
    box = Mailbox(ADDRESS, created=day("2018-07-02"), left_on=day("2025-11-01"))
    logs = Coverage(day("2020-01-01"), day("2026-11-22"))
    (step,) = plan([box], {}, logs, load("MR"), day("2026-11-22"))
    assert (step.kind, step.code) == (StepKind.LOCK, "inactivity")
    past = {ADDRESS: [entry(Event.LOCKED, "2026-10-01", IDLE)]}
    steps = plan([box], {}, logs, load("MR"), day("2026-11-22"), records=past)
    assert [(one.kind, one.code) for one in steps if one.kind in ACTIONS] == [(StepKind.RECLAIM, "leavers")]


def test_what_was_reclaimed_gets_no_step_and_what_was_restored_begins_anew() -> None:
    past = [entry(Event.LOCKED, "2026-11-21", IDLE), entry(Event.RECLAIMED, "2027-02-21", IDLE)]
    assert judge("HCM", "2027-08-01", *past) is None
    back = [*past, entry(Event.RESTORED, "2027-03-01")]
    assert judge("HCM", "2027-05-15", *back) is None
    assert stage(judge("HCM", "2027-06-02", *back)) == "lock"
