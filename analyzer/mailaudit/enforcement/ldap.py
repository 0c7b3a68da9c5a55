# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing a mailbox in the LDAP server that the mail system asks for logins: one attribute of its entry."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mailaudit.directory.ldapserver import Entry, LdapServer
from mailaudit.enforcement.backend import EnforcementError
from mailaudit.enforcement.settings import LdapKeys
from mailpolicy.files.problems import UnreadableFile


class LdapLock:
    """An attribute with one value where the mailbox is closed, and another, or none, where it is open."""

    name = "ldap"

    def __init__(self, keys: LdapKeys, password: str | None, folder: Path) -> None:
        self._keys = keys
        self._password = password
        self._folder = folder

    def check(self) -> None:
        """Find out whether the server answers and has mailboxes. Raises EnforcementError."""
        with self._server() as server:
            if not self._found(server, f"({self._keys.address}=*)"):
                raise EnforcementError(f"{self._keys.url}: {self._keys.base} has no ({self._keys.address}=*)")

    def lock(self, address: str, reason: str) -> None:
        """Give the entry the value that closes it, and look whether it has it. Raises EnforcementError."""
        self._set(address, self._keys.locked)

    def unlock(self, address: str) -> None:
        """Give the entry the value that opens it, or take the attribute away. Raises EnforcementError."""
        self._set(address, self._keys.unlocked)

    def locked(self) -> Sequence[str]:
        """Return the addresses of the entries that are closed, sorted. Raises EnforcementError."""
        keys = self._keys
        with self._server() as server:
            entries = self._found(server, f"({keys.address}=*)")
        closed = [entry for entry in entries if self._value(entry) == keys.locked]
        return sorted(
            {address for entry in closed for address in map(str.lower, _texts(entry, keys.address))}
        )

    def _set(self, address: str, value: str) -> None:
        with self._server() as server:
            entry = self._entry(server, address)
            if self._value(entry) == value:
                return
            server.replace(entry.dn, self._keys.attribute, [value] if value else [])
            now = self._value(self._entry(server, address))
            if now != value:
                wrong = f"{self._keys.attribute} is {now!r} after it was set to {value!r}"
                raise EnforcementError(f"{self._keys.url}: {entry.dn}: {wrong}")

    def _entry(self, server: LdapServer, address: str) -> Entry:
        found = self._found(server, f"({self._keys.address}={_escaped(address)})")
        if len(found) != 1:
            wrong = (
                f"{len(found)} entries have {self._keys.address} = {address}, not one; nothing was changed"
            )
            raise EnforcementError(f"{self._keys.url}: {self._keys.base}: {wrong}")
        return found[0]

    def _found(self, server: LdapServer, chosen: str) -> list[Entry]:
        return list(server.entries(self._keys.base, chosen, [self._keys.address, self._keys.attribute]))

    def _value(self, entry: Entry) -> str:
        """The attribute's one value, "" if it has none."""
        values = _texts(entry, self._keys.attribute)
        if len(values) > 1:
            wrong = f"{self._keys.attribute} has {len(values)} values; it can't say what is closed"
            raise EnforcementError(f"{self._keys.url}: {entry.dn}: {wrong}")
        return "".join(values)

    @contextmanager
    def _server(self) -> Iterator[LdapServer]:
        try:
            server = LdapServer(self._keys, self._password, self._folder, writes=True)
            try:
                yield server
            finally:
                server.close()
        except UnreadableFile as error:
            raise EnforcementError(str(error)) from error


def _texts(entry: Entry, attribute: str) -> list[str]:
    return [value.decode("utf-8", "replace") for value in entry.values.get(attribute.lower(), ())]


def _escaped(text: str) -> str:
    """RFC 4515, 3: an address is a value and never a part of the filter."""
    return "".join(f"\\{byte:02x}" for byte in text.encode())
