# SPDX-License-Identifier: GPL-3.0-or-later
"""A snapshot of 200,000 mailboxes as a worker has it: opening it, a look-up, memory."""

import random
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.table import Table
from mailgate.snapshot import Snapshot
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.snapshot.encode import encode

MAILBOXES, UNITS, LOOKUPS = 200_000, 1_000, 50_000
MB = 1e6


def run() -> Table:
    """Measure five times, in a process of its own each time; processor time."""
    table = Table(f"snapshot of {MAILBOXES:,} mailboxes, {UNITS:,} units", ("what", "reached"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "directory"
        path.write_bytes(_snapshot())
        table.add("size", f"{path.stat().st_size / MB:.1f} MB")
        opened, found, missed, kept = zip(*_measured(path), strict=True)
    table.add("opened, at best", f"{min(opened):.2f} s")
    table.add("a mailbox found, at best", f"{min(found):.1f} µs")
    table.add("a stranger not found, at best", f"{min(missed):.1f} µs")
    table.add("memory beside the file's, at most", f"{max(kept):.1f} MB")
    return table


def _measured(path: Path) -> list[tuple[float, ...]]:
    with get_context("spawn").Pool(1, maxtasksperchild=1) as processes:
        return [processes.apply(_measure, (path,)) for _ in range(5)]


def _address(number: int) -> str:
    return f"canbo{number}.phong{number % UNITS}@tphcm.gov.vn"


def _snapshot() -> bytes:
    mailboxes = [
        Mailbox(
            _address(number),
            Kind.PERSON if number % 100 else Kind.UNIT,
            f"Phòng {number % UNITS}, Sở Tài nguyên và Môi trường",
            name=f"Nguyễn Thị Cán Bộ {number}",
            managers=() if number % 100 else (_address(number + 1), _address(number + 2)),
        )
        for number in range(MAILBOXES)
    ]
    units = [Unit(f"Phòng {n}, Sở Tài nguyên và Môi trường", "Sở", _address(n)) for n in range(UNITS)]
    return encode(mailboxes, units, datetime.now(UTC))


def _measure(path: Path) -> tuple[float, ...]:
    """Seconds to open, microseconds to find and not to find, megabytes of memory that are not the file's."""
    known = [_address(random.randrange(MAILBOXES)) for _ in range(LOOKUPS)]  # noqa: S311  no secret
    strangers = [f"x{address}" for address in known]
    before, began = _own_memory(), time.process_time()
    snapshot = Snapshot.open(path)
    opened = time.process_time() - began
    found, missed = (_each(snapshot, addresses) for addresses in (known, strangers))
    return opened, found * 1e6, missed * 1e6, (_own_memory() - before) / MB


def _each(snapshot: Snapshot, addresses: list[str]) -> float:
    began = time.process_time()
    for address in addresses:
        snapshot.mailbox(address)
    return (time.process_time() - began) / len(addresses)


def _own_memory() -> int:
    _, _, rest = Path("/proc/self/smaps_rollup").read_text().partition("Anonymous:")
    return int(rest.split()[0]) * 1024
