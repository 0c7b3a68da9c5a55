# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters that are compared, as processes of their own on loopback, each with two workers."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bed.gate import Gate
from bed.ports import free_port
from bed.process import wait_for

WORKERS = 2
HERE = Path(__file__).parent
RULES = ("attachment-cap", "auto-forward", "sender-domain", "spam-report", "subject-required")
SITE = f'regulation = "{HERE / "five-rules.toml"}"\ntrusted_networks = ["127.0.0.1/32"]\n'
SITE += "".join(f'[duties.{duty}]\nmode = "enforce"\n' for duty in RULES)


@contextlib.contextmanager
def noop() -> Iterator[tuple[str, int]]:
    """Run the filter that does nothing; give its address."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.noop", f"inet:{port}@127.0.0.1", str(WORKERS)]
    process = subprocess.Popen(command, cwd=HERE.parent, start_new_session=True)
    try:
        wait_for(lambda: _listens(port), 10, "the no-op to listen")
        yield "127.0.0.1", port
    finally:
        os.killpg(process.pid, 9)
        process.wait()


@contextlib.contextmanager
def gate() -> Iterator[tuple[str, int]]:
    """Run the gate with its five rules enforcing; give its address."""
    with Gate(SITE, WORKERS) as running:
        yield "127.0.0.1", running.port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
