# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep undo`: locks are taken back, and only those that hold."""

from pathlib import Path

import pytest

from audit.sweepoffice import SweepOffice, address


@pytest.fixture
def office(tmp_path: Path) -> SweepOffice:
    """canbo1 to canbo3 are locked by a plan."""
    office = SweepOffice(tmp_path)
    office.plan()
    assert office.apply().exit_code == 0
    return office


def test_what_a_plan_has_locked_is_opened_and_recorded_with_its_reason(office: SweepOffice) -> None:
    done = office.undo(str(office.plan_path))
    assert done.exit_code == 0
    opened = [f"canbo{number}@example.org: open again" for number in (1, 2, 3)]
    assert sorted(done.stdout.splitlines()) == opened
    assert office.closed() == []
    assert office.events() == {name: ["locked", "unlocked"] for name in ("canbo1", "canbo2", "canbo3")}
    entry = office.record()["canbo1"][-1]
    assert (entry.reason, entry.code, entry.by != "sweep") == ("thử", "inactivity", True)


def test_after_it_the_same_plan_and_a_new_one_lock_nobody(office: SweepOffice) -> None:
    office.undo(str(office.plan_path))
    assert set(office.outcomes(office.apply("--json")).values()) == {"done before"}
    assert [step for step in office.plan()["steps"] if step["step"] == "lock"] == []
    assert office.closed() == []


def test_done_again_it_changes_nothing_and_says_so(office: SweepOffice) -> None:
    office.undo(str(office.plan_path))
    done = office.undo(str(office.plan_path))
    assert done.exit_code == 1
    assert "nothing was changed" in done.stdout
    assert office.events()["canbo1"] == ["locked", "unlocked"]


def test_one_mailbox_is_opened_and_the_others_stay_locked(office: SweepOffice) -> None:
    assert office.undo("--mailbox", "CanBo1@example.org").exit_code == 0
    assert office.closed() == ["canbo2", "canbo3"]


def test_only_the_units_own_are_opened(office: SweepOffice) -> None:
    assert office.undo(str(office.plan_path), "--unit", "Phòng B").exit_code == 0
    assert office.closed() == ["canbo1", "canbo2"]
    done = office.undo("--mailbox", address("canbo1"), "--unit", "Phòng B")
    assert done.exit_code == 1
    assert office.closed() == ["canbo1", "canbo2"]


def test_a_lock_that_another_plan_brought_is_not_this_ones(office: SweepOffice) -> None:
    values = office.plan_path.read_text("utf-8")
    office.plan()
    assert office.undo(str(office.plan_path)).exit_code == 1
    assert office.closed() == ["canbo1", "canbo2", "canbo3"]
    office.plan_path.write_text(values, "utf-8")
    assert office.undo(str(office.plan_path)).exit_code == 0


def test_a_mailbox_that_the_server_keeps_closed_is_told_and_the_others_are_opened(
    office: SweepOffice,
) -> None:
    office.settings(
        "why = '' WHERE mail = :address", "why = '' WHERE mail = :address AND mail NOT LIKE 'canbo2%'"
    )
    done = office.undo(str(office.plan_path))
    assert done.exit_code == 1
    assert "canbo2@example.org: still closed:" in done.stdout
    assert office.closed() == ["canbo2"]
    assert office.events()["canbo2"] == ["locked"]


def test_a_server_that_is_down_is_told_before_anything_is_done(office: SweepOffice) -> None:
    (office.folder / "users.sqlite").rename(office.folder / "elsewhere.sqlite")
    done = office.undo(str(office.plan_path))
    assert done.exit_code == 2
    assert office.events()["canbo1"] == ["locked"]


def test_a_plan_or_a_mailbox_has_to_be_named(office: SweepOffice) -> None:
    assert office.undo().exit_code == 2
