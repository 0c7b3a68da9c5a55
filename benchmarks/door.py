# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate beside a filter that does nothing: the same load on each in turn, and the ratio run by run."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from statistics import median

from benchmarks import filters, mails
from benchmarks.load import Rate, drive
from benchmarks.table import Table
from gate.milterclient import Mail

RUNS = 5
NOOP = "no-op"
FILTERS: dict[str, Callable[[], AbstractContextManager[filters.Where]]] = {
    NOOP: filters.noop,
    "gate, 5 rules": filters.gate,
    "gate, all duties": partial(filters.gate, filters.ALL_DUTIES),
}
Round = dict[str, Rate]


def run() -> Table:
    """Measure small and large messages."""
    table = Table("the door", ("message", "filter", "rate", "ratio (median of 5)"))
    small = [_round(mails.small(), 4000) for _ in range(RUNS)]
    _add(table, "5.5 KB, 26 fields", small, lambda rate: rate.per_second, "msg/s")
    large = [_round(mails.large(), 160) for _ in range(RUNS)]
    _add(table, "13.5 MB, one base64 file", large, lambda rate: rate.megabytes, "MB/s")
    return table


def _round(mail: Mail, messages: int) -> Round:
    return {name: _measured(start, mail, messages) for name, start in FILTERS.items()}


def _measured(start: Callable[[], AbstractContextManager[filters.Where]], mail: Mail, messages: int) -> Rate:
    with start() as where:
        drive(where, mail, max(messages // 10, 80))  # warm up
        return drive(where, mail, messages)


def _add(table: Table, message: str, rounds: list[Round], figure: Callable[[Rate], float], unit: str) -> None:
    for name in FILTERS:
        rate = median(figure(one[name]) for one in rounds)
        ratio = median(figure(one[name]) / figure(one[NOOP]) for one in rounds)
        table.add(message, name, f"{rate:,.0f} {unit}", f"{ratio:.2f}")
