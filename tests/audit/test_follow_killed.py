# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `mailaudit follow` itself: told to end, and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit.maillog import day_of_work
from audit.office import Office

LOG = day_of_work(people=5, lines=600)
PROGRAM = """
import mailaudit.follow.follower
mailaudit.follow.follower.BETWEEN = 0.05
from mailaudit.cli import app; app()
"""


@contextmanager
def following(office: Office, *paths: object) -> Iterator[subprocess.Popen[str]]:
    """The program, which looks all the time; killed in the end, if it is still there."""
    command = [sys.executable, "-c", PROGRAM, "--home", str(office.home), "follow", *map(str, paths)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(holds: Callable[[], bool]) -> None:
    for _ in range(3600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it has not come to that within three minutes")


def lines_of(office: Office) -> int:
    return sum(office.kinds().values())


def append(path: Path, lines: list[str]) -> None:
    with path.open("a") as file:
        file.writelines(lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_with_0_and_all_that_it_read_is_stored(office: Office, number: int) -> None:
    path = office.logs / "mail.log"
    append(path, LOG[:100])
    with following(office, path) as process:
        until((office.home / "follow.json").exists)
        append(path, LOG[100:])
        until(lambda: lines_of(office) == 600)
        process.send_signal(number)
        assert (process.wait(60), process.stderr and process.stderr.read()) == (0, "")
    assert office.ingest(path)[0].notes == ["nothing new"]


def test_killed_again_and_again_over_a_rotation_it_counts_every_line_once(office: Office) -> None:
    path = office.logs / "mail.log"
    for number in range(4):
        append(path, LOG[number * 100 : number * 100 + 50])
        with following(office, path):
            until(lambda: lines_of(office) > number * 100)  # noqa: B023  called in the same round
            append(path, LOG[number * 100 + 50 : number * 100 + 100])
            time.sleep(0.17 * number)
        if number in (1, 2):
            path.rename(office.logs / f"mail.log.{3 - number}")
    with following(office, path):
        until(lambda: lines_of(office) == 400)
    assert office.kinds() == {
        "login": 100,
        "session-end": 100,
        "client-login": 100,
        "delivery": 100,
    }
    listed = office.store.facts_files()
    office.ingest(path)
    files = {str(file.relative_to(office.store.facts)) for file in office.store.facts.rglob("*.parquet")}
    assert files == listed


def test_a_folder_cannot_be_followed(office: Office) -> None:
    with following(office, office.logs) as process:
        assert process.wait(60) == 2
        assert process.stderr is not None
        assert "a folder; name the logs to follow" in process.stderr.read()


def test_a_zone_that_is_none_is_refused(office: Office) -> None:
    with following(office, "--timezone", "Asia/Saigon2", os.devnull) as process:
        assert process.wait(60) == 2
        assert process.stderr is not None
        assert "Asia/Saigon2" in process.stderr.read()
