# SPDX-License-Identifier: GPL-3.0-or-later
"""A sweep that is killed at any moment, and run again, has done everything once and forgotten nothing."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from audit.folderstorage import FolderStorage
from audit.sweepoffice import IDLE_BOXES, TODAY, SweepOffice, address
from mailaudit.directory import office as offices
from mailaudit.enforcement import open as open_servers
from mailaudit.enforcement.sql import SqlLock
from mailaudit.notices import outbox
from mailaudit.record import entries, intents
from mailaudit.store import Store
from mailaudit.sweep.apply import Application, Asked, Report
from mailaudit.sweep.carry import Servers
from mailaudit.sweep.here import Here
from mailaudit.sweep.letters import Letters
from mailaudit.sweep.plan import Reach
from mailaudit.sweep.planfile import read
from mailaudit.sweep.rules import in_force
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import begin_of

FORK = multiprocessing.get_context("fork")
MOMENTS: list[tuple[Any, str]] = [
    (intents, "begin"),
    (SqlLock, "lock"),
    (FolderStorage, "archive"),
    (intents, "archived"),
    (FolderStorage, "remove"),
    (entries, "write"),
    (outbox, "queue"),
    (intents, "end"),
]
MAIL = ("thư 1", "thư 2", "thư 3")


@pytest.fixture
def office(tmp_path: Path) -> SweepOffice:
    """canbo1 was locked four months ago and is to be reclaimed; canbo2 and canbo3 are to be locked."""
    office = SweepOffice(tmp_path, long_idle=("canbo1",))
    office.with_notices()
    locked_on = TODAY - relativedelta(months=3, days=20)
    with office.store.recording() as connection:
        time = begin_of(locked_on)
        lock = Entry(
            address("canbo1"),
            Event.LOCKED,
            time,
            locked_on,
            "inactivity",
            "8.1",
            "sweep",
            "vì lâu",
            key="old",
        )
        entries.write(connection, lock)
    storage = FolderStorage(tmp_path)
    for name in IDLE_BOXES:
        storage.fill(address(name), *MAIL)
    office.plan()
    return office


def apply(office: SweepOffice) -> Report:
    """As `mailaudit sweep apply --reclaim` does, with mailboxes that are folders."""
    here = offices.load(office.site)
    listing = here.listing()
    assert here.audit.enforcement
    lock, _ = open_servers(here.audit.enforcement, office.folder)
    servers = Servers(lock, FolderStorage(office.folder))
    place = Here(office.store, listing, in_force(here.site), Reach(listing.mailboxes, listing.units), here)
    application = Application(place, read(office.plan_path), servers, Letters(here, listing))
    return application.run(Asked(reclaim=True), lambda: None)


def killed(office: SweepOffice, owner: Any, name: str, when: str, calls: int) -> bool:
    """Apply in another process, which dies at this call of a function; False if it never came to it."""

    def run() -> None:
        real: Callable[..., Any] = getattr(owner, name)
        left = [calls]

        def counted(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*args, **kwargs)
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(owner, name, counted)
        apply(office)

    process = FORK.Process(target=run)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def is_all_done(office: SweepOffice) -> None:
    storage = FolderStorage(office.folder)
    assert office.closed() == ["canbo1", "canbo2", "canbo3"]
    assert office.events() == {
        "canbo1": ["locked", "reclaimed"], "canbo2": ["locked"], "canbo3": ["locked"],
    }  # fmt: skip
    assert storage.messages(address("canbo1")) == []
    archive = Path(office.record()["canbo1"][-1].archive)
    assert sorted(file.read_text() for file in archive.iterdir()) == sorted(MAIL)
    assert storage.messages(address("canbo2")) == sorted(MAIL)
    assert intents.pending(office.store) == []
    with office.store.recording() as connection:
        told = [(one.notice.event, one.notice.recipient) for one in outbox.kept(connection)]
    assert len(told) == len(set(told))
    assert {key.partition("@")[0] for key, _ in told} == {"canbo1", "canbo2", "canbo3"}


def test_without_a_kill_everything_is_done(office: SweepOffice) -> None:
    report = apply(office)
    assert [str(one.outcome) for one in report.results] == ["done"] * 3, report
    is_all_done(office)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment[1])
def test_killed_at_every_call_and_run_again_everything_is_done_once(
    office: SweepOffice, moment: tuple[Any, str], when: str
) -> None:
    """One run after the other is killed, each one call later, until one comes to its end."""
    calls = 1
    while killed(office, *moment, when, calls):
        calls += 1
        for entry_events in office.events().values():
            assert len(entry_events) == len(set(entry_events))
    assert calls > 1
    is_all_done(office)


@pytest.mark.parametrize("calls", [2, 5, 9])
def test_killed_at_a_transactions_end_and_run_again_everything_is_done_once(
    office: SweepOffice, calls: int
) -> None:
    assert killed(office, Store, "recording", "before", calls)
    apply(office)
    is_all_done(office)


def test_mail_that_came_after_an_archive_was_cut_off_is_archived_too(office: SweepOffice) -> None:
    assert killed(office, FolderStorage, "remove", "before", 1)
    storage = FolderStorage(office.folder)
    (storage.mail / address("canbo1") / "new").write_text("thư mới")
    apply(office)
    archive = Path(office.record()["canbo1"][-1].archive)
    assert sorted(file.read_text() for file in archive.iterdir()) == sorted([*MAIL, "thư mới"])
    assert storage.messages(address("canbo1")) == []


def test_mail_that_was_removed_when_it_was_cut_off_comes_back_if_it_is_no_longer_due(
    office: SweepOffice,
) -> None:
    assert killed(office, FolderStorage, "remove", "after", 1)
    assert FolderStorage(office.folder).messages(address("canbo1")) == []
    confirmed = replace(office.record()["canbo1"][0], event=Event.CONFIRMED, key="", day=TODAY)
    with office.store.recording() as connection:
        entries.write(connection, confirmed)
    report = apply(office)
    assert any("was taken back" in note for note in report.notes)
    assert FolderStorage(office.folder).messages(address("canbo1")) == sorted(MAIL)
    assert office.events()["canbo1"] == ["locked", "confirmed", "restored"]
    assert office.closed() == ["canbo2", "canbo3"]


def test_a_reclaim_that_was_cut_off_and_is_no_longer_due_leaves_another_lock_closed(
    office: SweepOffice,
) -> None:
    assert killed(office, FolderStorage, "remove", "after", 1)
    revoked = replace(
        office.record()["canbo1"][0], event=Event.REVOKED, code="emergency-revocation", key="", day=TODAY
    )
    with office.store.recording() as connection:
        entries.write(connection, revoked)
    apply(office)
    assert FolderStorage(office.folder).messages(address("canbo1")) == sorted(MAIL)
    assert office.events()["canbo1"] == ["locked", "revoked"]
    assert "canbo1" in office.closed()
    assert intents.pending(office.store) == []
