# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit.directory] of a site file: where the directory is. docs/directory.md explains each key.

Paths are taken from the folder the site file is in.
"""

from typing import Annotated, Self

from pydantic import model_validator

from mailaudit.serverkeys import LdapServerKeys, SqlServer, Table
from mailpolicy.files.fields import ARRAY, DISTINCT, Text
from mailpolicy.files.tables import wrong_value


class CsvSource(Table):
    """The table [audit.directory.csv]."""

    mailboxes: Text
    """The file of mailboxes."""
    units: Text | None = None
    """The file of units."""


class SqlSource(SqlServer):
    """The table [audit.directory.sql]."""

    mailboxes: Text
    """The query whose rows are mailboxes; its columns are named as the directory's."""
    units: Text | None = None
    """The query whose rows are units."""


class LdapAttributes(Table):
    """The table [audit.directory.ldap.attributes]: which attribute holds what; "": none does."""

    address: Text = "mail"
    kind: str = ""
    unit: str = "ou"
    created: str = "createTimestamp"
    excused_until: str = ""
    suspended_on: str = ""
    confirmed_on: str = ""
    name: str = "displayName"
    managers: Annotated[tuple[str, ...], ARRAY, DISTINCT] = ("manager", "owner")
    status: str = ""
    status_reason: str = ""
    password_changed: str = "pwdChangedTime"  # noqa: S105  an attribute's name
    left_on: str = ""
    leave_noticed: str = ""
    password_is_first: str = "pwdReset"  # noqa: S105  an attribute's name
    unit_name: Text = "ou"
    unit_head: str = "manager"
    unit_head_since: str = ""


class LdapSource(LdapServerKeys):
    """The table [audit.directory.ldap]."""

    filter: Text = "(&(objectClass=inetOrgPerson)(mail=*))"
    """Which entries there are mailboxes."""
    unit_base: Text | None = None
    """Below which entry the units are; without it, none are read."""
    unit_filter: Text = "(objectClass=organizationalUnit)"
    """Which entries there are units."""
    attributes: LdapAttributes = LdapAttributes()
    """Which attribute holds what."""


class DirectorySettings(Table):
    """The table [audit.directory]: one table below it says where the directory is."""

    csv: CsvSource | None = None
    sql: SqlSource | None = None
    ldap: LdapSource | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        named = [name for name in ("csv", "sql", "ldap") if getattr(self, name)]
        if len(named) != 1:
            wrong = f"has {' and '.join(named) or 'none'} below it"
            raise wrong_value(wrong, "one table, [audit.directory.csv], .sql or .ldap")
        return self
