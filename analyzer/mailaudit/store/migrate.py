# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a store's tables to the shape that this version of the program knows."""

from pathlib import Path

import sqlalchemy as sa

from mailaudit.store.database import StoreError, alone, name_of

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0010"  # the revision that tables.py describes


class NewerStoreError(StoreError):
    """The store was written by a newer version of the program."""


def bring_up_to_date(engine: sa.Engine) -> None:
    """Run the migrations that a store still lacks. Raises NewerStoreError if it has one unknown here."""
    with engine.connect() as connection:
        revision = _revision(connection)
    if revision == NEWEST:
        return
    if revision is not None and revision > NEWEST:
        raise NewerStoreError(
            f"{name_of(engine)}: made by a newer mailaudit (revision {revision}, not {NEWEST})"
        )
    # Only now: Alembic takes longer to load than a query to answer.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with engine.begin() as connection:
        alone(connection)  # another host's analyzer may be at it: then nothing is left to do
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "head")


def is_empty(engine: sa.Engine) -> bool:
    """Return whether there is no store in a database yet."""
    with engine.connect() as connection:
        return _revision(connection) is None


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision
