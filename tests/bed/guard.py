# SPDX-License-Identifier: GPL-3.0-or-later
"""End a bed's servers and remove its folder when its owner says so or dies, even by SIGKILL.

A program; its arguments are the folder and how many seconds the servers have to end by themselves. It waits
for a line on its standard input, which the owner holds open, or for the end of it.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PIDS = "pids"  # folder of files named after a server, each holding the id of the session the server leads


def leaders(folder: Path) -> list[int]:
    """The process ids of the servers started in the bed's folder."""
    noted = [file.read_text().strip() for file in (folder / PIDS).glob("*")]
    return [int(number) for number in noted if number]


def members(sessions: Iterable[int]) -> list[int]:
    """The process ids that live in these sessions; a zombie does not."""
    wanted = set(sessions)
    processes = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [int(entry.name) for entry in processes if _session(entry) in wanted]


def _session(entry: Path) -> int | None:
    try:
        # proc(5): "pid (name) state ppid pgrp session ..."; the name may hold blanks and brackets.
        state, _ppid, _group, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else int(session)


def end(folder: Path, patience: float) -> None:
    """End the servers (SIGTERM to their leaders, SIGKILL to all after `patience`) and remove the folder."""
    sessions = leaders(folder)
    _signal(sessions, signal.SIGTERM)
    if not _gone(sessions, patience):
        _signal(members(sessions), signal.SIGKILL)
        _gone(sessions, 1.0)
    shutil.rmtree(folder, ignore_errors=True)


def _gone(sessions: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while members(sessions):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def main() -> None:
    # The owner's Ctrl-C and a closing terminal are the moments this process is here for.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.readline()
    end(Path(sys.argv[1]), float(sys.argv[2]))


if __name__ == "__main__":
    main()
