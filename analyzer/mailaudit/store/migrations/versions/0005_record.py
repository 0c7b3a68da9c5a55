# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of mailboxes' lives, which is only added to; what a sweep is at; a store's own identifier."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from mailaudit.store.tables import Text

revision = "0005"
down_revision = "0004"

_REFUSAL = "the record is only added to"
_SQLITE = """
    CREATE TRIGGER record_{what} BEFORE {what} ON record
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_POSTGRESQL = (
    """
    CREATE FUNCTION record_is_kept() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$
    """,
    """
    CREATE TRIGGER record_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON record
    FOR EACH STATEMENT EXECUTE FUNCTION record_is_kept()
    """,
)


def upgrade() -> None:
    """Create the tables, guard the record, and name the store."""
    _record()
    op.create_table(
        "sweep_intents",
        sa.Column("key", Text, primary_key=True),
        *(_text(name) for name in ("mailbox", "event")),
        sa.Column("time", sa.BigInteger, nullable=False),
        *(_text(name) for name in ("plan", "code", "article", "reason")),
        sa.Column("archive", Text),
    )
    op.create_table(
        "sweep_runs",
        sa.Column("number", sa.Integer, primary_key=True),
        _text("plan"),
        sa.Column("time", sa.BigInteger, nullable=False),
        *(_text(name) for name in ("by", "unit")),
        sa.Column("mailboxes", sa.Integer, nullable=False),
    )
    op.create_table("listed", sa.Column("mailbox", Text, primary_key=True), _text("day"))
    identity = op.create_table("store_identity", sa.Column("id", Text, primary_key=True))
    op.bulk_insert(identity, [{"id": uuid4().hex}])


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("number", sa.Integer, primary_key=True),
        *(_text(name) for name in ("mailbox", "event")),
        sa.Column("time", sa.BigInteger, nullable=False),
        *(_text(name) for name in ("day", "code", "article", "by", "reason")),
        *(sa.Column(name, Text) for name in ("until", "warned_of")),
        _text("archive"),
        sa.Column("key", Text, unique=True),
    )
    op.create_index("record_by_mailbox", "record", ["mailbox"])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(what=what, refusal=_REFUSAL))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement.format(refusal=_REFUSAL))


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, Text, nullable=False)
