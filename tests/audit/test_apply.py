# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep apply`: what is planned is done once, and what has changed since is left alone."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from audit.sweepoffice import NOW, TODAY, SweepOffice, address, login
from mailaudit.record import intents
from mailaudit.record.intents import Intent
from mailpolicy.clocks.record import Event


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> SweepOffice:
    """An office with its store in SQLite, and one in PostgreSQL."""
    return SweepOffice(tmp_path, request.getfixturevalue("store_url") if request.param != "sqlite" else None)


@pytest.fixture
def office(tmp_path: Path) -> SweepOffice:
    return SweepOffice(tmp_path)


def test_what_is_planned_is_done_and_recorded_and_done_once(shared: SweepOffice) -> None:
    shared.plan()
    for expected in ("done", "done before"):
        done = shared.apply("--json")
        assert done.exit_code == 0, done.output
        assert shared.outcomes(done) == dict.fromkeys(("canbo1", "canbo2", "canbo3"), expected)
        assert shared.closed() == ["canbo1", "canbo2", "canbo3"]
        assert shared.events() == {name: ["locked"] for name in ("canbo1", "canbo2", "canbo3")}
    [entry] = shared.record()["canbo1"]
    assert (entry.by, entry.code, entry.article, entry.day) == ("sweep", "inactivity", "8.1", TODAY)
    assert "3 months were full" in entry.reason
    assert intents.pending(shared.store) == []


def test_who_logged_in_after_the_plan_is_left_alone_and_the_line_is_named(office: SweepOffice) -> None:
    office.plan()
    office.read_logs(login(NOW - timedelta(minutes=59), "canbo2"))
    done = office.apply()
    assert done.exit_code == 0
    assert office.closed() == ["canbo1", "canbo3"]
    [line] = [line for line in done.stdout.splitlines() if "canbo2" in line]
    assert line.startswith("skipped  lock  canbo2@example.org")
    assert "used on" in line
    assert "imap from 192.0.2.7, mail.log:" in line


@pytest.mark.parametrize("command", ["excuse", "confirm"])
def test_who_was_excused_or_confirmed_after_the_plan_is_left_alone(office: SweepOffice, command: str) -> None:
    office.plan()
    until = ["--until", str(TODAY + timedelta(days=30))] if command == "excuse" else []
    assert office.mailbox(command, "canbo1", "--reason", "nghỉ thai sản", *until).exit_code == 0
    done = office.apply()
    assert office.closed() == ["canbo2", "canbo3"]
    [line] = [line for line in done.stdout.splitlines() if "canbo1" in line]
    assert "nghỉ thai sản" in line


def test_a_step_that_was_taken_out_of_the_file_is_not_done(office: SweepOffice) -> None:
    values = office.plan()
    values["steps"] = [step for step in values["steps"] if step["mailbox"] != address("canbo1")]
    office.plan_path.write_text(json.dumps(values), "utf-8")
    assert office.apply().exit_code == 0
    assert office.closed() == ["canbo2", "canbo3"]


def test_a_mailbox_that_was_renamed_is_left_alone_under_both_names(office: SweepOffice) -> None:
    office.plan()
    assert office.apply().exit_code == 0
    boxes = office.boxes()
    boxes[address("canbo4.moi")] = boxes.pop(address("canbo4"))
    (office.folder / "boxes.csv").write_text(
        "address,unit,created\n" + "".join(f"{box},{unit},2018-07-02\n" for box, unit in boxes.items()),
        "utf-8",
    )
    planned = {step["mailbox"]: step["step"] for step in office.plan()["steps"]}
    assert planned.get(address("canbo4.moi")) is None
    assert address("canbo4") not in planned


def test_a_planned_mailbox_that_is_renamed_meanwhile_is_skipped(office: SweepOffice) -> None:
    office.plan()
    boxes = office.boxes()
    boxes[address("canbo1.moi")] = boxes.pop(address("canbo1"))
    office.list_boxes(boxes)
    done = office.apply()
    assert "no longer in the directory: removed, or renamed" in done.stdout
    assert office.closed() == ["canbo2", "canbo3"]


def test_a_duty_that_is_switched_off_plans_nothing(office: SweepOffice) -> None:
    office.settings("[audit.sweep]", '[duties.inactivity]\nmode = "off"\n[audit.sweep]')
    assert office.plan()["steps"] == []


def test_one_mailbox_that_the_server_refuses_is_told_and_the_others_are_done(office: SweepOffice) -> None:
    office.plan()
    office.settings(
        'WHERE mail = :address"\nunlock', "WHERE mail = :address AND mail NOT LIKE 'canbo2%'\"\nunlock"
    )
    done = office.apply("--json")
    assert done.exit_code == 1
    assert office.outcomes(done) == {"canbo1": "done", "canbo2": "failed", "canbo3": "done"}
    office.settings(" AND mail NOT LIKE 'canbo2%'", "")
    again = office.apply("--json")
    assert again.exit_code == 0
    assert office.outcomes(again) == {"canbo1": "done before", "canbo2": "done", "canbo3": "done before"}


def test_only_the_unit_and_those_below_it_are_seen_and_touched(office: SweepOffice) -> None:
    office.plan()
    done = office.apply("--unit", "Phòng A")
    assert done.exit_code == 0
    assert office.closed() == ["canbo1", "canbo2"]
    assert "canbo3" not in done.output
    of_unit = office.plan("--unit", "Phòng B")
    assert {step["mailbox"] for step in of_unit["steps"]} == {address("canbo3")}
    assert of_unit["not_in_directory"] == []


def test_a_unit_that_there_is_not_is_said(office: SweepOffice) -> None:
    done = office.run("sweep", "plan", "--site", str(office.site), "--unit", "Phòng Ạ")
    assert (done.exit_code, 'no unit "Phòng Ạ"; expected "Phòng' in done.stderr) == (2, True)


def begun(office: SweepOffice, name: str, event: Event = Event.LOCKED) -> None:
    """As if a sweep had been killed after it closed this mailbox and before it recorded that."""
    keys = {step["mailbox"]: step["key"] for step in office.plan()["steps"]}
    intent = Intent(keys[address(name)], address(name), event, NOW, "p", "inactivity", "8.1", "vì lâu")
    intents.begin(office.store, intent)
    lock(office, name)


def lock(office: SweepOffice, name: str) -> None:
    with sqlite3.connect(office.folder / "users.sqlite") as users:
        users.execute("UPDATE users SET closed = 1 WHERE mail = ?", [address(name)])


def test_a_lock_that_was_cut_off_is_finished_by_a_later_plan(office: SweepOffice) -> None:
    begun(office, "canbo1")
    done = office.apply()
    assert "canbo1@example.org: locked was begun" in done.stdout
    assert office.events()["canbo1"] == ["locked"]
    assert intents.pending(office.store) == []


def test_a_lock_that_was_cut_off_is_taken_back_when_it_is_no_longer_due(office: SweepOffice) -> None:
    begun(office, "canbo1")
    assert office.mailbox("confirm", "canbo1", "--reason", "công văn 12").exit_code == 0
    office.plan()
    done = office.apply()
    assert "it is no longer due, and was taken back" in done.stdout
    assert office.closed() == ["canbo2", "canbo3"]
    assert office.events()["canbo1"] == ["confirmed", "unlocked"]
    assert intents.pending(office.store) == []
