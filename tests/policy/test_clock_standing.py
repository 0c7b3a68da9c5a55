# SPDX-License-Identifier: GPL-3.0-or-later
"""What record and directory together say of a mailbox: the later of two days, and who may open which lock."""

from datetime import timedelta
from typing import Any

import pytest

from lives import ADDRESS, day, entry
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.standing import Lock, Standing, standing
from mailpolicy.directory import Mailbox, Status

TODAY = "2026-11-22"


def locked(on: str, code: str = "inactivity") -> Entry:
    return entry(Event.LOCKED, on, code=code)


def stands(*entries: Entry, used: str = "", today: str = TODAY, **directory: Any) -> Standing:
    known: dict[str, Any] = {
        key: day(value) if value[:2] == "20" else value for key, value in directory.items()
    }
    box = Mailbox(ADDRESS, **known)
    return standing(box, entries, day(used) if used else None, day(today))


def lock(on: str, code: str = "inactivity", told: str = "") -> Lock:
    return Lock(day(on), code, day(told or on))


def test_a_recorded_lock_holds_with_its_day_and_its_duty() -> None:
    assert stands(locked("2026-11-01", "violations")).lock == lock("2026-11-01", "violations")


def test_a_second_lock_changes_nothing_of_the_first() -> None:
    assert stands(locked("2026-11-01"), locked("2026-11-09", "violations")).lock == lock("2026-11-01")


def test_a_revocation_takes_the_place_of_any_lock() -> None:
    revoked = entry(Event.REVOKED, "2026-11-05")
    assert stands(locked("2026-11-01"), revoked).lock == lock("2026-11-05", "emergency-revocation")
    assert stands(revoked, locked("2026-11-09")).lock == lock("2026-11-05", "emergency-revocation")


def test_of_the_days_in_record_and_directory_the_later_counts() -> None:
    assert stands(locked("2026-11-01"), suspended_on="2026-11-03").lock == lock("2026-11-03")
    assert stands(locked("2026-11-03"), suspended_on="2026-11-01").lock == lock("2026-11-03")
    assert stands(entry(Event.CONFIRMED, "2026-10-01"), confirmed_on="2026-10-05").confirmed_on == day(
        "2026-10-05"
    )
    assert stands(entry(Event.CONFIRMED, "2026-10-07"), confirmed_on="2026-10-05").confirmed_on == day(
        "2026-10-07"
    )


def test_what_the_directory_still_lists_as_locked_is_open_once_it_was_unlocked() -> None:
    opened = stands(entry(Event.UNLOCKED, "2026-11-10"), suspended_on="2026-11-01")
    assert (opened.lock, opened.opened_on) == (None, day("2026-11-10"))
    assert stands(entry(Event.UNLOCKED, "2026-11-10"), suspended_on="2026-11-12").lock == lock("2026-11-12")


@pytest.mark.parametrize("code", ["violations", "password-age", "leavers"])
def test_only_an_unlocking_opens_what_was_not_locked_for_lying_idle(code: str) -> None:
    shut = locked("2026-11-01", code)
    confirmed = entry(Event.CONFIRMED, "2026-11-05")
    assert stands(shut, confirmed, used="2026-11-06", confirmed_on="2026-11-07").lock == lock(
        "2026-11-01", code
    )
    assert stands(shut, entry(Event.UNLOCKED, "2026-11-08")).lock is None


def test_no_confirmation_and_no_use_opens_a_revoked_mailbox() -> None:
    revoked = entry(Event.REVOKED, "2026-11-05")
    still = stands(
        revoked, entry(Event.CONFIRMED, "2026-11-06"), used="2026-11-07", confirmed_on="2026-11-08"
    )
    assert still.lock == lock("2026-11-05", "emergency-revocation")


@pytest.mark.parametrize(
    "opening", [{"used": "2026-11-02"}, {"confirmed_on": "2026-11-01"}, {"confirmed_on": "2026-11-02"}]
)
def test_what_lies_idle_is_opened_by_use_or_confirmation(opening: dict[str, str]) -> None:
    assert stands(locked("2026-11-01"), **opening).lock is None
    assert stands(locked("2026-11-01"), entry(Event.CONFIRMED, "2026-11-01", hour=9)).lock is None


def test_a_use_on_the_day_of_the_lock_was_before_it() -> None:
    assert stands(locked("2026-11-01"), used="2026-11-01").lock == lock("2026-11-01")


def test_a_later_notice_to_the_agency_is_kept_apart_from_the_lock() -> None:
    told = stands(locked("2026-11-01"), entry(Event.NOTIFIED, "2026-11-04", code="inactivity"))
    assert told.lock == lock("2026-11-01", told="2026-11-04")


def test_the_last_excuse_said_counts_so_that_one_can_be_shortened() -> None:
    longer = entry(Event.EXCUSED, "2026-10-01", until=day("2027-03-31"))
    shorter = entry(Event.EXCUSED, "2026-10-02", until=day("2026-12-31"))
    assert stands(longer, shorter).excused_until == day("2026-12-31")
    assert stands(longer, shorter, excused_until="2027-01-15").excused_until == day("2027-01-15")


def test_the_order_in_which_entries_come_plays_no_part() -> None:
    entries = [locked("2026-11-01"), entry(Event.UNLOCKED, "2026-11-03"), locked("2026-11-05", "violations")]
    assert stands(*entries) == stands(*reversed(entries))
    assert stands(*entries).lock == lock("2026-11-05", "violations")


def test_what_is_recorded_of_later_days_plays_no_part() -> None:
    assert stands(locked("2026-11-23")).lock is None
    assert stands(locked("2026-11-01"), entry(Event.UNLOCKED, "2026-11-23")).lock == lock("2026-11-01")


def test_a_reclaimed_mailbox_is_gone_until_it_is_restored_made_anew_or_used() -> None:
    gone = (locked("2026-08-01"), entry(Event.RECLAIMED, "2026-11-01"))
    assert stands(*gone, created="2018-07-02", used="2026-04-30").reclaimed_on == day("2026-11-01")
    assert stands(*gone, created="2026-11-02").reclaimed_on is None
    assert stands(*gone, used="2026-11-02").reclaimed_on is None
    restored = stands(*gone, entry(Event.RESTORED, "2026-11-09"))
    assert (restored.reclaimed_on, restored.lock, restored.opened_on) == (None, None, day("2026-11-09"))


def test_a_mailbox_the_directory_stops_for_another_duty_is_locked_for_that() -> None:
    stopped = stands(status=Status.SUSPENDED, status_reason="violations", suspended_on="2026-11-01")
    assert stopped.lock == lock("2026-11-01", "violations")
    undated = stands(status=Status.LOCKED, status_reason="emergency-revocation")
    assert undated.lock == lock(TODAY, "emergency-revocation")


def test_a_warning_counts_for_its_own_lock_day_and_all_farther_ahead() -> None:
    warned = stands(entry(Event.WARNED, "2026-11-12", warned_of=day("2026-11-21")))
    ahead = {days: warned.warned(day("2026-11-21"), timedelta(days=days)) for days in (14, 7, 1)}
    assert ahead == {14: True, 7: False, 1: False}
    assert not warned.warned(day("2026-11-22"), timedelta(days=14))
