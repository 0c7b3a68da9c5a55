# SPDX-License-Identifier: GPL-3.0-or-later
"""What the analyzer remembers: checkpoints, counts, last logins and activity by day, in HOME/store.sqlite.

`store = mailaudit.store.open(Path("/var/lib/mailaudit"))` opens it. `store.coverage()` returns the stretches
of time whose logs were read, as a list of mailpolicy.clocks.coverage.Interval, and
`mailaudit.activity.last_activity(store)` each mailbox's last use with its evidence.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from mailaudit.store.migrate import bring_up_to_date
from mailaudit.store.rows import UNPARSED, Batch, Count, Seen, Source
from mailaudit.store.tables import ACTIVITY_DAYS, COUNTS, FACTS_FILES, LAST_SEEN, SOURCES
from mailpolicy.clocks.coverage import LARGEST_GAP, Interval

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CACHE = 64 << 10
"""KiB of the database kept in memory: a batch touches most mailboxes' rows."""
LOGS_WITH_LOGINS = "dovecot"
"""The producer whose log shows every way into a mailbox. The others' logs cover nothing by themselves."""


class NoStoreError(Exception):
    """There is no store in this folder."""


def open(home: Path, *, create: bool = False) -> "Store":  # noqa: A001  read as mailaudit.store.open(home)
    """Open the store in the folder `home` and bring its tables up to date.

    Raises NoStoreError if there is none and `create` is false, or if it is broken; NewerStoreError if a newer
    version made it.
    """
    file = home / "store.sqlite"
    if create:
        home.mkdir(parents=True, exist_ok=True)
    elif not file.is_file():
        raise NoStoreError(f"{home}: no store here; `mailaudit --home {home} ingest LOG...` makes one")
    engine = sa.create_engine(f"sqlite:///{file}")
    sa.event.listen(engine, "connect", _write_ahead)
    try:
        bring_up_to_date(engine)
    except sa.exc.DatabaseError as error:
        raise NoStoreError(f"{file}: not a store that can be used ({error.orig})") from error
    return Store(engine, home)


class Store:
    """The rollups and checkpoints of one home folder. Its Parquet files lie in `facts`."""

    def __init__(self, engine: sa.Engine, home: Path) -> None:
        self.home = home
        self.facts = home / "facts"
        self._engine = engine

    def sources(self) -> list[Source]:
        """Return every log ever read, in the order of their first reading."""
        with self._engine.connect() as connection:
            return [Source(**row._mapping) for row in connection.execute(sa.select(SOURCES).order_by("id"))]

    def facts_files(self) -> set[str]:
        """Return the paths, below `facts`, of the Parquet files that count."""
        with self._engine.connect() as connection:
            return set(connection.scalars(sa.select(FACTS_FILES.c.path)))

    def counts(self) -> list[Count]:
        """Return how many lines of each source there were by program, producer and kind."""
        with self._engine.connect() as connection:
            return [Count(*row) for row in connection.execute(sa.select(COUNTS))]

    def last_seen(self, mailbox: str | None = None) -> list[Seen]:
        """Return the last login and end of a session by service, of one mailbox or of all."""
        query = sa.select(LAST_SEEN).order_by("mailbox", "service", "event")
        if mailbox is not None:
            query = query.where(LAST_SEEN.c.mailbox == mailbox)
        with self._engine.connect() as connection:
            return [Seen(*row) for row in connection.execute(query)]

    def coverage(self) -> list[Interval]:
        """Return the stretches of time whose logins were seen, in order, in the machine's local time.

        A source that holds lines of Dovecot speaks for all time from its first line to its last; sources that
        follow each other within LARGEST_GAP are one stretch.
        """
        has_logins = sa.exists().where(
            COUNTS.c.source_id == SOURCES.c.id,
            COUNTS.c.producer == LOGS_WITH_LOGINS,
            COUNTS.c.kind != UNPARSED,
        )
        query = sa.select(SOURCES.c.first_time, SOURCES.c.last_time).where(has_logins).order_by("first_time")
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(SOURCES.c.first_time.is_not(None))).all()
        return _merge(Interval(local_time(first), local_time(last)) for first, last in rows)

    def commit(self, batch: Batch) -> None:
        """Add a batch in one transaction: afterwards all of it counts, or after an error nothing."""
        with self._engine.begin() as connection:
            for source in batch.sources:
                connection.execute(
                    _REPLACE_SOURCE, [{c.name: getattr(source, c.name) for c in SOURCES.columns}]
                )
            _many(connection, insert(FACTS_FILES), batch.files)
            _many(connection, _ADD_COUNTS, batch.counts)
            _many(connection, _KEEP_LATEST, batch.last_seen)
            _many(connection, _ADD_DAYS, batch.days)


def local_time(microseconds: int) -> datetime:
    """Return a stored time in the machine's local zone."""
    return (EPOCH + timedelta(microseconds=microseconds)).astimezone()


def _merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Join intervals, ordered by their start, that leave no more than LARGEST_GAP between them."""
    merged: list[Interval] = []
    for interval in intervals:
        if merged and interval.start - merged[-1].end <= LARGEST_GAP:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def _many(connection: sa.Connection, statement: sa.Insert, rows: Sequence[tuple[object, ...]]) -> None:
    """Run an insert for rows as the driver takes them: a batch brings a hundred thousand."""
    if rows:
        connection.exec_driver_sql(str(statement.compile(dialect=connection.dialect)), list(rows))


def _write_ahead(connection: "sa.engine.interfaces.DBAPIConnection", _record: object) -> None:
    """Let readers go on while an ingest writes. A commit lost with the power is read from the logs again."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA cache_size = {-CACHE}")
    cursor.close()


def _upsert(table: sa.Table, **changes: sa.ColumnElement[object]) -> sa.Insert:
    return insert(table).on_conflict_do_update(index_elements=list(table.primary_key), set_=changes)


def _new(table: sa.Table) -> "sa.ColumnCollection[str, sa.ColumnElement[object]]":
    return insert(table).excluded


_REPLACE_SOURCE = insert(SOURCES).prefix_with("OR REPLACE")
_ADD_COUNTS = _upsert(COUNTS, lines=COUNTS.c.lines + _new(COUNTS).lines)
_ADD_DAYS = _upsert(
    ACTIVITY_DAYS,
    logins=ACTIVITY_DAYS.c.logins + _new(ACTIVITY_DAYS).logins,
    session_ends=ACTIVITY_DAYS.c.session_ends + _new(ACTIVITY_DAYS).session_ends,
)
_LATER = sa.tuple_(_new(LAST_SEEN).time, _new(LAST_SEEN).source_id, _new(LAST_SEEN).position) > sa.tuple_(
    LAST_SEEN.c.time, LAST_SEEN.c.source_id, LAST_SEEN.c.position
)
_KEEP_LATEST = insert(LAST_SEEN).on_conflict_do_update(
    index_elements=list(LAST_SEEN.primary_key),
    set_={c.name: c for c in _new(LAST_SEEN) if not c.primary_key},
    where=_LATER,
)
