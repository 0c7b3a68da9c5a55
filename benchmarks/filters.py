# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters that are compared, as processes of their own on loopback, each with two workers."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bed.gate import Gate
from bed.ports import free_port
from bed.process import wait_for
from mailpolicy.regulation import load_file

WORKERS = 2
HERE = Path(__file__).parent
FIVE_RULES, ALL_DUTIES = HERE / "five-rules.toml", HERE / "all-duties.toml"


Where = tuple[str, int] | str


@contextlib.contextmanager
def noop(*, unix: bool = True) -> Iterator[Where]:
    """Run the filter that does nothing; give its address."""
    with tempfile.TemporaryDirectory(prefix="postwarden-noop-") as folder:
        Path(folder).chmod(0o711)
        where: Where = f"{folder}/socket" if unix else ("127.0.0.1", free_port())
        address = f"unix:{where}" if isinstance(where, str) else f"inet:{where[1]}@{where[0]}"
        command = [sys.executable, "-m", "benchmarks.noop", address, str(WORKERS)]
        process = subprocess.Popen(command, cwd=HERE.parent, start_new_session=True, umask=0)
        try:
            wait_for(lambda: _listens(where), 10, "the no-op to listen")
            yield where
        finally:
            os.killpg(process.pid, 9)
            process.wait()


@contextlib.contextmanager
def gate(regulation: Path = FIVE_RULES, *, unix: bool = True) -> Iterator[Where]:
    """Run the gate with every rule of a regulation enforcing; give its address."""
    with Gate(site(regulation), WORKERS, unix=unix) as running:
        yield running.where


def site(regulation: Path) -> str:
    """Return a site file that enforces every duty of the regulation."""
    text = f'regulation = "{regulation}"\ntrusted_networks = ["127.0.0.1/32"]\n'
    return text + "".join(
        f'[duties.{duty.code}]\nmode = "enforce"\n' for duty in load_file(regulation).duties
    )


def milter(where: Where) -> str:
    """Return the address as Postfix writes it."""
    return f"unix:{where}" if isinstance(where, str) else f"inet:{where[0]}:{where[1]}"


def _listens(where: Where) -> bool:
    with socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET) as probe:
        return probe.connect_ex(where) == 0
