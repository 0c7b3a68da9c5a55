# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's tables about mail that owners removed; the columns: mailaudit.store.deletion_rows."""

from datetime import timedelta

from sqlalchemy import BigInteger, Column, Integer, Table

from mailaudit.store.tables import METADATA, Text

LASTS = timedelta(days=7)
"""Clients expunge what they moved at once, or when they are closed; a copy made earlier is just a copy."""

DELETIONS = Table(
    "deletions",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("how", Text, primary_key=True),
    Column("messages", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("message_id", Text),
    sqlite_with_rowid=False,
)
"""How much mail each owner deleted on each day, with the first line that shows it."""

COPIED_MAIL = Table(
    "copied_mail",
    METADATA,
    Column("mailbox", Text, primary_key=True),
    Column("mail", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Mail that was copied within its mailbox and may be expunged yet where it was: then it was moved."""
