# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker's resident set does while a 70 MB message passes, or 8, and over 20,000 small ones."""

from pathlib import Path

from bed.gate import Gate
from benchmarks import filters, mails
from benchmarks.load import drive
from benchmarks.table import Table

MB = 1e6


def run() -> Table:
    """Measure one worker, so that every message passes through it."""
    table = Table("memory of one worker", ("what passes", "resident before", "most while", "grown by"))
    with Gate(filters.site(filters.ALL_DUTIES), workers=1) as gate:
        drive(gate.where, mails.small(), 2000)
        worker = _worker(gate)
        for name, mail, messages, connections in (
            ("one 70 MB message", mails.large(70), 1, 1),
            ("8 of 70 MB at the same time", mails.large(70), 8, 8),
            ("20,000 small messages", mails.small(), 20_000, 8),
        ):
            _forget_peak(worker)
            before = _resident(worker, "VmRSS")
            drive(gate.where, mail, messages, connections=connections)
            most = _resident(worker, "VmHWM")
            table.add(name, *(f"{size / MB:.1f} MB" for size in (before, most, most - before)))
    return table


def _worker(gate: Gate) -> int:
    """The gate's process that has used most time: its one worker."""
    return max(gate.pids(), key=_ticks)


def _ticks(pid: int) -> int:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # proc(5): resets the peak resident set


def _resident(pid: int, figure: str) -> int:
    _, _, rest = Path(f"/proc/{pid}/status").read_text().partition(f"{figure}:")
    return int(rest.split()[0]) * 1024
