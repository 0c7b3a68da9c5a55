# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of master users, remembered until their end is read."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table; of a session that began before, the end counts for the mailbox's owner."""
    op.create_table(
        "master_sessions",
        sa.Column("session", Text, primary_key=True),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
