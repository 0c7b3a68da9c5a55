# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking an LDAP server: all entries below a base, page by page; and changing an attribute of one."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailaudit.directory.dn import Name, name_of
from mailaudit.serverkeys import LdapServerKeys
from mailpolicy.files.problems import Problem, UnreadableFile

CONNECT_SECONDS, ANSWER_SECONDS = 10, 60
PAGE = 500  # entries; Active Directory gives no more than 1,000 at a time
PAGED_RESULTS = "1.2.840.113556.1.4.319"  # RFC 2696


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the server gave it. `values` are by attribute, in lower case."""

    dn: str
    name: Name
    values: Mapping[str, Sequence[bytes]]


class LdapServer:
    """A connection to a server, encrypted and bound as the site file says. Raises UnreadableFile.

    No answer is taken for less than it is: a limit that is reached, or a referral to another server, is an
    error.
    """

    def __init__(
        self, source: LdapServerKeys, password: str | None, folder: Path, *, writes: bool = False
    ) -> None:
        self.url = source.url
        with self._errors("url", "a server that can be asked"):
            self._connection = _connect(source, password, folder, writes=writes)
        if not self._connection.bound:
            self._refused("bind_dn", "who may read the directory, with the right password")

    def entries(self, base: str, chosen: str, attributes: Sequence[str]) -> Iterator[Entry]:
        """Every entry below `base` that the filter `chosen` takes. Raises UnreadableFile."""
        cookie, top = None, name_of(base)
        while True:
            with self._errors(f"{base} {chosen}", "a filter as in (mail=*)"):
                self._connection.search(
                    base, chosen, dereference_aliases="NEVER", attributes=list(attributes),
                    paged_size=PAGE, paged_criticality=True, paged_cookie=cookie,
                )  # fmt: skip
            if self._connection.result["result"] != 0:
                self._refused(f"{base} {chosen}", "all entries; its administrator can raise what it gives")
            found = map(self._entry, self._connection.response)
            yield from (entry for entry in found if entry.name != top)
            control = self._connection.result.get("controls", {}).get(PAGED_RESULTS, {})
            if not (cookie := control.get("value", {}).get("cookie")):
                return

    def replace(self, dn: str, attribute: str, values: Sequence[str]) -> None:
        """Give an entry's attribute these values and no others, or, without any, take it away.

        Only for a connection that writes. Raises UnreadableFile.
        """
        with self._errors(dn, "an entry that can be changed"):
            self._connection.modify(dn, {attribute: [("MODIFY_REPLACE", list(values))]})
        if self._connection.result["result"] != 0:
            self._refused(f"{dn}, {attribute}", "that who binds may change it")

    def close(self) -> None:
        """Say goodbye."""
        self._connection.unbind()

    def _entry(self, answer: Mapping[str, Any]) -> Entry:
        if answer["type"] != "searchResEntry":
            wrong = f"the server refers to others: {' '.join(answer.get('uri', []))}"
            raise UnreadableFile([Problem(self.url, "search", wrong, "one server that has all entries")])
        values = {name.lower(): list(values) for name, values in answer["raw_attributes"].items()}
        return Entry(answer["dn"], name_of(answer["dn"]), values)

    def _refused(self, key: str, expected: str) -> None:
        result = self._connection.result
        wrong = " ".join(f"the server says: {result['description']} {result['message']}".split())
        raise UnreadableFile([Problem(self.url, key, wrong, expected)])

    @contextmanager
    def _errors(self, key: str, expected: str) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            wrong, expected = f"needs {error.name}, which is not installed", "pip install 'postwarden[ldap]'"
            raise UnreadableFile([Problem(self.url, key, wrong, expected)]) from error
        except Exception as error:
            if not type(error).__module__.startswith("ldap3."):
                raise
            why = " ".join(str(error).split()) or type(error).__name__
            raise UnreadableFile([Problem(self.url, key, f"can't be asked ({why})", expected)]) from error


def _connect(source: LdapServerKeys, password: str | None, folder: Path, *, writes: bool) -> Any:
    import ldap3  # type: ignore[import-untyped]  # noqa: PLC0415  an extra

    ca_file = str(folder / source.ca_file) if source.ca_file else None
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca_file)
    server = ldap3.Server(source.url, get_info=ldap3.NONE, tls=tls, connect_timeout=CONNECT_SECONDS)
    connection = ldap3.Connection(
        server, source.bind_dn or None, password,
        authentication=ldap3.SIMPLE if source.bind_dn else ldap3.ANONYMOUS,
        read_only=not writes, auto_referrals=False, check_names=False, receive_timeout=ANSWER_SECONDS,
    )  # fmt: skip
    connection.open()
    if source.start_tls:
        connection.start_tls()
    connection.bind()
    return connection
