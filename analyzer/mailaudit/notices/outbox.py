# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters that wait in the store to be sent, and what became of those that were.

A letter is `queued`, then `sending` while the mail server is talked to, then `sent` or `failed`. One that is
found `sending` when nobody sends was cut off in the middle: it is `unsure`, and never sent again unasked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mailaudit.notices.notice import Notice
from mailaudit.store import EPOCH
from mailaudit.store.notice_tables import NOTICES

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=4)
"""Between a failed attempt and the next one; each wait is twice as long as the one before."""


class State(StrEnum):
    """What has become of a letter."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"  # the mail server has taken it
    FAILED = "failed"  # the mail server has refused it for good
    UNSURE = "unsure"  # cut off in the middle: the mail server may have taken it


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter in the store. Times are aware; `said` is the server's last reply, or why there is none."""

    notice: Notice
    state: State
    queued_at: datetime
    changed_at: datetime
    attempts: int
    next_attempt: datetime
    said: str


def queue(connection: sa.Connection, notice: Notice, now: datetime | None = None) -> bool:
    """Put a letter into the store, in the caller's transaction; False if its event was told this address.

    What is in the store already stays as it is, whatever became of it.
    """
    at = _stored(now or datetime.now(UTC))
    row = {field.name: getattr(notice, field.name) for field in fields(notice)}
    row |= {"role": str(notice.role), "occasion": str(notice.occasion), "state": State.QUEUED, "said": ""}
    row |= {"queued_at": at, "changed_at": at, "next_attempt": at, "attempts": 0}
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(NOTICES).values(row).on_conflict_do_nothing().returning(NOTICES.c.event)
    return connection.execute(statement).first() is not None


def kept(
    connection: sa.Connection, *, mailbox: str | None = None, states: Iterable[State] | None = None
) -> list[Kept]:
    """Return letters, those of one mailbox or in some states if asked, in the order they were queued."""
    query = sa.select(NOTICES).order_by("queued_at", "event", "recipient")
    if mailbox is not None:
        query = query.where(NOTICES.c.mailbox == mailbox)
    if states is not None:
        query = query.where(NOTICES.c.state.in_(list(states)))
    return [_kept(row._mapping) for row in connection.execute(query)]


def due(connection: sa.Connection, now: datetime) -> list[Kept]:
    """Return the letters whose time to be tried has come, in the order they were queued."""
    return [one for one in kept(connection, states=[State.QUEUED]) if one.next_attempt <= now]


def change(
    connection: sa.Connection, notice: Notice, before: State, after: State, *, said: str, now: datetime
) -> bool:
    """Set what has become of a letter; False if that is not what it was before: somebody else has it."""
    values = {"state": after, "said": said, "changed_at": _stored(now)}
    statement = sa.update(NOTICES).where(*_is(notice), NOTICES.c.state == before).values(values)
    return bool(connection.execute(statement).rowcount)


def put_off(connection: sa.Connection, notice: Notice, said: str, now: datetime) -> None:
    """Queue a letter that could not be sent this time, to be tried again later."""
    change(connection, notice, State.SENDING, State.QUEUED, said=said, now=now)
    attempts = connection.scalar(sa.select(NOTICES.c.attempts).where(*_is(notice))) or 0
    wait = min(FIRST_WAIT * 2 ** min(attempts, 16), LONGEST_WAIT)
    later = {"attempts": attempts + 1, "next_attempt": _stored(now + wait)}
    connection.execute(sa.update(NOTICES).where(*_is(notice)).values(later))


def again(connection: sa.Connection, message_id: str, now: datetime) -> bool:
    """Queue a letter that failed, is unsure or waits to be tried again; False if there is none like that."""
    states = (State.FAILED, State.UNSURE, State.QUEUED)
    meant = NOTICES.c.message_id == message_id, NOTICES.c.state.in_(states)
    values = {"state": State.QUEUED, "changed_at": _stored(now), "next_attempt": _stored(now), "attempts": 0}
    return bool(connection.execute(sa.update(NOTICES).where(*meant).values(values)).rowcount)


def _is(notice: Notice) -> tuple[sa.ColumnElement[bool], ...]:
    return NOTICES.c.event == notice.event, NOTICES.c.recipient == notice.recipient


def _kept(row: Any) -> Kept:
    notice = Notice(**{field.name: row[field.name] for field in fields(Notice)})
    times = {name: EPOCH + timedelta(microseconds=row[name]) for name in _TIMES}
    return Kept(notice, State(row["state"]), attempts=row["attempts"], said=row["said"], **times)


def _stored(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1)


_TIMES = ("queued_at", "changed_at", "next_attempt")
