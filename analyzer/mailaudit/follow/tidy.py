# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins what many small batches have left: facts files of one day, and rows of digests of one hour."""

import time

import pyarrow as pa
import pyarrow.parquet as pq

from mailaudit import facts
from mailaudit.store import Store

MANY = 64
"""So many small pieces of the same day or hour are joined."""
SMALL = 50_000
"""A facts file with fewer events is small."""
_RECENT = 2  # hours whose digests are looked at: older ones have been joined


def tidy(store: Store) -> None:
    """Join small pieces where there are many. The caller holds the home folder's lock.

    The files that were joined count no more, but stay for whoever reads them until this is called again.
    """
    facts.remove_unlisted(store.facts, store.facts_files())
    by_day: dict[str, list[str]] = {}
    for day, path in store.small_facts(SMALL):
        by_day.setdefault(day, []).append(path)
    for paths in by_day.values():
        if len(paths) >= MANY:
            events = pa.concat_tables([pq.ParquetFile(store.facts / path).read() for path in paths])
            store.replace_facts(paths, facts.write(events, store.facts))
    store.join_digests(int(time.time()) // 3600 - _RECENT, MANY)
