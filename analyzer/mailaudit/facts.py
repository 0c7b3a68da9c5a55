# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts: every event of the logs in Parquet files by day (UTC), which any engine can read.

HOME/facts/day=2026-11-21/<batch>.parquet holds the events of one day that one batch brought. A file counts
only if the store lists it; one that a killed run left behind is removed before the next.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mailaudit.logs.texts import taken
from mailaudit.store.rows import FactsFile

INCOMING = "incoming"
"""Files are written in this folder, and moved to their day when they are whole."""
FEW_VALUES = [
    "host",
    "program",
    "producer",
    "kind",
    "service",
    "method",
    "dsn",
    "status",
    "stage",
    "action",
    "folder",
]
"""The columns worth a dictionary; the others hardly repeat themselves."""
MOST_STRETCHES = 2000  # of events of the same day in a row; a log that is more jumbled is put in order first
EPOCH = date(1970, 1, 1)


def write(events: pa.Table, facts: Path) -> list[FactsFile]:
    """Write events below the folder `facts` and see them safely on the disk.

    Returns the files written. They do not count before the store lists them.
    """
    if not events.num_rows:
        return []
    incoming = facts / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    name = f"{uuid4().hex}.parquet"
    with ThreadPoolExecutor() as threads:  # PyArrow works without the interpreter's lock
        return list(
            threads.map(lambda part: _write_day(part[0], part[1], facts, name), _by_day(events).items())
        )


def remove_unlisted(facts: Path, listed: set[str]) -> None:
    """Remove what a killed run left below `facts`: files that the store does not list."""
    shutil.rmtree(facts / INCOMING, ignore_errors=True)
    for file in facts.glob("day=*/*.parquet"):
        if str(file.relative_to(facts)) not in listed:
            file.unlink()


def _by_day(events: pa.Table) -> dict[date, pa.Table]:
    """The events of each day, in their order, cut out of the whole without a copy."""
    days = np.asarray(events["time"]).astype("datetime64[D]").astype(np.int64)
    if np.count_nonzero(np.diff(days)) > MOST_STRETCHES:
        order = np.argsort(days, kind="stable")
        events, days = taken(events, order), days[order]
    stretches: dict[date, list[pa.Table]] = {}
    begins = np.flatnonzero(np.diff(days, prepend=days[:1] - 1)).tolist()
    for begin, end in pairwise([*begins, len(days)]):
        day = EPOCH + timedelta(days=int(days[begin]))
        stretches.setdefault(day, []).append(events.slice(begin, end - begin))
    return {day: pa.concat_tables(parts) for day, parts in stretches.items()}


def _write_day(day: date, events: pa.Table, facts: Path, name: str) -> FactsFile:
    written = facts / INCOMING / f"{day}-{name}"
    pq.write_table(
        events,
        written,
        use_dictionary=FEW_VALUES,
        write_statistics=["time", "position"],
        store_schema=False,  # it would tell which columns were dictionaries in memory
    )
    with written.open("rb") as file:
        os.fsync(file.fileno())
    folder = facts / f"day={day}"
    folder.mkdir(exist_ok=True)
    written.rename(folder / name)
    return FactsFile(f"{folder.name}/{name}", str(day), events.num_rows)
