# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows a log again by its content, renamed, packed or grown, and keeps how far it was read."""

from hashlib import sha256
from pathlib import Path

from mailaudit.logs.source import Log, begins_with
from mailaudit.store import Store
from mailaudit.store.rows import Source

HEAD = 4096
"""Bytes of a log's beginning that must be the same: many lines, each with its time and process number."""
TAIL = 256
"""Bytes before the place where reading goes on that must be the same."""


class Checkpoints:
    """The sources of a store, and those that a run adds to them."""

    def __init__(self, store: Store) -> None:
        self._by_first_line: dict[str, list[Source]] = {}
        self._last_id = 0
        for source in store.sources():
            self._add(source)

    def find(self, log: Log) -> Source | None:
        """Return the source that a log is, or a new one; None if the log has no whole line yet."""
        head = log.read(0, HEAD)
        first_line, newline, _ = head.partition(b"\n")
        if not newline and log.size <= HEAD:
            return None
        digest = sha256(first_line).hexdigest()
        for source in self._by_first_line.get(digest, ()):
            if _is_same(source, log, head):
                if source.path != str(log.path) and not begins_with(Path(source.path), source.head):
                    source.path = str(log.path)
                return source
        source = Source(self._last_id + 1, digest, b"", b"", 0, str(log.path))
        self._add(source)
        return source

    def _add(self, source: Source) -> None:
        self._by_first_line.setdefault(source.first_line, []).append(source)
        self._last_id = max(self._last_id, source.id)


def mark(source: Source, log: Log, offset: int) -> None:
    """Note that a log was read up to `offset`."""
    source.offset = offset
    source.head = log.read(0, min(HEAD, offset))
    source.tail = log.read(max(0, offset - TAIL), min(TAIL, offset))


def _is_same(source: Source, log: Log, head: bytes) -> bool:
    """A log that is shorter than what was read of the source is an older copy of it."""
    shared = min(len(source.head), len(head))
    if source.head[:shared] != head[:shared]:
        return False
    return (
        log.size < source.offset
        or log.read(source.offset - len(source.tail), len(source.tail)) == source.tail
    )
