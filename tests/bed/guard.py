# SPDX-License-Identifier: GPL-3.0-or-later
"""End a bed's servers and remove its folder when its owner says so or dies, even by SIGKILL.

A program with the folder as its argument. It waits for a line on its standard input, which the owner holds
open, or for the end of it.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PIDS = "pids"  # folder of files named after a server, each holding the id of the session the server leads
_PATIENCE = 1.0  # seconds a server has to end by itself after SIGTERM


def leaders(folder: Path) -> list[int]:
    """The process ids of the servers started in the bed's folder."""
    return [int(file.read_text()) for file in (folder / PIDS).glob("*")]


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


def end(folder: Path) -> None:
    """End the servers in order (SIGTERM to each leader), then by force, and remove the folder."""
    sessions = leaders(folder)
    _signal(sessions, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE
    while members(sessions) and time.monotonic() < deadline:
        time.sleep(0.02)
    _signal(members(sessions), signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


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
    end(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
