# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows a log again by its content, renamed, packed or grown, and keeps how far it was read."""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from mailaudit.logs.source import Log, UnreadableError, begins_with, open_log
from mailaudit.store import Store
from mailaudit.store.rows import Source

HEAD = 4096
"""Bytes of a log's beginning that must be the same: many lines, each with its time and process number."""
TAIL = 256
"""Bytes before the place where reading goes on that must be the same."""
FORKED = "it begins like a log that is known but goes on in another way, and was read as another"
_CHUNK = 1 << 20


class Checkpoints:
    """The sources of a store, and those that a run adds to them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._spool = store.home
        self._by_first_line: dict[str, list[Source]] = {}
        for source in store.sources():
            self._add(source)

    def find(self, log: Log) -> Source | None:
        """Return the source that a log is, or a new one; None if the log has no whole line yet.

        A log that was read from its beginning though others begin like it gets the note FORKED.
        """
        head = log.read(0, HEAD)
        first_line, newline, _ = head.partition(b"\n")
        if not newline and log.size <= HEAD:
            return None
        digest = sha256(first_line).hexdigest()
        known = self._by_first_line.get(digest, [])
        alike = [one for one in known if _same_beginning(one.head, head)]
        for source in alike:
            if self._goes_on_like(source, log):
                if not self._is_here(source) or (
                    source.path != str(log.path) and not begins_with(Path(source.path), source.head)
                ):
                    source.path = str(log.path)
                return source
        if alike:
            log.notes.append(FORKED)
        number = self._store.next_source_number()
        source = Source(
            number, digest, b"", b"", 0, str(log.path), home=self._store.identifier, alike=len(known)
        )
        self._add(source)
        return source

    def find_journal(self, path: str) -> Source:
        """Return the source that a journal of this home is, or a new one.

        Its tail is the cursor of the last entry read.
        """
        digest = sha256(f"{self._store.identifier} {path}".encode()).hexdigest()
        for source in self._by_first_line.get(digest, ()):
            return source
        source = Source(
            self._store.next_source_number(), digest, b"", b"", 0, path, home=self._store.identifier
        )
        self._add(source)
        return source

    def newest(self, paths: Collection[str]) -> float | None:
        """Return the time of the last line read of the logs at these paths, in seconds since 1970."""
        times = [
            source.last_time / 1e6
            for alike in self._by_first_line.values()
            for source in alike
            if source.path in paths and self._is_here(source) and source.last_time is not None
        ]
        return max(times, default=None)

    def _add(self, source: Source) -> None:
        self._by_first_line.setdefault(source.first_line, []).append(source)

    def _goes_on_like(self, source: Source, log: Log) -> bool:
        """Whether a log is as far as a source was read the same.

        If it is shorter, that shows only if the log that was read is still there; else it is another log.
        """
        if log.size >= source.offset:
            return log.read(source.offset - len(source.tail), len(source.tail)) == source.tail
        may_be = self._is_here(source) and source.path != str(log.path)
        return may_be and self._is_beginning_of(log, Path(source.path))

    def _is_here(self, source: Source) -> bool:
        """Whether a source was last read by this home's analyzer, so that its path means something here."""
        return source.home == self._store.identifier

    def _is_beginning_of(self, log: Log, path: Path) -> bool:
        try:
            with open_log(path, self._spool) as other:
                positions = range(0, log.size, _CHUNK)
                return other.size >= log.size and all(
                    log.read(at, min(_CHUNK, log.size - at)) == other.read(at, min(_CHUNK, log.size - at))
                    for at in positions
                )
        except UnreadableError:
            return False


def mark(source: Source, log: Log, offset: int) -> None:
    """Note that a log was read up to `offset`."""
    source.offset = offset
    source.head = log.read(0, min(HEAD, offset))
    source.tail = log.read(max(0, offset - TAIL), min(TAIL, offset))


def _same_beginning(one: bytes, other: bytes) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
