# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep apply` on doubtful grounds: nothing is done, and it is said why and what to do."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta

from audit.sweepoffice import LONG_IDLE, NOW, TODAY, USED, SweepOffice, address, login
from mailaudit.record import entries
from mailaudit.record.sole import only_one_sweep
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import begin_of


@pytest.fixture
def office(tmp_path: Path) -> SweepOffice:
    return SweepOffice(tmp_path)


def refused(office: SweepOffice, *said: str, arguments: tuple[str, ...] = ()) -> None:
    """Nothing is done, and the message says these words."""
    before = office.closed(), office.events()
    done = office.apply(*arguments)
    assert done.exit_code == 1, done.output
    assert "Nothing was changed." in done.stderr
    for words in said:
        assert words in done.stderr
    assert (office.closed(), office.events()) == before


def test_an_old_plan_is_refused(office: SweepOffice) -> None:
    office.plan("--as-of", str(TODAY - timedelta(days=2)))
    refused(office, f"the plan is of {TODAY - timedelta(days=2)}, and may be applied for 1 days; plan again")


def test_a_plan_for_a_day_to_come_is_refused(office: SweepOffice) -> None:
    office.plan("--as-of", str(TODAY + timedelta(days=1)))
    refused(office, f"today is {TODAY}; look at this machine's clock")


def test_a_plan_of_another_store_is_refused(office: SweepOffice, tmp_path: Path) -> None:
    office.plan()
    shutil.rmtree(office.home)
    office.read_logs()
    refused(office, "made from another store")


def test_a_plan_by_other_rules_is_refused(office: SweepOffice) -> None:
    office.plan()
    office.settings(
        "[audit.sweep]", "[duties.inactivity]\nparameters = { lock_after_months = 5 }\n[audit.sweep]"
    )
    refused(office, "other rules than the site's now")


@pytest.mark.parametrize(
    ("setting", "allowed"), [("max_share = 0.1", "at most 2 may be"), ("max_count = 1", "at most 1 may be")]
)
def test_the_breaker_stops_a_plan_that_would_close_too_many(
    office: SweepOffice, setting: str, allowed: str
) -> None:
    office.plan()
    office.settings("max_share = 0.5", setting if "share" in setting else f"max_share = 0.5\n{setting}")
    refused(office, "would lock or reclaim 3 mailboxes", allowed, "take steps out of its file")


def test_the_breaker_counts_what_other_plans_have_closed_on_the_same_day(office: SweepOffice) -> None:
    office.plan("--unit", "Phòng A")
    assert office.apply().exit_code == 0
    assert office.closed() == ["canbo1", "canbo2"]
    office.settings("max_share = 0.5", "max_count = 2")
    office.plan()
    refused(office, "would lock or reclaim 3 mailboxes, with 2 that were closed today")


def test_a_directory_that_lost_much_of_itself_is_refused_unless_that_is_right(office: SweepOffice) -> None:
    office.plan()
    few = {box: unit for box, unit in office.boxes().items() if box[5] in "1239"}
    office.list_boxes(few)
    office.settings("max_share = 0.5", "max_share = 0.9")
    refused(office, "30% or more are gone; see whether it was read by half")
    assert office.apply("--allow-shrink").exit_code == 0
    assert office.closed() == ["canbo1", "canbo2", "canbo3"]


def test_a_directory_that_can_be_read_by_half_only_stops_everything(office: SweepOffice) -> None:
    office.plan()
    with (office.folder / "boxes.csv").open("a") as file:
        file.write('canbo77@example.org,"Phòng')
    done = office.apply()
    assert done.exit_code == 2
    assert "boxes.csv: line" in done.stderr
    assert office.closed() == []


def test_old_logs_stop_everything_and_the_message_says_what_to_do(office: SweepOffice) -> None:
    office.lines.pop()
    (office.folder / "mail.log").unlink()
    shutil.rmtree(office.home)
    office.read_logs()
    office.plan()
    office.settings("max_share = 0.5", "max_share = 0.5\nlog_hours = 5")
    refused(office, "more than 5 hours ago", "`mailaudit ingest`")


def test_logs_that_cover_less_than_when_it_was_planned_stop_everything(office: SweepOffice) -> None:
    """A second host's log turns out to have a gap in it."""
    office.plan()
    host = [login(day, "canbo9").replace(" mail ", " mail2 ") for day in (LONG_IDLE, USED)]
    for number, line in enumerate(host):
        (office.folder / f"mail2.{number}.log").write_text(line, "utf-8")
        assert office.run("ingest", str(office.folder / f"mail2.{number}.log")).exit_code == 0
    refused(office, "now they are so only from", "`mailaudit coverage` shows the gap")


def test_a_clock_behind_the_record_stops_everything(office: SweepOffice) -> None:
    office.plan()
    later = NOW + timedelta(hours=3)
    with office.store.recording() as connection:
        entries.write(connection, Entry(address("canbo9"), Event.EXCUSED, later, TODAY, by="vanthu"))
    refused(office, "but the record is of", "set the clock right")


def test_a_clock_behind_the_logs_stops_everything(office: SweepOffice) -> None:
    office.plan()
    office.read_logs(login(NOW + timedelta(hours=3), "canbo9"))
    refused(office, "but the newest log is of", "set the clock right")


def test_a_store_that_is_gone_stops_everything(office: SweepOffice) -> None:
    office.plan()
    shutil.rmtree(office.home)
    done = office.apply()
    assert done.exit_code == 2
    assert "no store here" in done.stderr
    assert office.closed() == []


def test_a_server_that_is_down_stops_everything_before_anything_is_done(office: SweepOffice) -> None:
    office.plan()
    (office.folder / "users.sqlite").rename(office.folder / "elsewhere.sqlite")
    done = office.apply()
    assert done.exit_code == 2
    assert "users.sqlite" in done.stderr
    assert office.events() == {}


def test_a_site_that_names_no_server_locks_nobody(office: SweepOffice) -> None:
    office.plan()
    text = office.site.read_text("utf-8")
    office.site.write_text(text.partition("[audit.enforcement")[0], "utf-8")
    refused(office, "[audit.enforcement]")


def test_two_at_once_do_not_get_in_each_others_way(office: SweepOffice) -> None:
    office.plan()
    with only_one_sweep(office.store):
        done = office.apply()
    assert done.exit_code == 2
    assert "another mailaudit is locking or opening mailboxes" in done.stderr


def test_what_waits_for_reclaiming_does_not_trip_the_breaker_of_a_night_that_reclaims_nothing(
    tmp_path: Path,
) -> None:
    office = SweepOffice(tmp_path, long_idle=("canbo1", "canbo2"))
    day = TODAY - relativedelta(months=3, days=10)
    for name in ("canbo1", "canbo2"):
        lock = Entry(address(name), Event.LOCKED, begin_of(day), day, "inactivity", "8.1", "sweep", "x")
        with office.store.recording() as connection:
            entries.write(connection, lock)
    office.settings("max_share = 0.5", "max_count = 1")
    steps = {step["mailbox"]: step["step"] for step in office.plan()["steps"]}
    assert steps == {address("canbo1"): "reclaim", address("canbo2"): "reclaim", address("canbo3"): "lock"}
    done = office.apply("--json")
    assert office.outcomes(done) == {"canbo1": "left", "canbo2": "left", "canbo3": "done"}
    refused(office, "would lock or reclaim 3 mailboxes", "storage", arguments=("--reclaim",))
