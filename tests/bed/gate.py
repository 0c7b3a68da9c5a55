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
    """A gate on a loopback port, or on a socket in its folder.

    `site` is the site file's text without its [gate] table, which is written here; `directory` is a whole
    snapshot for it to read; `milter` is its address as Postfix writes it. It ends with the process that
    started it.
    """

    def __init__(
        self, site: str, workers: int = 2, *, unix: bool = False, directory: bytes | None = None
    ) -> None:
        self.port, self.metrics_port = free_ports(2)
        self._site = site
        self._workers = workers
        self._unix = unix
        self._directory = directory

    @property
    def where(self) -> tuple[str, int] | str:
        """The address or path to connect to."""
        return str(self.folder / "gate.sock") if self._unix else ("127.0.0.1", self.port)

    @property
    def milter(self) -> str:
        """The address as Postfix writes it."""
        return f"unix:{self.where}" if self._unix else f"inet:127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it and wait until it listens; BedError with what it printed if it does not."""
        self.folder = Path(tempfile.mkdtemp(prefix="postwarden-gate-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.log = self.folder / "verdicts.log"
        self.site = self.folder / "site.toml"
        self.snapshot = self.folder / "directory"
        self.site.write_text(self._site + self._settings(), encoding="utf-8")
        if self._directory is not None:
            self.snapshot.write_bytes(self._directory)
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
        if self._unix:
            Path(self.milter.removeprefix("unix:")).chmod(0o666)  # Postfix is not in the tests' group
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
        listen = self.milter if self._unix else f"inet:{self.port}@127.0.0.1"
        return (
            f'\n[gate]\nlisten = "{listen}"\nworkers = {self._workers}\n'
            f'metrics = "127.0.0.1:{self.metrics_port}"\nlog = "{self.log}"\n'
            f'snapshot = "{self.snapshot if self._directory is not None else ""}"\n'
        )

    def _listens_or_died(self) -> bool:
        with socket.socket(socket.AF_UNIX if self._unix else socket.AF_INET) as probe:
            return probe.connect_ex(self.where) == 0 or not self._processes.alive("gate")
