# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords too old, and first passwords that nobody changed, with dates worked out by hand."""

from typing import Any

import pytest

from lives import ADDRESS, day, entry
from mailpolicy.clocks.password_age import unlock_from
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.standing import Lock
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.lifecycle import plan
from mailpolicy.parameters import PasswordAge
from mailpolicy.regulation import load


def judge(regulation: str, today: str, *entries: Entry, used: str = "", **box: Any) -> Step | None:
    box = {name: day(value) if type(value) is str else value for name, value in box.items()}
    activity = {ADDRESS: Activity(day(used), "imap from 10.0.0.1")} if used else {}
    steps = plan(
        [Mailbox(ADDRESS, **box)], activity, None, load(regulation), day(today), records={ADDRESS: entries}
    )
    return next((step for step in steps if step.code == "password-age"), None)


def kind_of(step: Step | None) -> str:
    return str(step.kind) if step else "-"


@pytest.mark.parametrize(
    ("regulation", "kind", "changed", "last_day", "due"),
    [
        ("HCM", Kind.PERSON, "2026-08-20", "2026-11-20", "2026-11-21"),
        ("CT", Kind.PERSON, "2025-11-30", "2026-02-28", "2026-03-01"),
        ("CT", Kind.UNIT, "2026-08-20", "2026-10-20", "2026-10-21"),
        ("CT", Kind.AGENCY, "2025-12-31", "2026-02-28", "2026-03-01"),
        ("ST", Kind.PERSON, "2026-05-20", "2026-11-20", "2026-11-21"),
        ("HCM", Kind.UNIT, "2026-08-20", "2026-11-20", "2026-11-21"),
    ],
)
def test_a_password_is_reminded_of_the_day_after_its_months_are_full(
    regulation: str, kind: Kind, changed: str, last_day: str, due: str
) -> None:
    assert judge(regulation, last_day, kind=kind, password_changed=changed) is None
    step = judge(regulation, due, kind=kind, password_changed=changed)
    assert step is not None
    assert (step.kind, step.since, step.stage, step.next_kind) == (StepKind.REMIND, day(changed), "1", None)


def test_a_reminder_comes_again_after_30_days_until_the_password_is_changed() -> None:
    reminded = entry(Event.REMINDED, "2026-11-21", "password-age")
    assert judge("CT", "2026-12-20", reminded, password_changed="2026-08-20") is None
    again = judge("CT", "2026-12-21", reminded, password_changed="2026-08-20")
    assert again is not None
    assert again.key == f"{ADDRESS}|password-age|remind|2026-08-20|2"
    assert judge("CT", "2026-12-21", reminded, password_changed="2026-11-25") is None


@pytest.mark.parametrize("regulation", ["MR", "TS"])
def test_where_the_text_sets_no_age_an_old_password_is_no_matter(regulation: str) -> None:
    assert judge(regulation, "2026-11-22", password_changed="2019-01-01") is None


@pytest.mark.parametrize("regulation", ["HCM", "CT", "ST", "MR"])
def test_what_the_directory_does_not_tell_of_a_password_proves_nothing(regulation: str) -> None:
    assert judge(regulation, "2026-11-22", used="2026-11-21", created="2019-01-01") is None


FIRST: dict[str, Any] = {"created": "2026-11-02", "password_is_first": True}


def test_a_first_password_is_no_matter_before_the_first_login() -> None:
    assert judge("HCM", "2026-11-22", **FIRST) is None


def test_hcm_locks_a_first_password_a_week_after_the_reminder_and_opens_it_5_days_later() -> None:
    reminder = judge("HCM", "2026-11-05", used="2026-11-04", **FIRST)
    assert reminder is not None
    assert (reminder.kind, reminder.next_kind) == (StepKind.REMIND, StepKind.LOCK)
    assert reminder.next_on == reminder.lock_on == day("2026-11-12")
    reminded = entry(Event.REMINDED, "2026-11-05", "password-age")
    assert judge("HCM", "2026-11-11", reminded, used="2026-11-10", **FIRST) is None
    lock = judge("HCM", "2026-11-12", reminded, used="2026-11-10", **FIRST)
    assert lock is not None
    assert (lock.kind, lock.article, lock.unlock_from) == (StepKind.LOCK, "8.3b", day("2026-11-17"))
    wait = judge(
        "HCM",
        "2026-11-13",
        reminded,
        entry(Event.LOCKED, "2026-11-12", "password-age"),
        used="2026-11-10",
        **FIRST,
    )
    assert wait is not None
    assert (wait.kind, wait.unlock_from) == (StepKind.WAIT, day("2026-11-17"))


def test_a_first_password_changed_after_the_reminder_is_not_locked() -> None:
    changed = {"created": "2026-11-02", "password_is_first": False, "password_changed": "2026-11-06"}
    assert (
        judge(
            "HCM",
            "2026-11-12",
            entry(Event.REMINDED, "2026-11-05", "password-age"),
            used="2026-11-10",
            **changed,
        )
        is None
    )


def test_after_an_opening_it_takes_another_login_and_another_reminder() -> None:
    past = [
        entry(Event.REMINDED, "2026-11-05", "password-age"),
        entry(Event.LOCKED, "2026-11-12", "password-age"),
        entry(Event.UNLOCKED, "2026-11-18", "password-age"),
    ]
    assert judge("HCM", "2026-11-20", *past, used="2026-11-10", **FIRST) is None
    assert kind_of(judge("HCM", "2026-11-20", *past, used="2026-11-19", **FIRST)) == "remind"


@pytest.mark.parametrize("regulation", ["CT", "ST", "MR"])
def test_elsewhere_a_first_password_is_only_reminded_of(regulation: str) -> None:
    reminder = judge(regulation, "2026-11-05", used="2026-11-04", **FIRST)
    assert reminder is not None
    assert (reminder.kind, reminder.lock_on, reminder.next_kind) == (StepKind.REMIND, None, None)
    past = entry(Event.REMINDED, "2026-11-05", "password-age")
    assert judge(regulation, "2026-12-01", past, used="2026-11-30", **FIRST) is None
    assert kind_of(judge(regulation, "2026-12-05", past, used="2026-11-30", **FIRST)) == "remind"


@pytest.mark.parametrize("regulation", ["HCM", "CT", "ST", "MR"])
def test_a_password_as_old_as_its_mailbox_is_for_people_to_ask_about(regulation: str) -> None:
    same_day = {"created": "2026-11-02", "password_changed": "2026-11-02"}
    assert kind_of(judge(regulation, "2026-11-22", used="2026-11-21", **same_day)) == "review"
    assert judge(regulation, "2026-11-22", used="2026-11-21", password_is_first=False, **same_day) is None
    assert judge(regulation, "2026-11-22", **same_day) is None


def test_a_mailbox_locked_by_another_duty_is_not_reminded() -> None:
    assert (
        judge(
            "CT", "2026-11-22", entry(Event.LOCKED, "2026-11-01", "violations"), password_changed="2026-01-01"
        )
        is None
    )


def test_where_the_text_sets_no_days_a_lock_may_be_opened_at_once() -> None:
    lock = Lock(day("2026-11-12"), "password-age", day("2026-11-12"))
    assert unlock_from(lock, PasswordAge()) is None
    assert unlock_from(lock, PasswordAge(unlock_after_days=5)) == day("2026-11-17")
