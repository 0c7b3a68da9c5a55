# SPDX-License-Identifier: GPL-3.0-or-later
"""A new log of two million lines read whole: beside pflogsumm, a loop in Python and bare reading."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import maillog
from benchmarks.table import Table

LINES = 2_000_000
MB = 1e6
MAILAUDIT = Path(sys.executable).with_name("mailaudit")


class Spent(NamedTuple):
    """Seconds on the clock and of processors, and the most bytes resident."""

    clock: float
    processors: float
    resident: int


def run() -> Table:
    """Measure each once, in a process of its own; start-up counts."""
    table = Table(
        f"a log of {LINES:,} lines", ("what", "seconds", "processor", "lines/s", "resident", "x pflogsumm")
    )
    with tempfile.TemporaryDirectory() as folder:
        log, home = Path(folder) / "mail.log", Path(folder) / "home"
        maillog.write(log, LINES)
        table.title += f", {log.stat().st_size / MB:.0f} MB"
        ingest = [str(MAILAUDIT), "--home", str(home), "ingest", str(log)]
        reader = [sys.executable, "-m", "benchmarks.logreading"]
        pflogsumm = _run(["pflogsumm", str(log)]) if shutil.which("pflogsumm") else None
        _add(table, "pflogsumm", pflogsumm, pflogsumm)
        _add(table, "a loop with three patterns", _run([*reader, "loop", str(log)]), pflogsumm)
        _add(table, "mailaudit ingest, all of it", _run(ingest), pflogsumm)
        _add(table, "mailaudit ingest, nothing new", _run(ingest), pflogsumm)
        _add(table, "cut into lines only", _run([*reader, "lines", str(log)]), pflogsumm)
    return table


def _run(command: list[str]) -> Spent:
    """Run a command to its end. Raises CalledProcessError if it fails."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _add(table: Table, what: str, spent: Spent | None, pflogsumm: Spent | None) -> None:
    if spent is None:
        table.add(what, "not installed (apt-get install pflogsumm)", "", "", "", "")
        return
    times = f"{pflogsumm.clock / spent.clock:.1f}" if pflogsumm else ""
    rate, resident = f"{LINES / spent.clock:,.0f}", f"{spent.resident / MB:.0f} MB"
    table.add(what, f"{spent.clock:.2f}", f"{spent.processors:.2f}", rate, resident, times)
