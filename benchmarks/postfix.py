# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Postfix taking mail over SMTP: with no milter, with one that does nothing, and with the gate."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from statistics import median

from bed import Bed
from benchmarks import filters
from benchmarks.table import Table

RUNS, MESSAGES, SESSIONS, SIZE = 5, 2000, 8, 5000
OFFICE = "soctrang.gov.vn"


WAYS: dict[str, tuple[str, ...]] = {"a connection for each message": (), "several in a session": ("-d",)}
Seconds = dict[str, float]


def run() -> Table:
    """Send 2000 messages of 5 KB in 8 sessions to each in turn, either way; Postfix throws them away."""
    columns = [cell for way in WAYS for cell in (way, "ratio (median of 5)")]
    table = Table("end to end through Postfix", ("milter", *columns))
    rounds = [{name: _seconds(start) for name, start in FILTERS.items()} for _ in range(RUNS)]
    for name in FILTERS:
        table.add(name, *(cell for way in WAYS for cell in _figures(name, way, rounds)))
    return table


def _figures(name: str, way: str, rounds: list[dict[str, Seconds]]) -> tuple[str, str]:
    rate = median(MESSAGES / seconds[name][way] for seconds in rounds)
    ratio = median(seconds["none"][way] / seconds[name][way] for seconds in rounds)
    return f"{rate:,.0f} msg/s", f"{ratio:.2f}"


@contextlib.contextmanager
def _none() -> Iterator[None]:
    yield None


FILTERS: dict[str, Callable[[], AbstractContextManager[filters.Where | None]]] = {
    "none": _none,
    "no-op": filters.noop,
    "gate, 5 rules": filters.gate,
    "gate, all duties": partial(filters.gate, filters.ALL_DUTIES),
    "no-op over TCP": partial(filters.noop, unix=False),
    "gate over TCP": partial(filters.gate, unix=False),
}


def _seconds(start: Callable[[], AbstractContextManager[filters.Where | None]]) -> Seconds:
    with start() as where:
        milter = filters.milter(where) if where else None
        with Bed(OFFICE, {f"vanthu@{OFFICE}": "Mat-Khau-7894"}, milter=milter) as bed:
            _throw_away(bed)
            _send(bed, 200)  # warm up
            return {way: _timed(bed, options) for way, options in WAYS.items()}


def _timed(bed: Bed, options: tuple[str, ...]) -> float:
    began = time.perf_counter()
    _send(bed, MESSAGES, *options)
    return time.perf_counter() - began


def _throw_away(bed: Bed) -> None:
    """Let Postfix discard what it accepts, so that delivery is not measured."""
    bed.postfix.run("postconf", "-e", "virtual_transport = discard:")
    master = int((bed.postfix.queue_folder / "pid/master.pid").read_text())
    os.kill(master, signal.SIGHUP)
    time.sleep(1)


def _send(bed: Bed, messages: int, *options: str) -> None:
    box = f"vanthu@{OFFICE}"
    subprocess.run(
        ["/usr/sbin/smtp-source", *options, "-s", str(SESSIONS), "-l", str(SIZE), "-m", str(messages),
         "-S", "Cong van", "-f", box, "-t", box, f"127.0.0.1:{bed.postfix.mx_port}"],
        check=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
