# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read from a store that is open, and what is written into it."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mailaudit.store import database, line_digests, master_sessions, open_lines, stretches
from mailaudit.store.deletion_writing import write_deletions
from mailaudit.store.record_tables import STORE_IDENTITY
from mailaudit.store.rows import (
    ActivityDay,
    Batch,
    Compared,
    Count,
    FactsFile,
    HourDigests,
    MasterSession,
    Seen,
    Source,
)
from mailaudit.store.tables import (
    ACTIVITY_DAYS,
    COUNTS,
    FACTS_FILES,
    HOMES,
    LAST_SEEN,
    LINE_DIGESTS,
    MASTER_SESSIONS,
    SOURCES,
)
from mailaudit.store.usage_writing import write_usage
from mailaudit.store.writing import latest, merge_rows, next_source_number, sums, write_source
from mailpolicy.clocks.coverage import Interval

BATCH_MILLISECONDS = 60_000
"""How long what is to be recorded waits for a batch of an ingest to be stored in SQLite."""
_ITS_HOME = SOURCES.c.home == HOMES.c.id


class Store:
    """The rollups and checkpoints of one home folder, or of several that share it.

    The Parquet files of this home lie in `facts`. Every method may raise StoreError.
    """

    def __init__(self, engine: sa.Engine, home: Path, identifier: str) -> None:
        self.home = home
        self.facts = home / "facts"
        self.identifier = identifier
        self._engine = engine

    def close(self) -> None:
        """Let go of the connections to the database; the next use makes others."""
        self._engine.dispose()

    def sources(self) -> list[Source]:
        """Return every log ever read, in the order of their first reading."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(SOURCES).order_by("id")).all()
        return [Source(**row._mapping, stored_offset=row.offset) for row in rows]

    def next_source_number(self) -> int:
        """Return a number for a log that no log has or will have."""
        with self._writing() as connection:
            return next_source_number(connection)

    def places(self) -> dict[int, str]:
        """Return where each log was last found, by its number; on another host, as `host:path`."""
        query = sa.select(SOURCES.c.id, SOURCES.c.path, SOURCES.c.home, HOMES.c.host)
        with self._reading() as connection:
            rows = connection.execute(query.join_from(SOURCES, HOMES, isouter=True, onclause=_ITS_HOME)).all()
        return {
            number: path if home == self.identifier else f"{host}:{path}" for number, path, home, host in rows
        }

    def facts_files(self) -> set[str]:
        """Return the paths, below `facts`, of this home's Parquet files that count."""
        own = sa.select(FACTS_FILES.c.path).where(FACTS_FILES.c.home == self.identifier)
        with self._reading() as connection:
            return set(connection.scalars(own))

    def counts(self) -> list[Count]:
        """Return how many lines of each source there were by program, producer and kind."""
        with self._reading() as connection:
            return [Count(*row) for row in connection.execute(sa.select(COUNTS))]

    def last_seen(self, mailbox: str | None = None) -> list[Seen]:
        """Return the last login and end of a session by service, of one mailbox or of all."""
        query = sa.select(LAST_SEEN).order_by("mailbox", "service", "event")
        if mailbox is not None:
            query = query.where(LAST_SEEN.c.mailbox == mailbox)
        with self._reading() as connection:
            return [Seen(*row) for row in connection.execute(query)]

    def rows(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Return what a query of the store's tables gives."""
        with self._reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def activity_days(self) -> list[ActivityDay]:
        """Return how often each mailbox was used on each day, by service."""
        with self._reading() as connection:
            return [ActivityDay(*row) for row in connection.execute(sa.select(ACTIVITY_DAYS))]

    def master_sessions(self) -> list[MasterSession]:
        """Return the sessions of master users whose end no line that was read shows."""
        with self._reading() as connection:
            return [MasterSession(*row) for row in connection.execute(sa.select(MASTER_SESSIONS))]

    def coverage(self) -> list[Interval]:
        """Return the stretches of time whose logins were seen, in order, in the office's time.

        A source that holds lines of Dovecot speaks for all time from its first line to its last; sources that
        follow each other within LARGEST_GAP are one stretch. A larger gap in a host's own logs is one though
        another host's go on.
        """
        with self._reading() as connection:
            return stretches.of_logs(connection)

    def digests_beside(
        self, source: Source, others: Collection[int], hours: tuple[int, int]
    ) -> tuple[list[HourDigests], Compared]:
        """Return the digests of a log's lines, and of those logs whose times overlap its own or are `others`.

        Only of lines from the first to the last of two hours; none if no log overlaps it.
        """
        with self._reading() as connection:
            return line_digests.beside(connection, source, others, hours)

    def commit(self, batch: Batch) -> None:
        """Add a batch in one transaction: afterwards all of it counts, or after an error nothing.

        Raises StoreError also if another analyzer has read one of the logs meanwhile; OvertakenError if it
        has stored some of these lines from another log, or has gone on from the same open messages: then what
        the batch says must be found out again.
        """
        with self._writing() as connection:
            line_digests.check(connection, batch)
            open_lines.check(connection, batch.folded)
            for source in batch.sources:
                source.home = self.identifier
                write_source(connection, source)
            files = [(*file, self.identifier) for file in batch.files]
            merge_rows(connection, FACTS_FILES, None, files)
            merge_rows(connection, COUNTS, sums("lines"), batch.counts)
            merge_rows(connection, LAST_SEEN, latest("time", "source_id", "position"), batch.last_seen)
            merge_rows(connection, ACTIVITY_DAYS, sums("logins", "session_ends"), batch.days)
            merge_rows(connection, LINE_DIGESTS, None, batch.digests)
            master_sessions.write(connection, batch)
            write_usage(connection, batch)
            write_deletions(connection, batch)
        for source in batch.sources:
            source.stored_offset = source.offset

    def small_facts(self, events: int) -> list[tuple[str, str]]:
        """Return the day and the path of this home's facts files with fewer events than these, by day."""
        table = FACTS_FILES.c
        query = sa.select(table.day, table.path).where(table.home == self.identifier, table.events < events)
        return [(day, path) for day, path in self.rows(query.order_by(table.day, table.path))]

    def replace_facts(self, paths: Collection[str], files: Collection[FactsFile]) -> None:
        """Let facts files of this home count in the place of others, which hold the same events.

        That is on the disk when this returns: the others may be removed.
        """
        with self.recording() as connection:
            old = FACTS_FILES.c.home == self.identifier, FACTS_FILES.c.path.in_(paths)
            connection.execute(sa.delete(FACTS_FILES).where(*old))
            merge_rows(connection, FACTS_FILES, None, [(*file, self.identifier) for file in files])

    def join_digests(self, hour: int, many: int) -> None:
        """Join the digests of a log and an hour, from an hour on, that are in so many rows or more."""
        with self._writing() as connection:
            line_digests.join(connection, hour, many)

    def identity(self) -> str:
        """Return what tells this store from every other, wherever it lies."""
        [[identity]] = self.rows(sa.select(STORE_IDENTITY))
        return str(identity)

    @contextmanager
    def recording(self) -> Iterator[sa.Connection]:
        """Begin a transaction that is on the disk when it ends: what it records can be read nowhere else.

        After an error nothing of it counts.
        """
        with self._reading() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BATCH_MILLISECONDS}")
                connection.exec_driver_sql("PRAGMA synchronous = FULL")
                connection.commit()  # inside a transaction it could not be set
            with connection.begin():
                database.alone(connection)
                yield connection

    def holding(self, number: int) -> AbstractContextManager[bool]:
        """Hold a lock of the whole store, whichever homes share it: see mailaudit.store.database.holding."""
        return database.holding(self._engine, number)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with database.told(self._engine), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with database.told(self._engine), self._engine.begin() as connection:
            database.alone(connection)
            yield connection
