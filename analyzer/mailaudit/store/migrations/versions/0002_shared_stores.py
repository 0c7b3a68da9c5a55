# SPDX-License-Identifier: GPL-3.0-or-later
"""Several homes may share a store: whose a log and a facts file are, and numbers for new logs."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the homes; all that is there belongs to the store's own."""
    op.create_table(
        "homes",
        sa.Column("id", Text, primary_key=True),
        sa.Column("host", Text, nullable=False),
        sa.Column("folder", Text, nullable=False),
    )
    op.create_table("source_number", sa.Column("last", sa.Integer, nullable=False))
    op.execute("INSERT INTO source_number SELECT coalesce(max(id), 0) FROM sources")
    op.add_column("sources", sa.Column("home", Text, nullable=False, server_default=""))
    op.add_column("facts_files", sa.Column("home", Text, nullable=False, server_default=""))
