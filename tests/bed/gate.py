# SPDX-License-Identifier: GPL-3.0-or-later
"""A real `mailgate serve` for the bed's Postfix to call, with a site file of its own."""

import json
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

from bed.ports import free_ports
from bed.process import BedError, Processes, wait_for

_START = 20.0  # seconds


class Gate:
    """A gate on a loopback port. `site` is the site file's text without its [gate] table.

    `milter` is its address as Postfix writes it. Ends by itself when the process that started it dies.
    """

    def __init__(self, site: str, workers: int = 2) -> None:
        self.port, self.metrics_port = free_ports(2)
        self.milter = f"inet:127.0.0.1:{self.port}"
        self._site = site
        self._workers = workers

    def start(self) -> Self:
        """Start it and wait until it listens; BedError with what it printed if it does not."""
        self.folder = Path(tempfile.mkdtemp(prefix="postwarden-gate-", dir="/tmp"))
        self.log = self.folder / "verdicts.log"
        self.site = self.folder / "site.toml"
        self.site.write_text(self._site + self._settings(), encoding="utf-8")
        self._processes = Processes(self.folder)
        program = str(Path(sys.executable).parent / "mailgate")
        printed = self.folder / "printed"
        self._processes.start("gate", [program, "serve", "--site", str(self.site)], printed)
        try:
            wait_for(self._listens_or_died, _START, "the gate to listen")
            if not self._processes.alive("gate"):
                raise BedError("the gate ended at once")
        except BedError as failure:
            said = printed.read_text(encoding="utf-8", errors="replace")
            self.stop()
            raise BedError(f"{failure}\n{said}") from None
        return self

    def stop(self) -> None:
        """End it, drained, and remove its folder."""
        self._processes.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def pids(self) -> list[int]:
        """Every process of the gate that lives."""
        return self._processes.pids()

    def verdicts(self) -> list[dict[str, Any]]:
        """The verdict lines written so far, oldest first."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["event"] == "verdict"]

    def _settings(self) -> str:
        return (
            f'\n[gate]\nlisten = "inet:{self.port}@127.0.0.1"\nworkers = {self._workers}\n'
            f'metrics = "127.0.0.1:{self.metrics_port}"\nlog = "{self.log}"\n'
        )

    def _listens_or_died(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0 or not self._processes.alive("gate")
