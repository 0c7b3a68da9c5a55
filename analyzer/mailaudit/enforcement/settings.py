# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit.enforcement] of a site file: how mailboxes are closed, and where reclaimed mail goes.

docs/enforcement.md explains each key. Paths are taken from the folder the site file is in.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from mailaudit.serverkeys import LdapServerKeys, SqlServer, Table
from mailpolicy.files.fields import ARRAY, NOT_EMPTY, Line, Text
from mailpolicy.files.tables import wrong_value

Command = Annotated[tuple[Line, ...], ARRAY, NOT_EMPTY]
"""A program and its arguments; no shell reads them."""


def _for_an_address(statement: str) -> str:
    if ":address" not in statement:
        raise wrong_value("does not say for which mailbox", "a statement with :address in it")
    return statement


def _for_dovecot(path: str) -> str:
    if set(path) & set(":%~"):
        raise wrong_value(
            "a path that Dovecot would read otherwise", "one without colon, percent sign and tilde"
        )
    return path


Statement = Annotated[Text, AfterValidator(_for_an_address)]


class DovecotKeys(Table):
    """The table [audit.enforcement.lock.dovecot]."""

    file: Text
    """The deny passwd-file that Dovecot reads; Postwarden alone writes it."""


class SqlKeys(SqlServer):
    """The table [audit.enforcement.lock.sql]."""

    lock: Statement
    """The statement that closes the mailbox :address; it may keep the :reason."""
    unlock: Statement
    """The statement that opens the mailbox :address."""
    list: Text
    """The query whose first column is the address of each closed mailbox."""


class LdapKeys(LdapServerKeys):
    """The table [audit.enforcement.lock.ldap]."""

    address: Line = "mail"
    """The attribute that holds a mailbox's address."""
    attribute: Line = "pwdAccountLockedTime"
    """The attribute that closes a mailbox."""
    locked: Line = "000001010000Z"
    """Its value in a closed mailbox; this one: locked until somebody unlocks it (slapo-ppolicy)."""
    unlocked: str = ""
    """Its value in an open mailbox; "": the attribute is not there."""


class CommandKeys(Table):
    """The table [audit.enforcement.lock.command]."""

    run: Command
    """The program; what it is to do stands on its standard input."""


class LockKeys(Table):
    """The table [audit.enforcement.lock]: one table below it says how."""

    dovecot: DovecotKeys | None = None
    sql: SqlKeys | None = None
    ldap: LdapKeys | None = None
    command: CommandKeys | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        named = [name for name in type(self).model_fields if getattr(self, name)]
        if len(named) != 1:
            wrong = f"has {' and '.join(named) or 'none'} below it"
            raise wrong_value(wrong, "one table, [audit.enforcement.lock.dovecot], .sql, .ldap or .command")
        return self


class StorageKeys(Table):
    """The table [audit.enforcement.storage]."""

    archive: Annotated[Text, AfterValidator(_for_dovecot)]
    """The folder that reclaimed mailboxes are archived in."""


class EnforcementSettings(Table):
    """The table [audit.enforcement]."""

    doveadm: Command | None = None
    """How Dovecot's doveadm is called."""
    lock: LockKeys
    """How mailboxes are closed."""
    storage: StorageKeys | None = None
    """Where reclaimed mail goes; without it nothing is reclaimed."""

    @model_validator(mode="after")
    def _doveadm_where_it_is_needed(self) -> Self:
        for needs, name in ((self.lock.dovecot, "lock.dovecot"), (self.storage, "storage")):
            if needs and not self.doveadm:
                raise wrong_value(f"has {name} but no doveadm", 'doveadm = ["doveadm"] beside it')
        return self
