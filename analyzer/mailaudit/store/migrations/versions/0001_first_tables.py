# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources and checkpoints, facts files, counts, last logins and activity by day."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of mailaudit.store.tables as they were at first."""
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("first_line", sa.Text, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("tail", sa.LargeBinary, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("first_time", sa.BigInteger),
        sa.Column("last_time", sa.BigInteger),
        sa.Column("garbled", sa.BigInteger, nullable=False),
    )
    op.create_index("sources_by_first_line", "sources", ["first_line"])
    op.create_table(
        "facts_files",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "counts",
        sa.Column("source_id", sa.Integer, primary_key=True),
        sa.Column("program", sa.Text, primary_key=True),
        sa.Column("producer", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("lines", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "last_seen",
        sa.Column("mailbox", sa.Text, primary_key=True),
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("session", sa.Text),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "activity_days",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("mailbox", sa.Text, primary_key=True),
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("logins", sa.BigInteger, nullable=False),
        sa.Column("session_ends", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
