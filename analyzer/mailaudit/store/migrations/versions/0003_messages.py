# SPDX-License-Identifier: GPL-3.0-or-later
"""Totals of messages, forwards, open messages, hours covered, and the gate's findings."""

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of mailaudit.store.usage_tables; logs that were read before add nothing to them."""
    _create_usage()
    _create_messages()
    _create_evidence()


def _create_usage() -> None:
    op.create_table(
        "usage_days",
        sa.Column("day", Text, primary_key=True),
        sa.Column("mailbox", Text, primary_key=True),
        sa.Column("sent", sa.BigInteger, nullable=False),
        sa.Column("sent_bytes", sa.BigInteger, nullable=False),
        sa.Column("recipients", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("received_bytes", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_domains",
        sa.Column("day", Text, primary_key=True),
        sa.Column("mailbox", Text, primary_key=True),
        sa.Column("domain", Text, primary_key=True),
        sa.Column("recipients", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_hours",
        sa.Column("day", Text, primary_key=True),
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("domain", Text, primary_key=True),
        sa.Column("logins", sa.BigInteger, nullable=False),
        sa.Column("sent", sa.BigInteger, nullable=False),
        sa.Column("sent_bytes", sa.BigInteger, nullable=False),
        sa.Column("recipients", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("received_bytes", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_messages() -> None:
    op.create_table(
        "forwards",
        sa.Column("day", Text, primary_key=True),
        sa.Column("mailbox", Text, primary_key=True),
        sa.Column("target", Text, primary_key=True),
        sa.Column("how", Text, primary_key=True),
        sa.Column("delivered", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("messages", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("queue_id", Text, nullable=False),
        sa.Column("message_id", Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_lines",
        sa.Column("host", Text, nullable=False),
        sa.Column("queue_id", Text, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", Text, primary_key=True),
        sa.Column("user", Text),
        sa.Column("address", Text),
        sa.Column("sender", Text),
        sa.Column("size", sa.BigInteger),
        sa.Column("recipient", Text),
        sa.Column("orig_recipient", Text),
        sa.Column("message_id", Text),
        sa.Column("reached", Text),
        sqlite_with_rowid=False,
    )


def _create_evidence() -> None:
    op.create_table(
        "coverage_hours",
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("host", Text, primary_key=True),
        sa.Column("hour", Text, primary_key=True),
        sa.Column("lines", sa.BigInteger, nullable=False),
        sa.Column("logins_seen", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("code", Text, nullable=False),
        sa.Column("article", Text, nullable=False),
        sa.Column("mode", Text, nullable=False),
        sa.Column("action", Text, nullable=False),
        sa.Column("mailbox", Text, nullable=False),
        sa.Column("detail", Text, nullable=False),
        sa.Column("target", Text, nullable=False),
        sa.Column("direction", Text, nullable=False),
        sa.Column("queue_id", Text, nullable=False),
        sa.Column("message_id", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("findings_by_time", "findings", ["time"])
