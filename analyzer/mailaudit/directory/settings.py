# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit] of a site file: where the office's directory is. docs/directory.md explains each key.

Paths are taken from the folder the site file is in.
"""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mailpolicy.files.fields import ARRAY, DISTINCT, Text
from mailpolicy.files.tables import wrong_value

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SQL_URL = 'an URL as in "postgresql://reader@db.example.org/staff" or "sqlite:///staff.sqlite"'
LDAP_URL = 'an URL as in "ldaps://ldap.example.org", without anything behind the host and port'
NO_PASSWORD = "an URL without a password: password_file says which file has it"  # noqa: S105


def _url(text: str, schemes: tuple[str, ...], expected: str) -> str:
    """What is wrong is said without the URL: it may hold a password, be it in the wrong place."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise wrong_value("not an URL", expected) from None
    if parts.password is not None:
        raise wrong_value("has a password in it", NO_PASSWORD)
    if parts.scheme not in schemes:
        raise wrong_value("is not of a kind that can be read", expected)
    return text


def _sql_url(text: str) -> str:
    return _url(text, ("postgresql", "sqlite"), SQL_URL)


def _ldap_url(text: str) -> str:
    parts = urlsplit(_url(text, ("ldap", "ldaps", "ldapi"), LDAP_URL))
    behind = parts.username or parts.path.strip("/") or parts.query
    if parts.scheme != "ldapi" and (behind or not parts.hostname):
        raise wrong_value("is not of a kind that can be read", LDAP_URL)
    return text


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class CsvSource(_Table):
    """The table [audit.directory.csv]."""

    mailboxes: Text
    """The file of mailboxes."""
    units: Text | None = None
    """The file of units."""


class SqlSource(_Table):
    """The table [audit.directory.sql]."""

    url: Annotated[Text, AfterValidator(_sql_url), Field(json_schema_extra={"expected": SQL_URL})]
    """The database: PostgreSQL or SQLite."""
    password_file: Text | None = None
    """The file whose first line is the password."""
    mailboxes: Text
    """The query whose rows are mailboxes; its columns are named as the directory's."""
    units: Text | None = None
    """The query whose rows are units."""


class LdapAttributes(_Table):
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
    unit_name: Text = "ou"
    unit_head: str = "manager"


class LdapSource(_Table):
    """The table [audit.directory.ldap]."""

    url: Annotated[Text, AfterValidator(_ldap_url), Field(json_schema_extra={"expected": LDAP_URL})]
    """The server."""
    start_tls: bool = False
    """Whether a connection to ldap:// is encrypted before anything else is said."""
    ca_file: Text | None = None
    """The certificates that the server's is checked against; without it, the system's."""
    bind_dn: str = ""
    """Who asks; "" is anonymous."""
    password_file: Text | None = None
    """The file whose first line is the password."""
    base: Text
    """Below which entry the mailboxes are."""
    filter: Text = "(&(objectClass=inetOrgPerson)(mail=*))"
    """Which entries there are mailboxes."""
    unit_base: Text | None = None
    """Below which entry the units are; without it, none are read."""
    unit_filter: Text = "(objectClass=organizationalUnit)"
    """Which entries there are units."""
    attributes: LdapAttributes = LdapAttributes()
    """Which attribute holds what."""

    @model_validator(mode="after")
    def _keeps_its_password(self) -> Self:
        """A password is not sent to another machine for everybody on the way to read."""
        parts = urlsplit(self.url)
        if self.bind_dn and parts.scheme == "ldap" and parts.hostname not in LOOPBACK and not self.start_tls:
            raise wrong_value("would send the password unencrypted", "ldaps://, or start_tls = true")
        return self


class DirectorySettings(_Table):
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


class AuditSettings(_Table):
    """The table [audit]."""

    directory: DirectorySettings | None = None
    """Where the office's directory is."""
