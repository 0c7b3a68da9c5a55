# SPDX-License-Identifier: GPL-3.0-or-later
"""A real `mailgate serve` process to talk to."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bed.ports import free_ports
from bed.process import wait_for
from gate.milterclient import LOOPBACK, MilterClient

PROGRAM = [str(Path(sys.executable).parent / "mailgate")]
SITE = """
[duties]
attachment-cap = { mode = "enforce", parameters = { limit_mb = 1 } }
auto-forward.mode = "enforce"
sender-domain.mode = "enforce"
spam-report.mode = "enforce"
"""
PATIENCE = 20.0  # seconds


class Running:
    """A gate with two workers.

    `listen` is its [gate] setting, a free port if left out; `settings` are more lines of that table, `top`
    lines at the top of its site file.
    """

    def __init__(
        self,
        folder: Path,
        *,
        listen: str = "",
        program: Sequence[str] = (),
        regulation: str = "soctrang-59-2024",
        top: str = "",
        settings: str = "",
        **environment: str,
    ) -> None:
        self.port, self.metrics_port = free_ports(2)
        self.log, self.printed = folder / "verdicts.log", folder / "printed"
        self.site = folder / "site.toml"
        listen = listen or f"inet:{self.port}@{LOOPBACK}"
        self.where = listen.removeprefix("unix:") if listen.startswith("unix:") else (LOOPBACK, self.port)
        self.site.write_text(
            f'regulation = "{regulation}"\n{top}\n{SITE}[gate]\nlisten = "{listen}"\n'
            f'log = "{self.log}"\nmetrics = "{LOOPBACK}:{self.metrics_port}"\n{settings}\n'
        )
        with self.printed.open("wb") as printed:
            self.process = subprocess.Popen(
                [*(program or PROGRAM), "serve", "--site", str(self.site)],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                env=os.environ | environment,
            )

    def ready(self) -> Self:
        """Wait until it says that it is ready, and its workers and metrics process have their names."""
        wait_for(self._says_ready, PATIENCE, "the gate to be ready")
        wait_for(lambda: len(self.processes("gate-")) == 4, PATIENCE, "the gate's processes")
        return self

    def _says_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "mailgate: ready" in self.said()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            finally:
                self.process.kill()

    def rewrite(self, old: str, new: str) -> None:
        """Replace this in its site file by a new file of the same name."""
        text = self.site.read_text(encoding="utf-8")
        assert old in text
        written = self.site.with_suffix(".new")
        written.write_text(text.replace(old, new), encoding="utf-8")
        written.replace(self.site)

    def said(self) -> str:
        """What it has printed so far."""
        return self.printed.read_text(encoding="utf-8")

    def client(self) -> MilterClient:
        """Connect to it as Postfix does."""
        return MilterClient(self.where)

    def refuses(self) -> bool:
        """Whether nobody takes a connection there any more."""
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, self.port)) != 0

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of one event."""
        text = self.log.read_text(encoding="ascii") if self.log.exists() else ""
        return [line for line in map(json.loads, text.splitlines()) if line["event"] == event]

    def processes(self, name: str) -> list[int]:
        """The process ids of those of its children whose name begins so: "gate-worker", "gate-metrics"."""
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [int(pid) for pid in children if _comm(pid).startswith(name)]

    def kill(self, pid: int) -> None:
        """Kill one of its processes outright, and wait until another has its place."""
        name = _comm(str(pid))
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: any(other != pid for other in self.processes(name)), PATIENCE, f"another {name}")

    def metrics(self) -> dict[str, float]:
        """Every sample that is served, by name and labels as written."""
        address = f"http://{LOOPBACK}:{self.metrics_port}/metrics"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            text = answer.read().decode()
        samples = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}


def _comm(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):  # it ended before, or while, it was looked at
        return ""
