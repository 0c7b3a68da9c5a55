# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder with logs and the home of an analyzer, for tests."""

import gzip
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

import mailaudit.store
from audit.readlog import analysis
from mailaudit.activity import Activity, last_activity
from mailaudit.ingest import ingest
from mailaudit.outcome import Outcome
from mailaudit.store import Store
from mailpolicy.progress import Progress

each_store = pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)
"""Marks tests to be run with the store in SQLite and in PostgreSQL."""
WRITTEN = datetime(2026, 11, 22, 12).astimezone().timestamp()
"""When the tests' logs were last written, unless a test says otherwise."""


@dataclass
class Office:
    """A folder with logs and an analyzer's home."""

    logs: Path
    home: Path
    url: str | None = None  # of a store in PostgreSQL

    @classmethod
    def at(cls, folder: Path, url: str | None = None) -> "Office":
        """An office in an empty folder, which has read nothing yet."""
        (folder / "logs").mkdir()
        return cls(folder / "logs", folder / "home", url)

    @property
    def store(self) -> Store:
        return mailaudit.store.open(self.home, self.url, create=True)

    def write(self, name: str, lines: Iterable[str] | bytes, written: float = WRITTEN) -> Path:
        """Write a log as it was at a time; packed, if the name ends with .gz."""
        data = lines if isinstance(lines, bytes) else "".join(lines).encode()
        path = self.logs / name
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        os.utime(path, (written, written))
        return path

    def ingest(self, *paths: Path) -> list[Outcome]:
        return ingest(self.store, paths, Progress(), analysis())

    def kinds(self) -> Counter[str]:
        """How many lines there are of each kind."""
        kinds: Counter[str] = Counter()
        for count in self.store.counts():
            kinds[count.kind] += count.lines
        return kinds

    def seen(self) -> dict[str, Activity]:
        return last_activity(self.store)

    def state(self) -> tuple[object, ...]:
        """All that the store says, to compare."""
        store = self.store
        return (
            sorted(store.counts()),
            store.last_seen(),
            store.sources(),
            store.facts_files(),
            store.coverage(),
        )
