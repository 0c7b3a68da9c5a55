# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the directory wherever a site file says it is."""

from pathlib import Path

from mailaudit.directory import csvfile
from mailaudit.directory.listing import Listing
from mailaudit.directory.settings import DirectorySettings
from mailaudit.serverkeys import password


def read(settings: DirectorySettings, folder: Path) -> Listing:
    """Read the whole directory; paths are taken from `folder`. Raises BadFile with every mistake in it."""
    if settings.sql:
        from mailaudit.directory import sql  # noqa: PLC0415  each source loads its library when it is read

        return sql.read(settings.sql, password(settings.sql, folder), folder)
    if settings.ldap:
        from mailaudit.directory import ldap  # noqa: PLC0415

        return ldap.read(settings.ldap, password(settings.ldap, folder), folder)
    assert settings.csv  # noqa: S101  one of them is there
    units = settings.csv.units
    return csvfile.read(folder / settings.csv.mailboxes, folder / units if units else None)
