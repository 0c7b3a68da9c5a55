# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sees of long work: on a real terminal, by a pipe, and of work that is soon done."""

import os
import pty
import re
import subprocess
import sys
import threading

import pytest

from mailpolicy import progress

COUNTING = """
with progress.counting("letters", 8) as one_more:
    for _ in range(8):
        time.sleep(0.06)
        one_more()
"""
READING = """
with progress.reading() as told:
    told.total(8_000_000)
    for _ in range(8):
        time.sleep(0.06)
        told.read(1_000_000)
"""
WATCHING = """
begun = time.monotonic()
with progress.watching("usage", lambda: min(99.0, (time.monotonic() - begun) * 190)):
    time.sleep(0.5)
"""
UNKNOWN = """
with progress.watching("usage", lambda: -1.0):
    time.sleep(0.5)
"""
FAILING = """
import threading
try:
    with progress.watching("usage", lambda: 1.0):
        time.sleep(0.5)
        raise KeyError
except KeyError:
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        thread.join(5)  # rich tells its own to end, and does not wait for it
    assert threading.active_count() == 1
"""
WORKS = {"counting": COUNTING, "reading": READING, "watching": WATCHING, "unknown": UNKNOWN}
each_work = pytest.mark.parametrize("work", WORKS.values(), ids=WORKS.keys())
PATIENT = "progress.SOON = progress.BETWEEN_LINES = 600.0"
HURRIED = "progress.SOON = progress.BETWEEN_LINES = 0.2; progress.BETWEEN_LOOKS = 0.05"


def program(work: str, setting: str) -> list[str]:
    """Work that writes to standard output when it is done, as commands do."""
    text = f"import time\nfrom mailpolicy import progress\n{setting}\n{work}\nprint('result')\n"
    return [sys.executable, "-c", text]


def on_terminal(work: str, setting: str = HURRIED, term: str = "xterm") -> tuple[str, str]:
    """What comes on standard output, by a pipe, and what on standard error, a terminal."""
    ours, theirs = pty.openpty()
    size = {"COLUMNS": "100", "LINES": "24", "TERM": term}
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | size
    with subprocess.Popen(
        program(work, setting), stdout=subprocess.PIPE, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while data := os.read(ours, 4096):
                seen += data
        except OSError:  # Linux says so when the other end is closed
            pass
        assert process.stdout is not None
        out = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 0
    return out, seen.decode()


def by_pipe(work: str, setting: str = HURRIED) -> tuple[str, str]:
    done = subprocess.run(program(work, setting), capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (COUNTING, r"letters .*[1-8]/8.*/s.*0:00:0"),
        (READING, r"reading .*/8\.0 MB.*MB/s.*0:00:0"),
        (WATCHING, r"usage .*\d+ % .*0:00:0"),
        (UNKNOWN, r"usage .*0:00:0"),
    ],
    ids=WORKS,
)
def test_on_a_terminal_long_work_has_a_bar_that_is_gone_when_it_is_done(work: str, says: str) -> None:
    out, seen = on_terminal(work)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)
    assert re.search(says, plain)
    assert seen.rstrip("\r\n").endswith("\x1b[2K")  # the line with the bar is wiped
    assert out == "result\n"


@pytest.mark.parametrize(
    ("work", "line"),
    [
        (COUNTING, r"letters: \d of 8, \d+\.\d a second, \d+ s left"),
        (READING, r"read \d\.0 MB of 8\.0 MB, \d+\.\d MB a second, \d+ s left"),
        (WATCHING, r"usage: \d+ s so far, \d+ % done, \d+ s left"),
        (UNKNOWN, r"usage: \d+ s so far"),
    ],
    ids=WORKS,
)
def test_elsewhere_long_work_says_plain_lines(work: str, line: str) -> None:
    out, seen = by_pipe(work)
    assert seen
    assert all(re.fullmatch(line, one) for one in seen.splitlines())
    assert out == "result\n"


@each_work
def test_work_that_is_soon_done_says_nothing_on_a_terminal(work: str) -> None:
    assert on_terminal(work, PATIENT) == ("result\n", "")


@each_work
def test_work_that_is_soon_done_says_nothing_by_a_pipe(work: str) -> None:
    assert by_pipe(work, PATIENT) == ("result\n", "")


@each_work
def test_a_terminal_that_can_move_no_cursor_gets_plain_lines(work: str) -> None:
    out, seen = on_terminal(work, term="dumb")
    assert out == "result\n"
    assert "\x1b" not in seen
    assert re.search(r"so far|a second", seen)


def test_output_within_the_work_stays_on_standard_output() -> None:
    work = "with progress.counting('letters', 2):\n    time.sleep(0.5)\n    print('{}')"
    out, seen = on_terminal(work)
    assert out == "{}\nresult\n"
    assert "letters" in seen
    assert "{}" not in seen


@pytest.mark.parametrize("begin", [
    lambda: progress.counting("letters", 1),
    progress.reading,
    lambda: progress.watching("usage", lambda: 1.0),
])  # fmt: skip
def test_an_error_passes_through_and_no_thread_is_left(begin: object) -> None:
    before = threading.enumerate()
    with pytest.raises(KeyError, match="lost"), begin():  # type: ignore[operator]
        raise KeyError("lost")
    assert threading.enumerate() == before


def test_an_error_on_a_terminal_passes_through_and_leaves_the_cursor_shown() -> None:
    out, seen = on_terminal(FAILING)
    assert out == "result\n"
    assert seen.rfind("\x1b[?25h") > seen.rfind("\x1b[?25l") >= 0
