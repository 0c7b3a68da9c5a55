# SPDX-License-Identifier: GPL-3.0-or-later
"""Digests of lines, by which they are known again in another log."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table; lines read before are not known again by it."""
    op.create_table(
        "line_digests",
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digests", sa.LargeBinary, nullable=False),
    )
