# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the directory wherever a site file says it is."""

from pathlib import Path

from mailaudit.directory import csvfile
from mailaudit.directory.listing import Listing
from mailaudit.directory.settings import DirectorySettings, LdapSource, SqlSource
from mailpolicy.files.problems import Problem, UnreadableFile


def read(settings: DirectorySettings, folder: Path) -> Listing:
    """Read the whole directory; paths are taken from `folder`. Raises BadFile with every mistake in it."""
    if settings.sql:
        from mailaudit.directory import sql  # noqa: PLC0415  each source loads its library when it is read

        return sql.read(settings.sql, _password(settings.sql, folder), folder)
    if settings.ldap:
        from mailaudit.directory import ldap  # noqa: PLC0415

        return ldap.read(settings.ldap, _password(settings.ldap, folder), folder)
    assert settings.csv  # noqa: S101  one of them is there
    units = settings.csv.units
    return csvfile.read(folder / settings.csv.mailboxes, folder / units if units else None)


def _password(source: SqlSource | LdapSource, folder: Path) -> str | None:
    if source.password_file is None:
        return None
    path = folder / source.password_file
    try:
        return path.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        wrong = f"can't be read ({why})"
        raise UnreadableFile([Problem(str(path), "file", wrong, "a file with the password alone")]) from error
