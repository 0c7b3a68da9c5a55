# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's table of letters. Times are whole microseconds since 1970-01-01T00:00:00Z."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from mailaudit.store.tables import METADATA, Text

NOTICES = Table(
    "notices",
    METADATA,
    Column("event", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),  # the whole message as it is sent
    Column("state", Text, nullable=False),  # mailaudit.notices.outbox.State
    Column("queued_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),  # when the state became what it is
    Column("attempts", Integer, nullable=False),
    Column("next_attempt", BigInteger, nullable=False),
    Column("said", Text, nullable=False),  # the mail server's last reply, or what kept it from one
    Index("notices_by_mailbox", "mailbox"),
    Index("notices_by_state", "state"),
)
"""Every letter ever written, and what became of it."""
