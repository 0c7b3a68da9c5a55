# SPDX-License-Identifier: GPL-3.0-or-later
"""The digests of all lines read, by log and hour: by them a line is known again in another log."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from mailaudit.store.rows import HourDigests, Source
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


def beside(
    connection: sa.Connection, source: Source, others: Collection[int], hours: tuple[int, int]
) -> Iterator[HourDigests]:
    """Yield what is stored of a source and of those that overlap it, from an hour to another.

    `others` overlap it whatever the store says. Nothing is yielded if there is none.
    """
    if not (numbers := {*_overlapping(connection, source), *others}):
        return
    table = LINE_DIGESTS.c
    asked = table.hour.between(*hours), table.source_id.in_([*numbers, source.id])
    for row in connection.execute(sa.select(LINE_DIGESTS).where(*asked).order_by(*LINE_DIGESTS.primary_key)):
        yield HourDigests(*row)


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


def _overlapping(connection: sa.Connection, source: Source) -> Iterator[int]:
    if source.span is None:
        return
    first, last = source.span
    near = SOURCES.c.first_time < last + _SECOND, SOURCES.c.last_time > first - _SECOND
    query = sa.select(SOURCES.c.id, SOURCES.c.first_time, SOURCES.c.last_time)
    for number, begin, end in connection.execute(query.where(SOURCES.c.id != source.id, *near)):
        if overlap(source.span, (begin, end)):
            yield number
