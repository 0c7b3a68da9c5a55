# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the lines of a batch go, by host: the clock by which nothing more is said of a message."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from mailaudit.officedays import MICROSECOND
from mailaudit.store import EPOCH
from mailaudit.usage.columns import host_numbers, times_of

MARKS = {"host": "string", "mark": "timestamp"}
"""The columns of marks, as an engine has them."""
END = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
"""A mark by which everything is over."""
NEVER = 1 << 62
"""Later than any time, in microseconds."""


def marks_of(tables: Iterable[pa.Table]) -> dict[str, int]:
    """Return the time of each host's last event, in microseconds."""
    found: dict[str, int] = {}
    for events in tables:
        hosts: dict[str, int] = {}
        places = host_numbers(events["host"], hosts)
        last = np.full(len(hosts), -NEVER)
        np.maximum.at(last, places, times_of(events["time"]))
        its = zip(hosts, last.tolist(), strict=True)
        found |= {host: max(time, found.get(host, time)) for host, time in its if time > -NEVER}
    return found


def marks_table(marks: Mapping[str, int]) -> pa.Table:
    """Return marks as an engine takes them (the columns MARKS)."""
    hosts, times = list(marks), pa.array(marks.values(), pa.timestamp("us"))
    return pa.table({"host": pa.array(hosts, pa.string()), "mark": times})
