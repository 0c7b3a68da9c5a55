# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores what a batch says of mail that owners removed, in the batch's transaction."""

from datetime import timedelta

import sqlalchemy as sa

from mailaudit.store.deletion_tables import COPIED_MAIL, DELETIONS, LASTS
from mailaudit.store.rows import Batch
from mailaudit.store.usage_writing import keep_first
from mailaudit.store.writing import latest, merge_rows


def write_deletions(connection: sa.Connection, batch: Batch) -> None:
    """Add a batch's deletions, and put the copies that still wait in place of those that don't."""
    found = batch.removals
    merge_rows(connection, DELETIONS, keep_first, found.deletions)
    if found.settled:
        key = [column == sa.bindparam(f"its_{column.name}") for column in COPIED_MAIL.primary_key]
        names = [f"its_{column.name}" for column in COPIED_MAIL.primary_key]
        rows = [dict(zip(names, (one.mailbox, one.mail, one.folder), strict=True)) for one in found.settled]
        connection.execute(sa.delete(COPIED_MAIL).where(*key), rows)
    merge_rows(connection, COPIED_MAIL, latest("time", "source_id", "position"), found.copied)
    if times := [source.last_time for source in batch.sources if source.last_time is not None]:
        oldest = max(times) - LASTS // timedelta(microseconds=1)
        connection.execute(sa.delete(COPIED_MAIL).where(COPIED_MAIL.c.time < oldest))
