# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to owners, units and heads, and what became of each."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0006"
down_revision = "0005"

_TEXTS = ("role", "occasion", "mailbox", "sender", "subject", "message_id")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "notices",
        sa.Column("event", Text, primary_key=True),
        sa.Column("recipient", Text, primary_key=True),
        *(sa.Column(name, Text, nullable=False) for name in _TEXTS),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt", sa.BigInteger, nullable=False),
        sa.Column("said", Text, nullable=False),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("notices_by_mailbox", "notices", ["mailbox"])
    op.create_index("notices_by_state", "notices", ["state"])
