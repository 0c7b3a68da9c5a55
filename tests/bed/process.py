# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers as processes: started in sessions of their own, waited for with a limit, ended by the guard."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bed import guard

T = TypeVar("T")

# The server's process notes its own number before it becomes the server: whenever the owner is interrupted,
# either the guard finds the number or, with the folder gone, the server never starts.
_NOTED_START = 'echo $$ > "$0" && exec "$@"'


class BedError(Exception):
    """The bed did not do what was asked in time; the message ends with the last lines of its logs."""


def wait_for(look: Callable[[], T | None], seconds: float, what: str) -> T:
    """What `look` returns as soon as that counts as true; BedError naming `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise BedError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)
    return found


class Processes:
    """Servers whose files lie in one folder, and the guard that ends them and removes the folder.

    `patience` is how many seconds they have to end by themselves once told to.
    """

    def __init__(self, folder: Path, patience: float = 2.0) -> None:
        self.folder = folder
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        (folder / guard.PIDS).mkdir()
        self._guard = subprocess.Popen(
            [sys.executable, "-I", guard.__file__, str(folder), str(patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def start(self, name: str, command: Sequence[str], output: Path) -> None:
        """Start a server that stays in the foreground; what it prints goes to the file `output`."""
        noted = self.folder / guard.PIDS / name
        with output.open("wb") as out:
            self._servers[name] = subprocess.Popen(
                ["/bin/sh", "-c", _NOTED_START, noted, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                cwd="/",
            )

    def stop(self, name: str) -> None:
        """End one server, and wait for it."""
        self._servers[name].terminate()
        self._servers[name].wait(timeout=10)

    def alive(self, name: str) -> bool:
        """Whether the server itself still runs."""
        return self._servers[name].poll() is None

    def pids(self) -> list[int]:
        """Every process that the servers have started and that lives."""
        return guard.members(server.pid for server in self._servers.values())

    def end(self) -> None:
        """End all servers, wait for them, and remove the folder; a second call does nothing."""
        assert self._guard.stdin is not None
        if self._guard.stdin.closed:
            return
        self._guard.stdin.write(b"end\n")
        self._guard.stdin.close()
        for server in self._servers.values():
            server.wait(timeout=60)
        self._guard.wait(timeout=60)
