# SPDX-License-Identifier: GPL-3.0-or-later
"""Alembic runs this file. The store hands over its open connection; there is no alembic.ini."""

from alembic import context

from mailaudit.store import notice_tables
from mailaudit.store.tables import METADATA

assert notice_tables.NOTICES.metadata is METADATA  # noqa: S101  imported so that METADATA has it
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
