# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate beside a filter that does nothing: the same load on each in turn, and the ratio run by run."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median

from benchmarks import filters, mails
from benchmarks.load import Rate, drive
from benchmarks.table import Table
from gate.milterclient import Mail

RUNS = 5
Pair = tuple[Rate, Rate]


def run() -> Table:
    """Measure small and large messages."""
    table = Table("the door", ("message", "no-op", "gate, 5 rules", "ratio (median of 5)"))
    small = [_pair(mails.small(), 4000) for _ in range(RUNS)]
    table.add("5.5 KB, 26 fields", *_figures(small, lambda rate: rate.per_second, "msg/s"))
    large = [_pair(mails.large(), 160) for _ in range(RUNS)]
    table.add("13.5 MB, one base64 file", *_figures(large, lambda rate: rate.megabytes, "MB/s"))
    return table


def _pair(mail: Mail, messages: int) -> Pair:
    return _measured(filters.noop, mail, messages), _measured(filters.gate, mail, messages)


def _measured(start: Callable[[], AbstractContextManager[filters.Where]], mail: Mail, messages: int) -> Rate:
    with start() as where:
        drive(where, mail, max(messages // 10, 80))  # warm up
        return drive(where, mail, messages)


def _figures(pairs: list[Pair], figure: Callable[[Rate], float], unit: str) -> tuple[str, str, str]:
    noop = median(figure(one) for one, _ in pairs)
    gate = median(figure(other) for _, other in pairs)
    ratio = median(figure(other) / figure(one) for one, other in pairs)
    return f"{noop:,.0f} {unit}", f"{gate:,.0f} {unit}", f"{ratio:.2f}"
