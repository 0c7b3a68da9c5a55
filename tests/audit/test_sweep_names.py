# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose mailbox a name in the logs is."""

from datetime import UTC, datetime

from mailaudit.activity import Activity, Evidence
from mailaudit.sweep.names import match


def used(day: int) -> Activity:
    time = datetime(2026, 11, day, 9, tzinfo=UTC)
    return Activity(time, "imap", "10.0.0.1", "login", Evidence("/var/log/mail.log", day, f"line {day}"))


def test_a_name_in_the_logs_is_the_directorys_address() -> None:
    matched = match({"canbo1@example.org": used(3)}, ["canbo1@example.org", "canbo2@example.org"])
    assert matched.mailboxes == {"canbo1@example.org": used(3)}
    assert matched.strangers == {}


def test_a_name_without_domain_is_the_one_mailbox_of_that_local_part() -> None:
    matched = match({"canbo1": used(3)}, ["canbo1@example.org", "canbo10@example.org"])
    assert matched.mailboxes == {"canbo1@example.org": used(3)}


def test_a_name_that_may_be_either_of_two_mailboxes_keeps_both_from_looking_idle() -> None:
    matched = match({"vanthu": used(3)}, ["vanthu@example.org", "vanthu@example.net"])
    assert matched.mailboxes == {"vanthu@example.org": used(3), "vanthu@example.net": used(3)}


def test_of_two_names_of_one_mailbox_the_later_use_counts_in_any_order() -> None:
    names = {"canbo1": used(5), "canbo1@example.org": used(3)}
    for order in (names, dict(reversed(names.items()))):
        assert match(order, ["canbo1@example.org"]).mailboxes == {"canbo1@example.org": used(5)}


def test_a_mailbox_with_a_detail_of_its_own_is_found_by_the_name_without_it() -> None:
    assert match({"canbo1@example.org": used(3)}, ["canbo1+cu@example.org"]).mailboxes == {
        "canbo1+cu@example.org": used(3)
    }


def test_names_that_are_no_mailbox_of_the_directory_are_strangers() -> None:
    activity = {"canbo1@example.net": used(3), "khach": used(4)}
    matched = match(activity, ["canbo1@example.org"])
    assert matched.mailboxes == {}
    assert matched.strangers == activity
