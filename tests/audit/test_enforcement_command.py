# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes closed by a program of the site: what it is told, and how far it is believed."""

import sys
from pathlib import Path

import pytest

from mailaudit import enforcement
from mailaudit.enforcement import EnforcementError, EnforcementSettings, Lock
from mailaudit.enforcement.command import CommandLock

USER = "canbo1@soctrang.gov.vn"
# Keeps a file of closed mailboxes beside the site file, and notes what it was asked.
PROGRAM = """
import json, pathlib, sys
asked = json.load(sys.stdin)
print(asked, file=open("asked", "a"))
file = pathlib.Path("closed")
closed = set(file.read_text().split()) if file.exists() else set()
if asked["do"] == "lock":
    closed.add(asked["address"])
elif asked["do"] == "unlock":
    closed.discard(asked["address"])
file.write_text(" ".join(closed))
if asked["do"] == "list":
    print(json.dumps(sorted(closed)))
"""


def lock_by(folder: Path, program: str, *arguments: str) -> Lock:
    (folder / "program.py").write_text(program)
    run = [sys.executable, "program.py", *arguments]
    return enforcement.open(EnforcementSettings.model_validate({"lock": {"command": {"run": run}}}), folder)[
        0
    ]


def test_a_program_closes_and_opens(tmp_path: Path) -> None:
    lock = lock_by(tmp_path, PROGRAM)
    lock.check()
    lock.lock(USER, "6 tháng\n'không dùng'")
    lock.lock(USER, "")
    assert lock.locked() == [USER]
    lock.unlock(USER)
    lock.unlock(USER)
    assert lock.locked() == []
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[1] == str({"do": "lock", "address": USER, "reason": "6 tháng\n'không dùng'"})
    assert eval(asked[-3]) == {"do": "unlock", "address": USER}  # noqa: S307  what the program above printed


def test_no_shell_reads_its_arguments(tmp_path: Path) -> None:
    argument = "$(touch shell); `touch shell` *"
    program = f"import sys\nassert sys.argv[1] == {argument!r}\nprint('[]')"
    assert lock_by(tmp_path, program, argument).locked() == []
    assert not (tmp_path / "shell").exists()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys; sys.exit('máy chủ\\x1b[31m từ chối')", "lock: exit status 1: máy chủ .31m từ chối"),
        ("import os; os.kill(os.getpid(), 9)", "lock: exit status -9: nothing"),
        ("", "printed no JSON array of addresses for list: nothing"),
        ("print('{}')", "printed no JSON array of addresses for list: {}"),
        ("print('[1]')", "no JSON array"),
        ("print('[]')", "said that it was done, but canbo1@soctrang.gov.vn is not in its list"),
    ],
)
def test_a_program_that_fails_or_does_not_show_what_it_did_is_not_believed(
    tmp_path: Path, program: str, said: str
) -> None:
    with pytest.raises(EnforcementError, match=said.replace("[", r"\[").replace("{", r"\{")):
        lock_by(tmp_path, program).lock(USER, "")


def test_a_program_that_still_lists_whom_it_opened_is_not_believed(tmp_path: Path) -> None:
    with pytest.raises(EnforcementError, match="is still in its list"):
        lock_by(tmp_path, f"print('[\"{USER}\"]')").unlock(USER)


def test_a_program_that_hangs_is_stopped(tmp_path: Path) -> None:
    lock = CommandLock([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, seconds=0.5)
    with pytest.raises(EnforcementError, match=r"was stopped: list took longer than 0\.5 s"):
        lock.check()


def test_a_program_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnforcementError, match="/nonexistent: can't be run"):
        CommandLock(["/nonexistent"], tmp_path).check()
