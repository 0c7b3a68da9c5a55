# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts logs in the order in which they were begun, whatever a rotation has named them."""

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path

import numpy as np

from mailaudit.logs.compiled.cutting import bounds
from mailaudit.logs.source import STDIN, beginning
from mailaudit.logs.stamp import NO_TIME, calendar, read_days, read_stamps

_LOOK = 1 << 14  # bytes of a log among which its first time is looked for


def by_first_time(files: Iterable[Path], zone: tzinfo | None = None) -> list[Path]:
    """Return files by the first time that they hold, or else by when they were last written to.

    A pipe, and what cannot be read, comes last. Files of the same time stay as they are.
    """
    return sorted(files, key=lambda file: _begun(file, zone))


def _begun(path: Path, zone: tzinfo | None) -> float:
    """Microseconds since 1970."""
    if path == STDIN or not path.is_file():
        return np.inf
    try:
        data, written = beginning(path, _LOOK)
        written = written.astimezone(zone)
    except OSError:
        return np.inf
    block = np.frombuffer(data[: data.rfind(b"\n") + 1], np.uint8)
    starts = bounds(block)[:-1]
    if not len(starts):
        return written.timestamp() * 1e6
    years = calendar(read_days(block, starts).tolist(), written, zone)
    times = read_stamps(block, starts, years).times
    known = times[times != NO_TIME]
    return float(known[0]) if len(known) else written.timestamp() * 1e6
