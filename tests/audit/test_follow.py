# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs are read while they are written, rotated, cut short and put back."""

import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mailaudit.follow.followed
from audit.maillog import START, day_of_work, login
from audit.office import WRITTEN, Office
from audit.readlog import analysis
from mailaudit.follow.follower import Follower
from mailaudit.lock import only_one

LOG = day_of_work(people=5, lines=60)


class Desk:
    """A follower that looks when it is told to, and the log it follows."""

    def __init__(self, office: Office, *names: str) -> None:
        self.office, self.said = office, list[str]()
        self.names = names or ("mail.log",)
        self.restart()

    def restart(self) -> None:
        paths = [self.office.logs / name for name in self.names]
        self._follower = Follower(
            self.office.store, paths, threading.Event(), self.said.append, analysis=analysis()
        )

    def look(self) -> int:
        """How many lines there are in the store now."""
        self._follower.look()
        return sum(self.office.kinds().values())

    def append(self, lines: list[str], name: str = "mail.log") -> None:
        with (self.office.logs / name).open("a") as file:
            file.writelines(lines)
        os.utime(self.office.logs / name, (WRITTEN, WRITTEN))

    def lag(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads((self.office.home / "follow.json").read_text())["logs"]
        return found


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_what_is_added_is_read_at_the_next_look(desk: Desk) -> None:
    desk.append(LOG[:10])
    assert desk.look() == 10
    assert desk.look() == 10
    desk.append([*LOG[10:30], LOG[30][:20]])
    assert desk.look() == 30
    desk.append([LOG[30][20:]])
    assert desk.look() == 31


def test_a_log_that_is_not_there_yet_is_waited_for_and_said_once(desk: Desk) -> None:
    assert [desk.look(), desk.look()] == [0, 0]
    assert desk.said == [f"{desk.office.logs}/mail.log: No such file or directory; it is waited for"]
    assert [each["is_there"] for each in desk.lag()] == [False]
    desk.append(LOG[:5])
    assert desk.look() == 5


def test_a_log_that_is_renamed_is_read_to_its_end_before_the_new_one(desk: Desk) -> None:
    desk.append(LOG[:10])
    desk.look()
    desk.append(LOG[10:20])
    (desk.office.logs / "mail.log").rename(desk.office.logs / "mail.log.1")
    assert desk.look() == 20
    desk.append(LOG[20:25], "mail.log.1")  # syslog has not been told yet
    desk.append(LOG[25:40])
    assert desk.look() == 40
    assert [Path(source.path).name for source in desk.office.store.sources()] == ["mail.log.1", "mail.log"]


def test_a_renamed_log_is_let_go_when_it_grows_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.append(LOG[:10])
    desk.look()
    (desk.office.logs / "mail.log").rename(desk.office.logs / "mail.log.1")
    monkeypatch.setattr(mailaudit.follow.followed, "LINGER", -1.0)
    desk.append(LOG[10:20])
    assert desk.look() == 20
    assert not any(link == f"{desk.office.logs}/mail.log.1" for link in _open_files())


def _open_files() -> Iterator[str]:
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink():
            yield str(link.readlink())


@pytest.mark.parametrize("after", [5, 30], ids=["shorter", "longer"])
def test_a_log_that_is_copied_and_cut_short_loses_nothing(desk: Desk, after: int) -> None:
    desk.append(LOG[:10])
    desk.look()
    desk.append(LOG[10:20])
    path = desk.office.logs / "mail.log"
    desk.office.write("mail.log.1", path.read_bytes())
    path.write_bytes(b"")
    desk.append(LOG[20 : 20 + after])
    desk.look()
    assert desk.look() == 20 + after


@pytest.mark.parametrize("name", ["mail.log.1", "mail.log-20261121", "mail-20261121.log", "mail.log.2.gz"])
def test_after_a_pause_the_rotated_log_is_read_first(desk: Desk, name: str) -> None:
    desk.append(LOG[:10])
    desk.look()
    desk.append(LOG[10:20])
    rotated = (desk.office.logs / "mail.log").read_bytes()
    (desk.office.logs / "mail.log").unlink()
    desk.office.write(name, rotated)
    desk.append(LOG[20:40])
    desk.restart()
    assert desk.look() == 40
    assert desk.office.kinds() == _clean(desk.office)


def _clean(office: Office) -> object:
    other = Office(office.logs, office.home.parent / "clean")
    other.ingest(other.write("whole", LOG[:40]))
    return other.kinds()


def test_other_logs_of_a_like_name_are_left_alone(desk: Desk) -> None:
    desk.append(LOG[:10])
    for name in ("mail.err", "mail.login", "mailman.log", "mail-in.log"):
        desk.append([login(START + timedelta(days=1), f"{name}@example.org")], name)
    assert desk.look() == 10


def test_old_rotated_logs_are_not_opened_again(desk: Desk) -> None:
    desk.append([login(datetime.fromisoformat("2026-11-21T10:00"), "a@example.org")])
    desk.look()
    desk.office.write("mail.log.9", LOG[:10], WRITTEN - 30 * 86400)
    desk.restart()
    assert desk.look() == 1


def test_several_logs_are_followed_together_and_a_line_in_two_counts_once(office: Office) -> None:
    desk = Desk(office, "mail.log", "mail.err", "other.log")
    later = [login(START + timedelta(hours=2, seconds=n), "z@example.org") for n in range(9)]
    for begin in range(0, 60, 20):
        desk.append(LOG[begin : begin + 20])
        desk.append(LOG[begin : begin + 20 : 5], "mail.err")
        desk.append(later[begin // 20 :: 3], "other.log")
        desk.look()
    assert desk.look() == 69


def test_another_ingest_is_waited_for_and_its_lines_are_not_read_again(desk: Desk) -> None:
    desk.append(LOG[:10])
    with only_one(desk.office.home if desk.office.home.exists() else desk.office.store.home):
        assert desk.look() == 0
        assert desk.look() == 0
    assert len(desk.said) == 1
    assert "is ingesting here; wait for it; following tries again" in desk.said[0]
    assert desk.look() == 10
    desk.append(LOG[10:20])
    (desk.office.home / "lock").write_text("1\n")  # as another process leaves it
    desk.office.ingest(desk.office.logs / "mail.log")
    assert desk.look() == 20


def test_the_lag_is_written_where_it_can_be_read(desk: Desk) -> None:
    desk.append([*LOG[:10], "half"])
    desk.look()
    newest = (START + timedelta(seconds=180)).astimezone().timestamp()
    assert desk.lag() == [
        {"path": f"{desk.office.logs}/mail.log", "is_there": True, "newest": newest, "unread": 4}
    ]


def test_small_pieces_are_joined_and_all_stays_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailaudit.follow.tidy.MANY", 8)
    monkeypatch.setattr("mailaudit.follow.follower.MANY", 8)
    now = datetime.now().astimezone().replace(tzinfo=None, microsecond=0)
    start = now.replace(minute=min(now.minute, 50), second=0)
    lines = day_of_work(people=5, lines=70, start=start, apart=1.0)
    for number in range(7):
        desk.append([lines[number]])
        desk.look()
    before = _events(desk.office)
    assert (len(desk.office.store.facts_files()), len(before)) == (7, 7)
    desk.append(lines[7:65])
    assert desk.look() == 65
    assert len(desk.office.store.facts_files()) == 1
    assert _events(desk.office)[:7] == before
    assert desk.office.ingest(desk.office.write("copy", lines[5:65]))[0].copies == 60
    assert len(list(desk.office.store.facts.rglob("*.parquet"))) == 1  # what was joined has gone


def _events(office: Office) -> list[tuple[object, ...]]:
    files = [office.store.facts / path for path in office.store.facts_files()]
    events = pa.concat_tables([pq.ParquetFile(file).read() for file in files]).to_pylist()
    return sorted(tuple(map(str, event.values())) for event in events)
