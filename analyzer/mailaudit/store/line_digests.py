# SPDX-License-Identifier: GPL-3.0-or-later
"""The digests of all lines read, by log and hour: by them a line is known again in another log."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from mailaudit.store.database import StoreError
from mailaudit.store.rows import Batch, Compared, HourDigests, Source
from mailaudit.store.tables import LINE_DIGESTS, SOURCES

_SECOND = 1_000_000  # microseconds


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two logs may have lines in common, given the times of the first and the last line of each.

    Where one ends in the second in which the other begins, it has been rotated within that second.
    """
    (first, last), (other_first, other_last) = (
        (begin // _SECOND, end // _SECOND) for begin, end in (one, other)
    )
    if first < last and other_first < other_last:
        return first < other_last and other_first < last
    return first <= other_last and other_first <= last


class OvertakenError(StoreError):
    """Another analyzer has changed what a batch was worked out with: of the same lines, or open messages."""


def beside(
    connection: sa.Connection, source: Source, others: Collection[int], hours: tuple[int, int]
) -> tuple[list[HourDigests], Compared]:
    """Return what is stored of a source and of those that overlap it, from an hour to another.

    `others` overlap it whatever the store says. Nothing is stored if there is none.
    """
    read = dict(_overlapping(connection, source))
    numbers = {*read, *others}
    rows = list(_rows(connection, {*numbers, source.id}, hours)) if numbers else []
    return rows, Compared(source, hours, read, {_key(row) for row in rows})


def check(connection: sa.Connection, batch: Batch) -> None:
    """Raise OvertakenError if what a batch's lines were compared with has got some of them meanwhile.

    The transaction must be alone: then nobody can add any until it ends.
    """
    own = {source.id for source in batch.sources}
    for compared in batch.compared:
        now = dict(_overlapping(connection, compared.source))
        changed = {number for number, offset in now.items() if compared.read.get(number) != offset} - own
        if not changed:
            continue
        rows = _rows(connection, changed, compared.hours)
        added = {digest for row in rows if _key(row) not in compared.rows for digest in _each(row.digests)}
        its = (row.digests for row in batch.digests if row.source_id == compared.source.id)
        if added and not all(added.isdisjoint(_each(digests)) for digests in its):
            raise OvertakenError(f"{compared.source.path}: another analyzer has stored the same lines")


def _each(digests: bytes) -> memoryview:
    """Digests as numbers. NumPy takes longer to load than most commands that open a store need in all."""
    return memoryview(digests).cast("Q")


def _rows(
    connection: sa.Connection, sources: Collection[int], hours: tuple[int, int]
) -> Iterator[HourDigests]:
    table = LINE_DIGESTS.c
    asked = table.hour.between(*hours), table.source_id.in_(sources)
    for row in connection.execute(sa.select(LINE_DIGESTS).where(*asked).order_by(*LINE_DIGESTS.primary_key)):
        yield HourDigests(*row)


def _key(row: HourDigests) -> tuple[int, int, int, int]:
    """What changes when digests are added to an hour of a source, or joined."""
    return row.hour, row.source_id, row.position, len(row.digests)


def join(connection: sa.Connection, hour: int, many: int) -> None:
    """Make one row of those of a source and an hour, from an hour on, where there are so many or more."""
    table = LINE_DIGESTS.c
    pieces = sa.select(table.hour, table.source_id).where(table.hour >= hour)
    pieces = pieces.group_by(table.hour, table.source_id).having(sa.func.count() >= many)
    for key in connection.execute(pieces).all():
        its = table.hour == key.hour, table.source_id == key.source_id
        rows = connection.execute(sa.select(table.position, table.digests).where(*its)).all()
        connection.execute(sa.delete(LINE_DIGESTS).where(*its))
        joined = b"".join(bytes(row.digests) for row in rows)
        first = min(row.position for row in rows)
        values = HourDigests(key.hour, key.source_id, first, joined)
        connection.execute(sa.insert(LINE_DIGESTS).values(values._asdict()))


def _overlapping(connection: sa.Connection, source: Source) -> Iterator[tuple[int, int]]:
    """The logs that overlap one, by number, and how far each was read."""
    if source.span is None:
        return
    first, last = source.span
    near = SOURCES.c.first_time < last + _SECOND, SOURCES.c.last_time > first - _SECOND
    query = sa.select(SOURCES.c.id, SOURCES.c.offset, SOURCES.c.first_time, SOURCES.c.last_time)
    for number, offset, begin, end in connection.execute(query.where(SOURCES.c.id != source.id, *near)):
        if overlap(source.span, (begin, end)):
            yield number, offset
