# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks of units' mailboxes and of revocations: handover to a new head, old mail, emergencies."""

from typing import Any

import pytest

from lives import ADDRESS, day, entry
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.lifecycle import plan
from mailpolicy.regulation import load


def steps(regulation: str, today: str, *entries: Entry, head_since: str = "", **box: Any) -> list[Step]:
    """Plan for a unit's mailbox in use every day."""
    box = {name: day(value) if value[:2] == "20" else value for name, value in box.items()}
    unit = Unit("Văn phòng", head_since=day(head_since) if head_since else None)
    return plan(
        [Mailbox(ADDRESS, **({"kind": Kind.UNIT, "unit": "Văn phòng"} | box))],
        {ADDRESS: Activity(day(today), "imap from 10.0.0.1")},
        None,
        load(regulation),
        day(today),
        records={ADDRESS: entries},
        units=[unit],
    )


def judge(code: str, regulation: str, today: str, *entries: Entry, **more: Any) -> Step | None:
    return next((step for step in steps(regulation, today, *entries, **more) if step.code == code), None)


def test_the_new_head_is_reminded_of_the_password_until_it_is_changed() -> None:
    before = {"head_since": "2026-11-02", "password_changed": "2026-09-01"}
    assert judge("handover", "MR", "2026-11-01", **before) is None
    step = judge("handover", "MR", "2026-11-02", **before)
    assert step is not None
    assert (step.kind, step.article, step.since, step.stage) == (
        StepKind.REMIND,
        "7.5",
        day("2026-11-02"),
        "1",
    )
    reminded = entry(Event.REMINDED, "2026-11-02", "handover")
    assert judge("handover", "MR", "2026-12-01", reminded, **before) is None
    again = judge("handover", "MR", "2026-12-02", reminded, **before)
    assert again is not None
    assert again.stage == "2"
    changed = {"head_since": "2026-11-02", "password_changed": "2026-11-02"}
    assert judge("handover", "MR", "2026-11-03", **changed) is None


@pytest.mark.parametrize(("regulation", "article"), [("HCM", "12.2"), ("TS", "14.2"), ("MR", "7.5")])
def test_a_handover_that_nothing_shows_is_listed_for_a_month(regulation: str, article: str) -> None:
    step = judge("handover", regulation, "2026-12-02", head_since="2026-11-02")
    assert step is not None
    assert (step.kind, step.article) == (StepKind.REVIEW, article)
    assert judge("handover", regulation, "2026-12-03", head_since="2026-11-02") is None


@pytest.mark.parametrize("regulation", ["CT", "ST"])
def test_where_the_text_is_silent_on_handover_nothing_is_said(regulation: str) -> None:
    assert (
        judge("handover", regulation, "2026-11-05", head_since="2026-11-02", password_changed="2026-01-01")
        is None
    )


def test_a_persons_mailbox_is_not_handed_over() -> None:
    assert judge("handover", "MR", "2026-11-05", head_since="2026-11-02", kind=Kind.PERSON) is None


@pytest.mark.parametrize(
    ("today", "listed"),
    [
        ("2026-12-31", False),
        ("2027-01-01", True),
        ("2027-01-07", True),
        ("2027-01-08", False),
        ("2027-07-01", True),
    ],
)
@pytest.mark.parametrize("regulation", ["HCM", "MR"])
def test_old_mail_is_called_to_mind_in_the_first_week_of_each_half_year(
    regulation: str, today: str, listed: bool
) -> None:
    step = judge("old-mail-purge", regulation, today, created="2018-07-02")
    assert (step is not None) == listed
    if step:
        assert step.kind is StepKind.REVIEW


def test_a_mailbox_younger_than_the_term_holds_no_old_mail() -> None:
    assert judge("old-mail-purge", "HCM", "2027-01-01", created="2026-07-01") is None
    assert judge("old-mail-purge", "HCM", "2027-01-02", created="2026-07-01") is not None
    assert judge("old-mail-purge", "HCM", "2027-01-02") is None


def test_a_revoked_mailbox_waits_whatever_the_years_and_gets_no_other_step() -> None:
    revoked = entry(Event.REVOKED, "2026-11-02", "")
    box: dict[str, Any] = {"kind": Kind.PERSON, "created": "2018-07-02", "confirmed_on": "2026-12-01"}
    (step,) = steps("CT", "2029-11-02", revoked, **box)
    assert (step.kind, step.code, step.article) == (StepKind.WAIT, "emergency-revocation", "9.9")
    assert step.next == "it stays locked until people open it"
    assert steps("CT", "2029-11-02", revoked, entry(Event.UNLOCKED, "2029-11-01", ""), **box) == []


@pytest.mark.parametrize("regulation", ["HCM", "MR", "ST", "TS"])
def test_a_revocation_holds_off_the_inactivity_clock_where_the_text_has_no_such_duty_too(
    regulation: str,
) -> None:
    box = Mailbox(ADDRESS, created=day("2018-07-02"))
    revoked = entry(Event.REVOKED, "2026-11-02", "emergency-revocation")
    assert plan([box], {}, None, load(regulation), day("2029-11-05"), records={ADDRESS: [revoked]}) == []
