# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a store's tables to the shape that this version of the program knows."""

from pathlib import Path

import sqlalchemy as sa

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0001"  # the revision that tables.py describes


class NewerStoreError(Exception):
    """The store was written by a newer version of the program."""


def bring_up_to_date(engine: sa.Engine) -> None:
    """Run the migrations that a store still lacks. Raises NewerStoreError if it has one unknown here."""
    revision = _revision(engine)
    if revision == NEWEST:
        return
    if revision is not None and revision > NEWEST:
        raise NewerStoreError(
            f"{engine.url.database}: made by a newer mailaudit (revision {revision}, not {NEWEST})"
        )
    # Only now: Alembic takes longer to load than a query to answer.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "head")


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return revision
