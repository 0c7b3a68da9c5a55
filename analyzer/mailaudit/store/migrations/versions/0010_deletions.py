# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that owners deleted, and the days on which units' heads changed."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables. Logs that were read before add nothing to them."""
    op.create_table(
        "deletions",
        *(sa.Column(name, Text, primary_key=True) for name in ("day", "mailbox", "folder", "how")),
        sa.Column("messages", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("message_id", Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "copied_mail",
        *(sa.Column(name, Text, primary_key=True) for name in ("mailbox", "mail", "folder")),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unit_heads",
        sa.Column("unit", Text, primary_key=True),
        sa.Column("head", Text, nullable=False),
        sa.Column("since", Text, nullable=False),
        sqlite_with_rowid=False,
    )
