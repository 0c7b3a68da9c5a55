# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters about what `mailaudit sweep` plans and does, queued with what they tell of."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta

from audit.sweepoffice import NOW, TODAY, SweepOffice, address, login
from mailaudit.notices import outbox
from mailaudit.sweep import told
from mailpolicy.clocks.record import Entry
from mailpolicy.clocks.workingdays import add_working_days
from mailpolicy.regulation import load


@pytest.fixture
def office(tmp_path: Path) -> SweepOffice:
    return SweepOffice(tmp_path)


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


def locked_in_cantho(folder: Path) -> tuple[SweepOffice, Entry]:
    """An office that has just locked canbo1, and the entry that says so."""
    office = SweepOffice(folder, regulation="CT")
    office.with_notices()
    office.plan()
    office.apply()
    return office, office.record()["canbo1"][0]


def test_cantho_counts_its_fifteen_days_from_the_day_the_letter_went_out(tmp_path: Path) -> None:
    office, lock = locked_in_cantho(tmp_path)
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
    office, lock = locked_in_cantho(tmp_path)
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
