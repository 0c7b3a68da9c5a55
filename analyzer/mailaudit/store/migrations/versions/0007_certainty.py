# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure the gate was of what it found."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; what was found before counts as certain, as it did."""
    op.add_column("findings", sa.Column("certainty", Text, nullable=False, server_default="certain"))
