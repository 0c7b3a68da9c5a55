# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources and checkpoints, facts files, counts, last logins and activity by day."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of mailaudit.store.tables as they were at first."""
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("first_line", Text, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("tail", sa.LargeBinary, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("path", Text, nullable=False),
        sa.Column("first_time", sa.BigInteger),
        sa.Column("last_time", sa.BigInteger),
        sa.Column("garbled", sa.BigInteger, nullable=False),
    )
    op.create_index("sources_by_first_line", "sources", ["first_line"])
    op.create_table(
        "facts_files",
        sa.Column("path", Text, primary_key=True),
        sa.Column("day", Text, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "counts",
        sa.Column("source_id", sa.Integer, primary_key=True),
        sa.Column("program", Text, primary_key=True),
        sa.Column("producer", Text, primary_key=True),
        sa.Column("kind", Text, primary_key=True),
        sa.Column("lines", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "last_seen",
        sa.Column("mailbox", Text, primary_key=True),
        sa.Column("service", Text, primary_key=True),
        sa.Column("event", Text, primary_key=True),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("address", Text),
        sa.Column("session", Text),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("line", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "activity_days",
        sa.Column("day", Text, primary_key=True),
        sa.Column("mailbox", Text, primary_key=True),
        sa.Column("service", Text, primary_key=True),
        sa.Column("logins", sa.BigInteger, nullable=False),
        sa.Column("session_ends", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
