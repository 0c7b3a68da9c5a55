# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of a site file that say how a database or an LDAP server is reached, and their password files."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mailpolicy.files.fields import Text
from mailpolicy.files.problems import Problem, UnreadableFile
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


class Table(BaseModel):
    """A table that people write: whatever it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class SqlServer(Table):
    """How a database is reached."""

    url: Annotated[Text, AfterValidator(_sql_url), Field(json_schema_extra={"expected": SQL_URL})]
    """The database: PostgreSQL or SQLite."""
    password_file: Text | None = None
    """The file whose first line is the password."""


class LdapServerKeys(Table):
    """How an LDAP server is reached, and below which entry the mailboxes are."""

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

    @model_validator(mode="after")
    def _keeps_its_password(self) -> Self:
        """A password is not sent to another machine for everybody on the way to read."""
        parts = urlsplit(self.url)
        if self.bind_dn and parts.scheme == "ldap" and parts.hostname not in LOOPBACK and not self.start_tls:
            raise wrong_value("would send the password unencrypted", "ldaps://, or start_tls = true")
        return self


def password(server: SqlServer | LdapServerKeys, folder: Path) -> str | None:
    """Return the first line of the server's password file, None if it names none. Raises UnreadableFile."""
    if server.password_file is None:
        return None
    path = folder / server.password_file
    try:
        return path.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        wrong = f"can't be read ({why})"
        raise UnreadableFile([Problem(str(path), "file", wrong, "a file with the password alone")]) from error
