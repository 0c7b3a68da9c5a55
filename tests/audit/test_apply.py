# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep apply`: what is planned is done once, and nothing on doubtful grounds."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta

from audit.sweepoffice import LONG_IDLE, NOW, TODAY, USED, SweepOffice, address, login
from mailaudit.notices import outbox
from mailaudit.record import entries, intents
from mailaudit.record.intents import Intent
from mailaudit.record.sole import only_one_sweep
from mailaudit.sweep import told
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.workingdays import add_working_days
from mailpolicy.officetime import begin_of
from mailpolicy.regulation import load


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


def test_a_duty_that_is_switched_off_plans_nothing(office: SweepOffice) -> None:
    office.settings("[audit.sweep]", '[duties.inactivity]\nmode = "off"\n[audit.sweep]')
    assert office.plan()["steps"] == []


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


def test_two_at_once_do_not_get_in_each_others_way(office: SweepOffice) -> None:
    office.plan()
    with only_one_sweep(office.store):
        done = office.apply()
    assert done.exit_code == 2
    assert "another mailaudit is locking or opening mailboxes" in done.stderr


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


Letters = Callable[[SweepOffice], set[tuple[str, str, str]]]


@pytest.fixture
def letters() -> Letters:
    """What is queued: the occasion, the mailbox and who is written to."""

    def kept(office: SweepOffice) -> set[tuple[str, str, str]]:
        with office.store.recording() as connection:
            found = [one.notice for one in outbox.kept(connection)]
        return {(str(one.occasion), one.mailbox.partition("@")[0], one.recipient) for one in found}

    return kept


def test_the_letters_about_a_lock_are_queued_with_its_entry_and_once(
    office: SweepOffice, letters: Letters
) -> None:
    office.with_notices()
    office.plan()
    for _ in range(2):
        assert office.apply().exit_code == 0
        told = {
            to for occasion, mailbox, to in letters(office) if (occasion, mailbox) == ("locked", "canbo1")
        }
        assert told == {address("canbo1"), address("giamdoc")}


def test_cantho_locks_nobody_whose_agency_cannot_be_told(tmp_path: Path, letters: Letters) -> None:
    office = SweepOffice(tmp_path, regulation="CT")
    office.plan()
    done = office.apply("--json")
    assert done.exit_code == 1
    assert set(office.outcomes(done).values()) == {"left"}
    assert (office.closed(), office.events()) == ([], {})
    office.with_notices()
    assert office.apply().exit_code == 0
    assert office.closed() == ["canbo1", "canbo2", "canbo3"]
    assert ("locked", "canbo1", address("giamdoc")) in letters(office)


def test_a_warning_is_a_letter_and_without_one_it_is_not_recorded(
    office: SweepOffice, letters: Letters
) -> None:
    soon = TODAY - relativedelta(months=3) + timedelta(days=5)
    office.read_logs(login(soon, "canbo8"), login(NOW - timedelta(minutes=50), "canbo9"))
    office.list_boxes(office.boxes(), "canbo8")
    office.settings("max_share = 0.5", "max_count = 1\nmax_share = 0.5")
    values = office.plan()
    warned = [step for step in values["steps"] if step["step"] == "warn"]
    values["steps"] = warned
    office.plan_path.write_text(json.dumps(values), "utf-8")
    assert [step["mailbox"] for step in warned] == [address("canbo8")]
    done = office.apply()
    assert "nobody can be told" in done.stdout
    assert office.events() == {}
    office.with_notices()
    assert office.apply().exit_code == 0
    assert office.events() == {"canbo8": ["warned"]}
    [entry] = office.record()["canbo8"]
    assert str(entry.warned_of) == warned[0]["lock_on"]
    assert ("warned", "canbo8", address("canbo8")) in letters(office)
    assert [step["step"] for step in office.plan()["steps"] if step["mailbox"] == address("canbo8")] == []


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


def test_cantho_counts_its_fifteen_days_from_the_day_the_letter_went_out(tmp_path: Path) -> None:
    office = SweepOffice(tmp_path, regulation="CT")
    office.with_notices()
    office.plan()
    office.apply()
    lock = office.record()["canbo1"][0]
    sent(office, "canbo1", NOW + timedelta(days=3))
    for _ in range(2):
        told.record_late_letters(office.store, load("CT"))
        assert office.events()["canbo1"] == ["locked", "notified"]
    notified = office.record()["canbo1"][1]
    assert notified.day - lock.day == timedelta(days=3)
    steps = office.plan("--as-of", str(notified.day))["steps"]
    [after] = [one for one in steps if one["mailbox"] == address("canbo1")]
    assert after["answer_by"] == str(add_working_days(notified.day, 15))


def test_a_lock_is_told_once_its_agencys_letter_has_gone_out(tmp_path: Path) -> None:
    office = SweepOffice(tmp_path, regulation="CT")
    office.with_notices()
    office.plan()
    office.apply()
    lock = office.record()["canbo1"][0]
    assert not told.is_told(office.store, lock)
    sent(office, "canbo1", NOW)
    assert told.is_told(office.store, lock)


def sent(office: SweepOffice, name: str, time: datetime) -> None:
    """As `mailaudit notices send` leaves the letters about a mailbox."""
    queued, sending, done = outbox.State.QUEUED, outbox.State.SENDING, outbox.State.SENT
    with office.store.recording() as connection:
        for letter in outbox.kept(connection, mailbox=address(name)):
            assert outbox.change(connection, letter.notice, queued, sending, said="", now=time)
            assert outbox.change(connection, letter.notice, sending, done, said="250 ok", now=time)


def test_the_plan_is_mailed_to_the_approver_once(office: SweepOffice) -> None:
    done = office.run("sweep", "plan", "--site", str(office.site), "--to-approver")
    assert (done.exit_code, "audit.notices.approver" in done.stderr) == (2, True)
    office.with_notices()
    for _ in range(2):
        office.plan("--to-approver")
    with office.store.recording() as connection:
        [letter] = outbox.kept(connection)
    assert letter.notice.recipient == address("quantri")
    whole = message_from_bytes(letter.notice.content, policy=policy.default)
    [attached] = [part.get_content() for part in whole.walk() if part.get_filename()]
    assert "canbo1@example.org" in attached
