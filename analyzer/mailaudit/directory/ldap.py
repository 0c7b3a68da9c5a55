# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory in LDAP: entries become rows, and names of entries in them the addresses they stand for."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from mailaudit.directory.columns import DATES, MAILBOX
from mailaudit.directory.dn import Name, name_of
from mailaudit.directory.ldapserver import Entry, LdapServer
from mailaudit.directory.listing import Listing, Loose
from mailaudit.directory.rows import MAILBOXES, UNITS, Row, check_tree, read_rows
from mailaudit.directory.settings import LdapSource
from mailpolicy.directory import Kind
from mailpolicy.files.problems import Problems
from mailpolicy.officetime import office_day

LISTS = {b"groupofnames", b"groupofuniquenames"}  # RFC 4519
# RFC 4517, 3.3.13: minutes, seconds and a fraction may be left out, the zone may not.
TIME = re.compile(r"([0-9]{10})([0-9]{2})?([0-9]{2})?(?:[.,][0-9]+)?(?:Z|([+-])([0-9]{2})([0-9]{2})?)")


def read(source: LdapSource, password: str | None, folder: Path) -> Listing:
    """Read all entries. Raises UnreadableFile if they can't be had, BadFile with every mistake in them."""
    server = LdapServer(source, password, folder)
    try:
        return _Reading(source, server).listing()
    finally:
        server.close()


class _Reading:
    """One reading of a directory: what was found so far, and what was wrong with it."""

    def __init__(self, source: LdapSource, server: LdapServer) -> None:
        self._source = source
        self._names = source.attributes
        self._server = server
        self._problems = Problems(source.url)
        self._addresses: dict[Name, str] = {}
        self._units: dict[Name, str] = {}
        self._loose: list[Loose] = []

    def listing(self) -> Listing:
        """Read units and mailboxes, and give everybody named the address that the entry has."""
        units, people = self._unit_entries(), self._mailbox_entries()
        self._addresses = {one.name: self._first(one, self._names.address) for one in people}
        self._units = {one.name: self._first(one, self._names.unit_name) for one in units}
        rooms = read_rows(map(self._unit_row, units), UNITS, self._problems)
        mailboxes = read_rows(map(self._mailbox_row, people), MAILBOXES, self._problems)
        if not people:
            self._problems.add(f"{self._source.base} {self._source.filter}", "finds nothing", "mailboxes")
        check_tree(rooms, self._problems)
        self._problems.raise_if_any()
        return Listing(self._source.url, mailboxes, rooms, self._loose)

    def _mailbox_entries(self) -> list[Entry]:
        own = [getattr(self._names, name) for name in MAILBOX if name != "managers"]
        attributes = sorted({"objectClass", *filter(None, own), *self._names.managers})
        return list(self._server.entries(self._source.base, self._source.filter, attributes))

    def _unit_entries(self) -> list[Entry]:
        if not self._source.unit_base:
            return []
        names = self._names
        attributes = sorted(filter(None, {names.unit_name, names.unit_head, names.unit_head_since}))
        return list(self._server.entries(self._source.unit_base, self._source.unit_filter, attributes))

    def _mailbox_row(self, entry: Entry) -> Row:
        cells = {name: self._cell(entry, name) for name in MAILBOX if name != "managers"}
        classes = {value.lower() for value in entry.values.get("objectclass", ())}
        cells["kind"] = cells["kind"] or (Kind.LIST if classes & LISTS else Kind.PERSON)
        cells["unit"] = cells["unit"] or self._above(entry)
        if cells["kind"].lower() != Kind.PERSON:  # a person's manager is his superior, not his deputy
            cells["managers"] = self._people(entry, self._names.managers)
        return Row(entry.dn, cells)

    def _unit_row(self, entry: Entry) -> Row:
        head = self._people(entry, (self._names.unit_head,), of_unit=True)
        name = self._text(entry, self._names.unit_name)
        since = day_of(self._text(entry, self._names.unit_head_since))
        cells = {"name": name, "parent": self._above(entry), "head": head, "head_since": since}
        return Row(entry.dn, cells)

    def _cell(self, entry: Entry, name: str) -> str:
        text = self._text(entry, getattr(self._names, name))
        return day_of(text) if name in DATES else text

    def _text(self, entry: Entry, attribute: str) -> str:
        """The one value of an attribute; "" if it has none."""
        values = self._texts(entry, attribute)
        if len(values) > 1:
            self._problems.add(f"{entry.dn}, {attribute}", f"{len(values)} values", "one value")
        return values[0] if values else ""

    def _first(self, entry: Entry, attribute: str) -> str:
        return "".join(self._texts(entry, attribute)[:1])

    def _texts(self, entry: Entry, attribute: str) -> list[str]:
        try:
            return [value.decode().strip() for value in entry.values.get(attribute.lower(), ())]
        except UnicodeDecodeError:
            self._problems.add(f"{entry.dn}, {attribute}", "no text in UTF-8", "text")
            return []

    def _people(self, entry: Entry, attributes: Sequence[str], *, of_unit: bool = False) -> str:
        """The addresses of all whom these attributes name by entry or by address, separated by spaces."""
        found = []
        for attribute in attributes:
            for value in self._texts(entry, attribute):
                name = name_of(value)
                if address := self._addresses.get(name, "" if name else value):
                    found.append(address)
                else:
                    self._loose.append(Loose(f"{entry.dn}, {attribute}", value, of_unit))
        return " ".join(found)

    def _above(self, entry: Entry) -> str:
        """The nearest unit whose entry lies above this one; "" if none does."""
        above = (self._units.get(entry.name[depth:]) for depth in range(1, len(entry.name)))
        return next(filter(None, above), "")


def day_of(text: str) -> str:
    """Return the day of a GeneralizedTime in the office's zone, as YYYY-MM-DD; other text unchanged."""
    if not (found := TIME.fullmatch(text)):
        return text
    hours, minutes, seconds, sign, zone_hours, zone_minutes = found.groups("00")
    zone = f"{sign}{zone_hours}{zone_minutes}" if sign != "00" else "+0000"
    try:
        time = datetime.strptime(f"{hours}{minutes}{seconds}{zone}", "%Y%m%d%H%M%S%z")
    except ValueError:
        return text
    return office_day(time).isoformat()
