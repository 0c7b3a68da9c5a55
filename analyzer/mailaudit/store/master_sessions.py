# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores master users' sessions from one batch to the next (mailaudit.mastersessions)."""

from datetime import timedelta

import sqlalchemy as sa

from mailaudit.store.rows import Batch
from mailaudit.store.tables import MASTER_SESSIONS
from mailaudit.store.writing import merge_rows

LASTS = timedelta(days=30)
"""A master user stays no longer in another's place. What comes later is a use, so that nobody looks idle."""


def write(connection: sa.Connection, batch: Batch) -> None:
    """Add the sessions that a batch begins; remove those it ends, and those begun longer ago than LASTS."""
    merge_rows(connection, MASTER_SESSIONS, None, batch.masters.begun)
    its = MASTER_SESSIONS.c
    if batch.masters.ended:
        rows = [{"its_session": session} for session in batch.masters.ended]
        connection.execute(sa.delete(MASTER_SESSIONS).where(its.session == sa.bindparam("its_session")), rows)
    if times := [source.last_time for source in batch.sources if source.last_time is not None]:
        oldest = max(times) - LASTS // timedelta(microseconds=1)
        connection.execute(sa.delete(MASTER_SESSIONS).where(its.time < oldest))
