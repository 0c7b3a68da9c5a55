# SPDX-License-Identifier: GPL-3.0-or-later
"""The same directory in each kind of source, for tests: rows of text in, what a site file says out."""

import csv
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bed.postgresql import PASSWORD, Postgresql
from bed.slapd import READER, READERS_PASSWORD, SUFFIX, Slapd
from mailaudit.directory import source
from mailaudit.directory.columns import MAILBOX, UNIT
from mailaudit.directory.listing import Listing
from mailaudit.directory.settings import DirectorySettings

Cells = Mapping[str, str]
NUMBERS = count(1)
# Attributes of inetOrgPerson that take any text, for what has no attribute of its own.
ATTRIBUTES = {
    "kind": "employeeType",
    "created": "carLicense",
    "excused_until": "roomNumber",
    "suspended_on": "departmentNumber",
    "confirmed_on": "initials",
    "status": "title",
    "status_reason": "employeeNumber",
    "password_changed": "street",
    "left_on": "postalCode",
    "leave_noticed": "postOfficeBox",
    "password_is_first": "postalAddress",
}
PEOPLE = {"address": "mail", "name": "displayName", "unit": "ou"} | ATTRIBUTES


class Place:
    """Where a directory may be. `put` writes rows there and returns the table [audit.directory] for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, mailboxes: Sequence[Cells], units: Sequence[Cells] = ()) -> dict[str, Any]:
        raise NotImplementedError

    def where(self, row: Cells, position: int) -> str:
        """How a message names the row at this position."""
        raise NotImplementedError

    def read(self, mailboxes: Sequence[Cells], units: Sequence[Cells] = ()) -> Listing:
        """Put the rows there and read them again."""
        return self.open(self.put(mailboxes, units))

    def open(self, table: Mapping[str, Any]) -> Listing:
        return source.read(DirectorySettings.model_validate(table), self.folder)


class Csv(Place):
    def put(self, mailboxes: Sequence[Cells], units: Sequence[Cells] = ()) -> dict[str, Any]:
        self._write("boxes.csv", list(MAILBOX), mailboxes)
        self._write("units.csv", list(UNIT), units)
        return {"csv": {"mailboxes": "boxes.csv", **({"units": "units.csv"} if units else {})}}

    def where(self, row: Cells, position: int) -> str:
        return f"line {position + 2}"

    def _write(self, name: str, columns: Sequence[str], rows: Sequence[Cells]) -> None:
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)


class Sql(Place):
    """Tables of text, their rows in order."""

    def put(self, mailboxes: Sequence[Cells], units: Sequence[Cells] = ()) -> dict[str, Any]:
        number = next(NUMBERS)
        self.run(
            [
                *_table(f"boxes{number}", list(MAILBOX), mailboxes),
                *_table(f"units{number}", list(UNIT), units),
            ]
        )
        table = {"url": self.url(), "mailboxes": f"SELECT * FROM boxes{number} ORDER BY position"}  # noqa: S608
        if units:
            table["units"] = f"SELECT * FROM units{number} ORDER BY position"  # noqa: S608
        return {"sql": table | self.secrets()}

    def where(self, row: Cells, position: int) -> str:
        return f"row {position + 1}"

    def run(self, statements: list[str]) -> None:
        raise NotImplementedError

    def url(self) -> str:
        raise NotImplementedError

    def secrets(self) -> dict[str, str]:
        return {}


class Sqlite(Sql):
    def run(self, statements: list[str]) -> None:
        with sqlite3.connect(self.folder / "staff.sqlite") as connection:
            connection.executescript(";".join(["BEGIN", *statements, "COMMIT"]))

    def url(self) -> str:
        return "sqlite:///staff.sqlite"


class InPostgresql(Sql):
    def __init__(self, folder: Path, server: Postgresql) -> None:
        super().__init__(folder)
        self.server = server

    def run(self, statements: list[str]) -> None:
        self.server.run(*statements)

    def url(self) -> str:
        return self.server.url

    def secrets(self) -> dict[str, str]:
        (self.folder / "password").write_text(f"{PASSWORD}\n")
        return {"password_file": "password"}


class Ldap(Place):
    """Entries of inetOrgPerson. Each put has a base of its own; its units lie in each other."""

    def __init__(self, folder: Path, server: Slapd) -> None:
        super().__init__(folder)
        self.server = server
        self.base = ""

    def put(self, mailboxes: Sequence[Cells], units: Sequence[Cells] = ()) -> dict[str, Any]:
        self.base = f"ou=office{next(NUMBERS)},{SUFFIX}"
        self.server.add(self.base, ["organizationalUnit"], {})
        owners = {row.get("address", "").lower(): self.where(row, at) for at, row in enumerate(mailboxes)}
        self._add_units(units, owners)
        for at, row in enumerate(mailboxes):
            values: dict[str, Any] = {PEOPLE[name]: row[name] for name in row.keys() & PEOPLE if row[name]}
            managers = [owners.get(one, f"uid=nobody,{SUFFIX}") for one in row.get("managers", "").split()]
            values |= {"cn": "x", "sn": "x"} | ({"manager": managers} if managers else {})
            self.server.add(self.where(row, at), ["inetOrgPerson"], values)
        return {"ldap": self.table(units_too=bool(units))}

    def table(self, *, units_too: bool = False) -> dict[str, Any]:
        (self.folder / "password").write_text(READERS_PASSWORD)
        units = {"unit_base": f"ou=units,{self.base}"} if units_too else {}
        return {
            "url": self.server.url, "bind_dn": READER, "password_file": "password",
            "base": self.base, "filter": "(objectClass=inetOrgPerson)", **units,
            "attributes": ATTRIBUTES | {"unit_head_since": "description"},
        }  # fmt: skip

    def where(self, row: Cells, position: int) -> str:
        return f"uid=n{position},{self.base}"

    def _add_units(self, units: Sequence[Cells], owners: Mapping[str, str]) -> None:
        """A parent must come before what lies in it."""
        places = {"": f"ou=units,{self.base}"}
        self.server.add(places[""], ["organizationalUnit"], {"ou": "units"})
        for row in units:
            places[row["name"]] = place = f"ou={row['name']},{places[row.get('parent', '')]}"
            head = {"manager": owners[row["head"]]} if row.get("head") else {}
            head |= {"description": row["head_since"]} if row.get("head_since") else {}
            self.server.add(place, ["organizationalUnit", "extensibleObject"], {"ou": row["name"]} | head)


PLACES = ("csv", "sqlite", "postgresql", "ldap")


def place(kind: str, folder: Path, server: Callable[[str], Any]) -> Place:
    """A place of this kind; `server` gives the running one of the name."""
    match kind:
        case "csv":
            return Csv(folder)
        case "sqlite":
            return Sqlite(folder)
        case "postgresql":
            return InPostgresql(folder, server(kind))
        case _:
            return Ldap(folder, server("slapd"))


def _table(name: str, columns: Sequence[str], rows: Sequence[Cells]) -> list[str]:
    def text(value: str) -> str:
        return "'" + value.replace("'", "''") + "'" if value else "NULL"

    def values(position: int, row: Cells) -> str:
        return ", ".join([str(position), *(text(row.get(column, "")) for column in columns)])

    create = f"CREATE TABLE {name} (position integer, {', '.join(f'{column} text' for column in columns)})"
    return [create, *(f"INSERT INTO {name} VALUES ({values(at, row)})" for at, row in enumerate(rows))]  # noqa: S608
