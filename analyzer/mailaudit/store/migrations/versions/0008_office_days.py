# SPDX-License-Identifier: GPL-3.0-or-later
"""Up to when totals are by UTC's days: from here on days are the office's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table; remember the time of the last line that was read before."""
    op.create_table("utc_days", sa.Column("until", sa.BigInteger, nullable=False))
    op.execute("INSERT INTO utc_days SELECT max(last_time) FROM sources HAVING max(last_time) IS NOT NULL")
