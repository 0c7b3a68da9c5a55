# SPDX-License-Identifier: GPL-3.0-or-later
"""The record: what is written is read again as it was, once, and nobody can change it."""

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from audit.office import Office, each_store
from mailaudit.enforcement.backend import Archive
from mailaudit.record import entries, intents, runs
from mailaudit.record.intents import Intent
from mailaudit.record.operator import operator
from mailaudit.store import Store, StoreError, database
from mailpolicy.clocks.record import Entry, Event

NIGHT = datetime(2026, 11, 21, 18, 30, 0, 123456, tzinfo=UTC)  # 01:30 on the 22nd in Việt Nam
LOCKED = Entry(
    "canbo1@example.org",
    Event.LOCKED,
    NIGHT,
    date(2026, 11, 22),
    code="inactivity",
    article="8.1",
    by="sweep",
    reason="không dùng từ 20/08/2026",
)
EXCUSED = Entry(
    "canbo2@example.org",
    Event.EXCUSED,
    NIGHT,
    date(2026, 11, 22),
    by="vanthu",
    reason="nghỉ thai sản",
    until=date(2027, 4, 30),
)
WARNED = Entry(
    "canbo1@example.org", Event.WARNED, NIGHT, date(2026, 11, 22), warned_of=date(2026, 12, 1), by="sweep"
)
INTENT = Intent("k", "canbo1@example.org", Event.RECLAIMED, NIGHT, "p", "inactivity", "8.1", "vì lâu")


def write(office: Office, *made: Entry) -> None:
    with office.store.recording() as connection:
        for entry in made:
            assert entries.write(connection, entry)


@each_store
def test_entries_are_read_as_they_were_written_by_mailbox_and_in_their_order(office: Office) -> None:
    write(office, WARNED, EXCUSED, LOCKED)
    assert entries.of_everybody(office.store) == {
        "canbo1@example.org": [WARNED, LOCKED],
        "canbo2@example.org": [EXCUSED],
    }
    assert entries.of_mailbox(office.store, "canbo2@example.org") == [EXCUSED]
    assert entries.last_time(office.store) == NIGHT


def test_an_empty_record_has_no_last_time(office: Office) -> None:
    assert entries.last_time(office.store) is None


@each_store
@pytest.mark.parametrize("statement", ["UPDATE record SET reason = 'x'", "DELETE FROM record"])
def test_the_database_itself_refuses_to_change_or_remove_an_entry(office: Office, statement: str) -> None:
    write(office, LOCKED)
    engine = database.postgresql(office.url) if office.url else database.sqlite(office.home / "store.sqlite")
    with pytest.raises(sa.exc.DatabaseError, match="only added to"), engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert entries.of_mailbox(office.store, LOCKED.mailbox) == [LOCKED]


@each_store
def test_the_entry_of_a_step_is_written_once(office: Office) -> None:
    store = office.store
    step = replace(LOCKED, key="step")
    for expected in (True, False):
        with store.recording() as connection:
            assert entries.write(connection, step) is expected
    assert entries.of_mailbox(store, LOCKED.mailbox) == [step]
    assert (entries.entry_of(store, "step"), entries.entry_of(store, "other")) == (step, None)


@each_store
def test_what_fails_in_a_transaction_leaves_nothing_of_it(office: Office) -> None:
    store = office.store
    with pytest.raises(ZeroDivisionError), store.recording() as connection:
        entries.write(connection, LOCKED)
        raise ZeroDivisionError
    assert entries.of_everybody(store) == {}


@each_store
def test_an_intent_stays_as_it_was_first_noted_until_its_entry_is_there(
    office: Office, tmp_path: Path
) -> None:
    store = office.store
    assert intents.begin(store, INTENT) == INTENT
    later = Intent("k", INTENT.mailbox, INTENT.event, NIGHT.replace(day=22), "q", "x", "y", "z")
    assert intents.begin(store, later) == INTENT
    archive = Archive(tmp_path, 3, 4567, "ab" * 32)
    assert intents.archived(store, INTENT, archive).archive == archive
    [pending] = intents.pending(store)
    assert pending == intents.begin(store, later)
    assert pending.archive == archive
    with store.recording() as connection:
        intents.end(connection, "k")
    assert intents.pending(store) == []


@each_store
def test_the_last_run_of_each_unit_is_known(office: Office) -> None:
    store = office.store
    assert runs.last(store, "") is None
    whole = runs.Run("a", NIGHT, "vanthu", "", 200)
    room = runs.Run("b", NIGHT, "vanthu", "Phòng Đo đạc", 12)
    for run in (runs.Run("0", NIGHT, "vanthu", "", 7), whole, room):
        runs.note(store, run)
    assert (runs.last(store, ""), runs.last(store, "Phòng Đo đạc")) == (whole, room)


def test_every_store_has_an_identifier_of_its_own_that_stays(office: Office, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    assert office.store.identity() == office.store.identity()
    assert Office.at(tmp_path / "b").store.identity() != office.store.identity()


def test_a_store_that_is_gone_is_told_in_words(office: Office) -> None:
    store = Store(database.sqlite(office.home / "none" / "store.sqlite"), office.home, "")
    with pytest.raises(StoreError, match="the database says"):
        entries.of_everybody(store)


def test_who_called_sudo_is_who_did_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "quantri")
    assert operator() == "quantri"
    monkeypatch.delenv("SUDO_USER")
    assert operator() == "root"


def test_what_is_to_be_recorded_waits_for_an_ingest_to_store_its_batch(office: Office) -> None:
    """Longer than SQLite waits by itself."""
    assert office.store.sources() == []
    writing = sqlite3.connect(office.home / "store.sqlite", check_same_thread=False, isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    ending = threading.Timer(5.5, writing.rollback)
    ending.start()
    write(office, LOCKED)
    ending.join()
    writing.close()
    assert entries.of_mailbox(office.store, LOCKED.mailbox) == [LOCKED]
