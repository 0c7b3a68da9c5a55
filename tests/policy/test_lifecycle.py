# SPDX-License-Identifier: GPL-3.0-or-later
"""The inactivity terms of each regulation, with dates worked out by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import Activity, Origin, Step, StepKind
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.lifecycle import CLOCKS, plan
from mailpolicy.parameters import PARAMETERS
from mailpolicy.regulation import load

ADDRESS = "canbo1@example.org"


def day(text: str) -> date:
    return date.fromisoformat(text)


def judge(
    regulation: str,
    today: str,
    *,
    used: str = "",
    logs: str = "",
    kind: str = "person",
    **dates: str,
) -> Step | None:
    """Plan for one mailbox; unless said otherwise the logs cover all of it up to today."""
    given: dict[str, Any] = {name: day(text) for name, text in dates.items()}
    box = Mailbox(ADDRESS, Kind(kind), "Văn phòng", **given)
    activity = {ADDRESS: Activity(day(used), "imap from 10.0.0.1")} if used else {}
    first, last = (logs or f"2020-01-01 to {today}").split(" to ")
    steps = plan([box], activity, Coverage(day(first), day(last)), load(regulation), day(today))
    assert len(steps) <= 1
    return steps[0] if steps else None


def kind_of(step: Step | None) -> str:
    return str(step.kind) if step else "-"


@pytest.mark.parametrize(
    ("regulation", "used", "last_day_open", "lock_on"),
    [
        ("HCM", "2026-08-20", "2026-11-20", "2026-11-21"),
        ("HCM", "2025-11-30", "2026-02-28", "2026-03-01"),  # February has no 30th
        ("HCM", "2027-11-30", "2028-02-29", "2028-03-01"),  # unless it is a leap year: the 29th
        ("HCM", "2027-11-29", "2028-02-29", "2028-03-01"),
        ("HCM", "2028-02-29", "2028-05-29", "2028-05-30"),
        ("HCM", "2026-05-31", "2026-08-31", "2026-09-01"),
        ("CT", "2026-08-20", "2026-11-20", "2026-11-21"),
        ("CT", "2025-11-15", "2026-02-15", "2026-02-16"),  # the lock itself knows no holidays
        ("MR", "2025-08-31", "2026-02-28", "2026-03-01"),
        ("MR", "2027-08-31", "2028-02-29", "2028-03-01"),
        ("MR", "2026-05-22", "2026-11-22", "2026-11-23"),
    ],
)
def test_the_lock_comes_the_day_after_the_months_are_full(
    regulation: str, used: str, last_day_open: str, lock_on: str
) -> None:
    before = judge(regulation, last_day_open, used=used)
    assert before is not None
    assert (before.kind, before.lock_on) == (StepKind.WARN, day(lock_on))
    step = judge(regulation, lock_on, used=used)
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day(used), Origin.LAST_USE)
    assert step.lock_on == day(lock_on)


@pytest.mark.parametrize(
    ("regulation", "used", "locked_on", "last_day_kept", "reclaim_on"),
    [
        ("HCM", "2026-05-18", "2026-08-19", "2026-11-18", "2026-11-19"),
        ("HCM", "2026-08-31", "2026-12-01", "2027-02-28", "2027-03-01"),
        ("HCM", "2025-11-30", "2026-03-01", "2026-05-30", "2026-05-31"),  # not three months after the lock
        ("MR", "2025-11-22", "2026-05-23", "2026-11-22", "2026-11-23"),
        ("MR", "2028-02-29", "2028-08-30", "2029-02-28", "2029-03-01"),
    ],
)
def test_what_was_locked_in_time_is_reclaimed_the_day_after_its_months_are_full(
    regulation: str, used: str, locked_on: str, last_day_kept: str, reclaim_on: str
) -> None:
    before = judge(regulation, last_day_kept, used=used, suspended_on=locked_on)
    assert before is not None
    assert (before.kind, before.reclaim_on) == (StepKind.WAIT, day(reclaim_on))
    assert kind_of(judge(regulation, reclaim_on, used=used, suspended_on=locked_on)) == "reclaim"


@pytest.mark.parametrize(
    ("regulation", "reclaim_on"), [("HCM", "2027-02-22"), ("MR", "2027-05-22"), ("CT", "2026-12-15")]
)
def test_what_was_never_locked_is_locked_first_and_stays_so_for_the_time_between_the_terms(
    regulation: str, reclaim_on: str
) -> None:
    step = judge(regulation, "2026-11-22", used="2021-06-01")
    assert step is not None
    assert (step.kind, step.reclaim_on) == (StepKind.LOCK, day(reclaim_on))
    day_before = str(day(reclaim_on) - timedelta(days=1))
    locked = {"used": "2021-06-01", "suspended_on": "2026-11-22"}
    assert kind_of(judge(regulation, day_before, **locked)) == "wait"
    assert kind_of(judge(regulation, reclaim_on, **locked)) == "reclaim"


@pytest.mark.parametrize(
    ("told", "answer_by", "reclaim_on"),
    [
        ("2026-11-06", "2026-11-30", "2026-12-01"),  # 24 November in between
        ("2026-02-13", "2026-03-13", "2026-03-14"),  # Tết 2026
        ("2027-02-01", "2027-03-01", "2027-03-02"),  # Tết 2027
    ],
)
def test_can_tho_waits_15_working_days_for_the_agency(told: str, answer_by: str, reclaim_on: str) -> None:
    waiting = judge("CT", answer_by, used="2025-06-30", suspended_on=told)
    assert waiting is not None
    assert (waiting.kind, waiting.lock_on, waiting.reclaim_on) == (StepKind.WAIT, None, day(reclaim_on))
    step = judge("CT", reclaim_on, used="2025-06-30", suspended_on=told)
    assert step is not None
    assert step.kind is StepKind.RECLAIM
    assert f"told on {told}" in step.reason
    assert f"by {answer_by}" in step.reason


def test_can_tho_never_reclaims_what_was_not_suspended() -> None:
    step = judge("CT", "2026-11-22", used="2020-06-01")
    assert step is not None
    assert (step.kind, step.reclaim_on) == (
        StepKind.LOCK,
        day("2026-12-15"),
    )  # told today; 24 November is off
    assert step.next == "its agency is told today; reclaim on 2026-12-15 unless the agency confirms"


@pytest.mark.parametrize(
    ("regulation", "lock_on"), [("HCM", "2027-01-06"), ("CT", "2027-01-06"), ("MR", "2027-04-06")]
)
def test_a_confirmation_opens_the_mailbox_and_starts_the_clock_again(regulation: str, lock_on: str) -> None:
    dates = {"suspended_on": "2026-10-01", "confirmed_on": "2026-10-05"}
    assert judge(regulation, "2026-11-22", used="2025-06-30", **dates) is None
    step = judge(regulation, lock_on, used="2025-06-30", **dates)
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day("2026-10-05"), Origin.CONFIRMATION)


def test_a_confirmation_of_an_earlier_suspension_does_not_count_for_a_later_one() -> None:
    step = judge("CT", "2026-11-22", used="2024-06-30", confirmed_on="2025-06-02", suspended_on="2026-10-01")
    assert kind_of(step) == "reclaim"


def test_a_mailbox_used_after_its_suspension_is_open_again() -> None:
    assert judge("CT", "2026-11-22", used="2026-10-02", suspended_on="2026-10-01") is None
    assert kind_of(judge("CT", "2026-11-22", used="2026-10-01", suspended_on="2026-10-01")) == "wait"


@pytest.mark.parametrize(
    ("regulation", "lock_on", "reclaim_on"),
    [("HCM", "2026-08-05", "2026-11-05"), ("MR", "2026-11-05", "2027-05-05")],
)
def test_a_mailbox_never_used_is_judged_by_its_creation(
    regulation: str, lock_on: str, reclaim_on: str
) -> None:
    step = judge(regulation, lock_on, created="2026-05-04")
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day("2026-05-04"), Origin.CREATION)
    assert kind_of(judge(regulation, reclaim_on, created="2026-05-04", suspended_on=lock_on)) == "reclaim"


def test_a_mailbox_created_again_under_an_old_name_is_not_judged_by_its_former_owner() -> None:
    assert judge("HCM", "2026-11-22", used="2026-01-15", created="2026-11-02") is None


def test_without_any_date_nobody_is_locked_for_it_may_be_new() -> None:
    step = judge("HCM", "2026-11-22")
    assert step is not None
    assert (step.kind, step.since, step.lock_on) == (StepKind.UNPROVEN, None, None)
    assert step.next == "give its date of creation in the directory"


def test_an_excuse_holds_off_hcm_and_its_clock_starts_when_the_excuse_ends() -> None:
    excused = {"used": "2026-03-02", "excused_until": "2026-11-30"}
    assert judge("HCM", "2026-11-30", **excused) is None
    assert judge("HCM", "2026-12-15", **excused) is None
    step = judge("HCM", "2027-03-01", **excused)
    assert step is not None
    assert (step.kind, step.since, step.origin) == (StepKind.LOCK, day("2026-11-30"), Origin.EXCUSE)


@pytest.mark.parametrize("regulation", ["CT", "MR"])
def test_where_the_article_knows_no_excuse_the_reason_says_so(regulation: str) -> None:
    step = judge(regulation, "2026-11-22", used="2026-03-02", excused_until="2026-12-31")
    assert step is not None
    assert step.kind is StepKind.LOCK
    assert step.reason.endswith("; the article knows no excuse (one is recorded until 2026-12-31)")


def test_the_warning_begins_fourteen_days_before_the_lock() -> None:
    assert judge("HCM", "2026-11-06", used="2026-08-20") is None
    step = judge("HCM", "2026-11-07", used="2026-08-20")
    assert step is not None
    assert (step.kind, step.next) == (StepKind.WARN, "lock on 2026-11-21 unless it is used")


@pytest.mark.parametrize(("regulation", "article"), [("ST", "11.2"), ("TS", "9")])
def test_without_a_term_in_the_text_idle_mailboxes_are_only_listed(regulation: str, article: str) -> None:
    step = judge(regulation, "2026-11-22", used="2021-06-01", suspended_on="2021-10-01")
    assert step is not None
    assert (step.kind, step.article, step.since) == (StepKind.REVIEW, article, day("2021-06-01"))
    assert (step.lock_on, step.reclaim_on) == (None, None)
    assert judge(regulation, "2026-11-22", used="2026-08-22") is None


@pytest.mark.parametrize("regulation", ["HCM", "CT", "MR"])
@pytest.mark.parametrize("kind", ["unit", "agency"])
def test_a_units_mailbox_is_reviewed_never_locked_or_reclaimed(regulation: str, kind: str) -> None:
    assert kind_of(judge(regulation, "2026-11-22", used="2021-06-01", kind=kind)) == "review"
    suspended = judge(regulation, "2026-11-22", used="2021-06-01", suspended_on="2021-12-01", kind=kind)
    assert kind_of(suspended) == "review"
    assert (
        judge(regulation, "2026-11-20", used="2026-08-20" if regulation != "MR" else "2026-05-20", kind=kind)
        is None
    )


@pytest.mark.parametrize("regulation", ["HCM", "CT", "MR", "ST", "TS"])
def test_a_list_is_not_judged(regulation: str) -> None:
    assert judge(regulation, "2026-11-22", used="2021-06-01", kind="list") is None


def test_what_lies_before_the_logs_proves_nothing() -> None:
    logs = "2026-09-01 to 2026-11-21"
    step = judge("HCM", "2026-11-16", created="2018-07-02", logs="2026-09-01 to 2026-11-15")
    assert step is not None
    assert (step.kind, step.since, step.lock_on) == (StepKind.UNPROVEN, day("2018-07-02"), day("2026-12-02"))
    assert step.reason == (
        "created on 2018-07-02, not used since; lock due on 2018-10-03, "
        "but the logs are without a gap only from 2026-09-01"
    )
    assert step.next == "lock on 2026-12-02 unless it is used"
    assert kind_of(judge("HCM", "2026-11-22", created="2018-07-02", logs=logs)) == "warn"
    locked = judge("HCM", "2026-12-02", created="2018-07-02", logs="2026-09-01 to 2026-12-01")
    assert locked is not None
    assert (locked.kind, locked.since, locked.origin) == (StepKind.LOCK, day("2026-09-01"), Origin.LOGS)


def test_reclaiming_wants_its_own_proof_after_the_lock() -> None:
    step = judge(
        "HCM", "2026-11-22", used="2026-04-01", suspended_on="2026-07-02", logs="2026-07-15 to 2026-11-21"
    )
    assert step is not None
    assert (step.kind, step.reclaim_on) == (StepKind.UNPROVEN, day("2027-01-16"))
    assert "reclaim due on 2026-10-02" in step.reason


@pytest.mark.parametrize(
    ("last", "kind"), [("2026-11-19", "lock"), ("2026-11-18", "unproven"), ("2026-05-01", "unproven")]
)
def test_logs_older_than_three_days_prove_nothing_about_today(last: str, kind: str) -> None:
    step = judge("HCM", "2026-11-22", used="2026-06-01", logs=f"2025-01-01 to {last}")
    assert kind_of(step) == kind
    if kind == "unproven":
        assert step is not None
        assert step.reason.endswith(f"lock due on 2026-09-02, but the logs end on {last}")
        assert step.next == "read the newer logs, and plan again"


def test_a_term_that_was_not_full_when_the_logs_end_is_not_proven_full() -> None:
    step = judge("HCM", "2026-11-22", used="2026-08-20", logs="2025-01-01 to 2026-11-19")
    assert kind_of(step) == "warn"
    assert kind_of(judge("HCM", "2026-11-22", used="2026-08-20", logs="2025-01-01 to 2026-11-20")) == "lock"


def test_nobody_is_warned_from_old_logs() -> None:
    assert judge("HCM", "2026-11-20", used="2026-08-20", logs="2025-01-01 to 2026-11-10") is None


def test_without_logs_everything_due_is_unproven() -> None:
    box = Mailbox(ADDRESS, created=day("2018-07-02"))
    (step,) = plan([box], {}, None, load("HCM"), day("2026-11-22"))
    assert step.kind is StepKind.UNPROVEN
    assert step.reason.endswith("but no logs cover that time")


def test_the_gravest_steps_come_first_then_unit_and_address() -> None:
    boxes = [
        Mailbox("c@example.org", unit="B", created=day("2018-07-02")),
        Mailbox("d@example.org", unit="A", created=day("2018-07-02"), suspended_on=day("2026-08-01")),
        Mailbox("b@example.org", unit="B", created=day("2018-07-02"), suspended_on=day("2026-08-01")),
        Mailbox("a@example.org", unit="C", created=day("2026-08-10")),
    ]
    logs = Coverage(day("2026-01-01"), day("2026-11-22"))
    steps = plan(boxes, {}, logs, load("HCM"), day("2026-11-22"))
    assert [(step.kind, step.mailbox.address[0]) for step in steps] == [
        ("reclaim", "d"),
        ("reclaim", "b"),
        ("lock", "c"),
        ("lock", "a"),
    ]


def test_every_clock_belongs_to_a_duty() -> None:
    assert set(CLOCKS) <= set(PARAMETERS)
