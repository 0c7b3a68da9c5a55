# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit mailbox`: one mailbox's whole life, and what people say and do about it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.sweepoffice import TODAY, SweepOffice, address
from mailaudit.notices import outbox
from mailaudit.record import entries
from mailaudit.record.sole import only_one_sweep
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import begin_of
from mailpolicy.snapshot.contents import Contents


@pytest.fixture
def office(tmp_path: Path) -> SweepOffice:
    """canbo1 to canbo3 are locked by a plan."""
    office = SweepOffice(tmp_path)
    office.plan()
    assert office.apply().exit_code == 0
    return office


def life(office: SweepOffice, name: str) -> dict[str, Any]:
    done = office.mailbox("show", name, "--json")
    assert done.exit_code == 0, done.output
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def test_the_whole_life_of_a_mailbox_is_shown(office: SweepOffice) -> None:
    office.mailbox("excuse", "canbo1", "--until", str(TODAY + timedelta(days=9)), "--reason", "nghỉ thai sản")
    told = life(office, "canbo1")
    assert told["directory"]["unit"] == "Phòng A"
    assert told["standing"]["locked_on"] == str(TODAY)
    assert told["standing"]["excused_until"] == str(TODAY + timedelta(days=9))
    assert told["closed_on_server"] is True
    assert [entry["event"] for entry in told["record"]] == ["locked", "excused"]
    [use] = told["uses"]
    assert use["evidence"]["line"].count("user=<canbo1@example.org>") == 1
    [step] = told["steps"]
    assert step["step"] == "wait"
    assert "reclaim" in step["next"]


def test_people_are_shown_the_same_in_words(office: SweepOffice) -> None:
    text = office.mailbox("show", "canbo1").stdout
    for words in (
        "directory: person of Phòng A, active, created",
        f"stands: locked since {TODAY} (inactivity)",
        "server: closed",
        "imap from 192.0.2.7, mail.log:",
        "3 months were full",
        "reclaim on",
    ):
        assert words in text


def test_of_a_mailbox_that_nobody_knows_nothing_is_shown(office: SweepOffice) -> None:
    assert office.mailbox("show", "khongco").exit_code == 1


def test_a_server_that_does_not_answer_keeps_nothing_from_being_shown(office: SweepOffice) -> None:
    (office.folder / "users.sqlite").unlink()
    done = office.mailbox("show", "canbo1")
    assert done.exit_code == 0
    assert "server: not known: " in done.stdout


def test_a_confirmation_opens_what_lay_idle_and_its_time_counts_anew(office: SweepOffice) -> None:
    done = office.mailbox("confirm", "canbo1", "--reason", "công văn 12/VP")
    assert done.exit_code == 0
    assert office.events()["canbo1"] == ["locked", "confirmed", "unlocked"]
    assert office.closed() == ["canbo2", "canbo3"]
    assert address("canbo1") not in {step["mailbox"] for step in office.plan()["steps"]}


def test_an_excuse_said_again_may_be_shorter_and_the_last_one_counts(office: SweepOffice) -> None:
    for days in (30, 3):
        until = str(TODAY + timedelta(days=days))
        assert office.mailbox("excuse", "canbo4", "--until", until, "--reason", "đi công tác").exit_code == 0
    assert life(office, "canbo4")["standing"]["excused_until"] == str(TODAY + timedelta(days=3))


def test_opening_names_the_units_request(office: SweepOffice) -> None:
    assert office.mailbox("unlock", "canbo1").exit_code == 2
    assert office.mailbox("unlock", "canbo1", "--request", "thư của Phòng A, 21/11").exit_code == 0
    assert office.record()["canbo1"][-1].reason == "thư của Phòng A, 21/11"
    assert office.closed() == ["canbo2", "canbo3"]


def test_what_is_not_locked_is_not_opened(office: SweepOffice) -> None:
    done = office.mailbox("unlock", "canbo4", "--request", "x")
    assert (done.exit_code, "no lock of it is recorded" in done.stderr) == (1, True)


@pytest.mark.parametrize(("days", "status"), [(4, 1), (5, 0)])
def test_ho_chi_minh_opens_a_lock_for_a_first_password_after_five_days_only(
    office: SweepOffice, days: int, status: int
) -> None:
    day = TODAY - timedelta(days=days)
    lock = Entry(address("canbo4"), Event.LOCKED, begin_of(day), day, "password-age", "8.3b", "sweep", "x")
    with office.store.recording() as connection:
        entries.write(connection, lock)
    done = office.mailbox("unlock", "canbo4", "--request", "thư của Phòng A")
    assert done.exit_code == status
    assert (f"requests are dealt with from {day + timedelta(days=5)} on" in done.stderr) == bool(status)


def test_an_emergency_closes_at_once_also_while_a_sweep_is_at_work(office: SweepOffice) -> None:
    with only_one_sweep(office.store):
        assert office.mailbox("revoke", "canbo9", "--reason", "mật khẩu bị lộ").exit_code == 0
        assert office.mailbox("unlock", "canbo1", "--request", "x").exit_code == 2
    assert "canbo9" in office.closed()
    [entry] = office.record()["canbo9"]
    assert (entry.event, entry.code, entry.reason) == (
        Event.REVOKED,
        "emergency-revocation",
        "mật khẩu bị lộ",
    )
    assert life(office, "canbo9")["standing"]["locked_under"] == "emergency-revocation"


def test_no_confirmation_opens_what_was_revoked(office: SweepOffice) -> None:
    office.mailbox("revoke", "canbo9", "--reason", "mật khẩu bị lộ")
    assert office.mailbox("confirm", "canbo9", "--reason", "công văn 12").exit_code == 0
    assert "canbo9" in office.closed()
    assert office.mailbox("unlock", "canbo9", "--request", "công văn 13").exit_code == 0
    assert "canbo9" not in office.closed()


def test_who_is_told_of_it_is_told_in_the_same_transaction(office: SweepOffice) -> None:
    office.with_notices()
    office.mailbox("revoke", "canbo9", "--reason", "mật khẩu bị lộ")
    office.mailbox("unlock", "canbo9", "--request", "công văn 13")
    with office.store.recording() as connection:
        told = [str(one.notice.occasion) for one in outbox.kept(connection, mailbox=address("canbo9"))]
    assert set(told) == {"revoked", "unlocked"}
    assert {letter["occasion"] for letter in life(office, "canbo9")["letters"]} == {"revoked", "unlocked"}


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("show", ()),
        ("confirm", ("--reason", "x")),
        ("excuse", ("--until", "2030-01-01", "--reason", "x")),
        ("unlock", ("--request", "x")),
        ("revoke", ("--reason", "x")),
        ("restore", ("--reason", "x")),
    ],
)
def test_who_runs_one_unit_neither_sees_nor_touches_anothers(
    office: SweepOffice, command: str, options: tuple[str, ...]
) -> None:
    before = office.events(), office.closed()
    done = office.mailbox(command, "canbo3", *options, "--unit", "Phòng A")
    assert done.exit_code == 1
    assert "no mailbox of Phòng A or a unit below it" in done.stderr
    assert "locked" not in done.stdout
    assert (office.events(), office.closed()) == before
    assert office.mailbox("show", "canbo2", "--unit", "Phòng A").exit_code == 0


def test_what_was_never_reclaimed_is_not_restored(office: SweepOffice) -> None:
    done = office.mailbox("restore", "canbo1", "--reason", "x")
    assert (done.exit_code, "never reclaimed" in done.stderr) == (1, True)


def test_the_gate_is_told_of_what_the_record_has_as_locked(office: SweepOffice, tmp_path: Path) -> None:
    office.mailbox("revoke", "canbo9", "--reason", "mật khẩu bị lộ")
    office.undo("--mailbox", address("canbo3"))
    to = tmp_path / "snapshot"
    done = office.run("publish", "--site", str(office.site), "--to", str(to))
    assert done.exit_code == 0, done.output
    told = {
        box.address.partition("@")[0]: (str(box.status), box.status_reason)
        for box in Contents(to.read_bytes()).mailboxes()
        if box.status != "active"
    }
    assert told == {
        "canbo1": ("locked", "inactivity"),
        "canbo2": ("locked", "inactivity"),
        "canbo9": ("locked", "emergency-revocation"),
    }
