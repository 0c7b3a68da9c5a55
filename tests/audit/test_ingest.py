# SPDX-License-Identifier: GPL-3.0-or-later
import gzip
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from audit.maillog import START, day_of_work, delivery, login
from audit.office import Office, each_store
from mailaudit.logs.source import UnreadableError, open_log
from mailaudit.outcome import Outcome

LOG = day_of_work(people=3, lines=40)


def notes(outcomes: list[Outcome]) -> list[list[str]]:
    return [outcome.notes for outcome in outcomes]


@each_store
def test_every_line_is_counted_once(office: Office) -> None:
    outcome = office.ingest(office.write("mail.log", LOG))[0]
    assert (outcome.lines, outcome.unparsed, outcome.notes) == (40, 0, [])
    assert office.kinds() == {"login": 10, "session-end": 10, "client-login": 10, "delivery": 10}


@each_store
def test_reading_a_log_again_changes_nothing(office: Office) -> None:
    path = office.write("mail.log", LOG)
    office.ingest(path)
    before = office.state()
    assert notes(office.ingest(path, path, office.logs)) == [["nothing new"]] * 3
    assert office.state() == before


def test_a_packed_copy_of_a_log_changes_nothing(office: Office) -> None:
    office.ingest(office.write("mail.log", LOG))
    before = office.state()
    assert notes(office.ingest(office.write("mail.log.1.gz", LOG))) == [["nothing new"]]
    assert office.state() == before


def test_a_packed_log_is_known_by_its_content_and_not_by_its_name(office: Office) -> None:
    office.ingest(office.write("mail.gz", LOG).rename(office.logs / "mail.log"))
    assert office.kinds()["login"] == 10


@each_store
def test_a_renamed_log_is_the_same_and_its_evidence_is_found_under_the_new_name(office: Office) -> None:
    path = office.write("mail.log", LOG)
    office.ingest(path)
    counts = office.store.counts()
    renamed = path.rename(office.logs / "mail.log.1")
    office.write("mail.log", [login(START + timedelta(days=1), "new@example.org")])
    office.ingest(renamed)
    assert office.store.counts() == counts
    assert {one.evidence.file for one in office.seen().values()} == {str(renamed)}


@each_store
def test_only_what_was_added_is_read(office: Office) -> None:
    office.ingest(office.write("mail.log", LOG))
    outcome = office.ingest(
        office.write("mail.log", [*LOG, login(START + timedelta(hours=9), "a@example.org")])
    )[0]
    assert outcome.lines == 1
    assert office.kinds()["login"] == 11


@each_store
def test_in_steps_or_at_once_the_same_comes_out(office: Office, tmp_path: Path) -> None:
    at_once = type(office)(office.logs, tmp_path / "at once")
    for end in (1, 2, 7, 40):
        office.ingest(office.write("mail.log", LOG[:end]))
    at_once.ingest(office.logs / "mail.log")
    assert office.kinds() == at_once.kinds()
    assert office.seen() == at_once.seen()
    assert office.store.coverage() == at_once.store.coverage()


@each_store
def test_logs_with_one_beginning_are_two_logs(office: Office) -> None:
    office.ingest(office.write("a.log", LOG), office.write("b.log", LOG[:20] + LOG[30:]))
    assert [source.offset for source in office.store.sources()] == [
        (office.logs / name).stat().st_size for name in ("a.log", "b.log")
    ]
    assert sum(office.kinds().values()) == 40


def test_half_a_line_is_said_and_counted_once_when_it_is_whole(office: Office) -> None:
    text = "".join(LOG).encode()
    path = office.write("mail.log", text[:-30])
    half = len(LOG[-1]) - 30
    assert notes(office.ingest(path)) == [
        [f"half a line at its end ({half} bytes) is left until the rest is there"]
    ]
    assert sum(office.kinds().values()) == 39
    office.ingest(office.write("mail.log", text))
    assert sum(office.kinds().values()) == 40


def test_a_log_that_is_not_even_one_line_waits(office: Office) -> None:
    assert "half a line" in office.ingest(office.write("mail.log", LOG[0].encode()[:-1]))[0].notes[0]
    assert office.store.sources() == []


def test_of_a_packed_log_that_is_cut_off_all_that_is_there_is_read(office: Office) -> None:
    path = office.write("mail.log.gz", LOG)
    path.write_bytes(path.read_bytes()[:-40])
    outcome = office.ingest(path)[0]
    assert 0 < outcome.lines < 40
    assert "cut off gzip data" in outcome.notes[-1]
    office.ingest(office.write("mail.log.gz", LOG))
    assert sum(office.kinds().values()) == 40


def test_of_a_damaged_packed_log_what_stands_before_the_damage_is_read(office: Office) -> None:
    path = office.write("mail.log.gz", [os.urandom(40).hex() + line for line in LOG * 50] + LOG)
    data = bytearray(path.read_bytes())
    data[-2000:-1000] = bytes(1000)
    path.write_bytes(data)
    outcome = office.ingest(path)[0]
    assert "damaged gzip data" in outcome.notes[-1]
    assert outcome.lines > 1000


def test_members_packed_one_after_the_other_are_one_log(office: Office) -> None:
    parts = [gzip.compress("".join(part).encode(), mtime=0) for part in (LOG[:10], LOG[10:])]
    office.ingest(office.write("mail.log", b"".join(parts)))
    assert sum(office.kinds().values()) == 40


def test_what_is_no_log_is_counted_and_said(office: Office) -> None:
    data = bytes(range(256)) * 200 + b"\n"
    outcome = office.ingest(office.write("a.out", data), office.write("empty", b""))
    assert outcome[0].lines == outcome[0].unparsed == data.count(b"\n")
    assert office.kinds() == {"unreadable": data.count(b"\n")}
    assert notes(outcome)[1] == ["empty"]


def test_junk_between_lines_costs_no_line(office: Office) -> None:
    junk = [b"\0" * 5000, b"\xff\xfe", b"x" * 200_000, b"\x01", b""]
    data = b"".join(line.encode() + junk[number % 5] + b"\n" for number, line in enumerate(LOG))
    office.ingest(office.write("mail.log", data))
    assert office.kinds() == {
        "login": 10,
        "session-end": 10,
        "client-login": 10,
        "delivery": 10,
        "unreadable": 40,
    }


def test_a_path_that_cannot_be_read_does_not_keep_the_others_from_it(office: Office) -> None:
    outcomes = office.ingest(office.logs / "none.log", office.write("mail.log", LOG))
    assert [(outcome.error is None, outcome.lines) for outcome in outcomes] == [(False, 0), (True, 40)]


@pytest.fixture
def _nobody() -> Iterator[None]:
    """As root may read anything, be somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_a_log_that_may_not_be_read_is_said(office: Office, request: pytest.FixtureRequest) -> None:
    path = office.write("mail.log", LOG)
    path.chmod(0)
    store = office.store
    request.getfixturevalue("_nobody")
    with pytest.raises(UnreadableError, match=r"mail\.log: Permission denied"), open_log(path, store.home):
        pass


@each_store
def test_many_logs_in_a_folder_are_read_together(office: Office) -> None:
    for day in range(30):
        lines = day_of_work(people=3, lines=40, start=START + timedelta(days=day))
        office.write(f"mail.log-{day:02}" + ".gz" * (day % 2), lines)
    office.ingest(office.logs)
    assert office.kinds()["login"] == 300
    assert len(office.store.coverage()) == 1
    assert office.seen()["canbo0@example.org"].time.date() == (START + timedelta(days=29)).date()


def test_a_position_leads_to_its_line(office: Office) -> None:
    path = office.write("mail.log", "Bắt đầu\r\n".encode() + b"\xff\n" + "".join(LOG).encode())
    office.ingest(path)
    data = path.read_bytes()
    for one in office.seen().values():
        assert data[one.evidence.position :].startswith(one.evidence.line.encode() + b"\n")


def test_a_delivery_is_no_use_of_the_mailbox(office: Office) -> None:
    office.ingest(office.write("mail.log", [delivery(START, "a@example.org")]))
    assert office.seen() == {}


@each_store
def test_an_older_copy_of_a_log_changes_nothing(office: Office) -> None:
    office.ingest(office.write("mail.log", LOG))
    before = office.state()
    for name in ("copy.log", "copy.gz"):
        assert notes(office.ingest(office.write(name, LOG[:30]))) == [["nothing new"]]
    assert office.state() == before


@each_store
@pytest.mark.parametrize("lines", [10, 100], ids=["shorter", "longer"])
def test_a_log_put_back_that_goes_on_in_another_way_loses_no_login(office: Office, lines: int) -> None:
    log = day_of_work(people=3, lines=80)
    path = office.write("mail.log", log)
    office.ingest(path)
    other = [login(START + timedelta(days=1), f"new{number}@example.org") for number in range(lines)]
    outcome = office.ingest(office.write("mail.log", log[:60] + other))[0]
    assert (outcome.lines, outcome.copies) == (lines, 60)
    assert "goes on in another way" in outcome.notes[0]
    assert f"new{lines - 1}@example.org" in office.seen()
    assert notes(office.ingest(path)) == [["nothing new"]]
