# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's mailboxes as its directory lists them: whose each is, since when, and what was decided."""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from mailpolicy.address import normalise
from mailpolicy.files.fields import is_domain
from mailpolicy.files.problems import Problems


class Kind(StrEnum):
    """Whose a mailbox is. A list has no owner who could log in."""

    PERSON = "person"
    UNIT = "unit"
    AGENCY = "agency"
    LIST = "list"


class Status(StrEnum):
    """Whether a mailbox may be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # its service is stopped for a time, as after repeated violations
    LOCKED = "locked"  # nobody can log in
    BLOCKED = "blocked"  # it may not send


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox. `address` is normalised; a date is None where the directory gives none.

    `name` is the display name. `managers` are the normalised addresses of those who may act for it: send as
    a unit, write to a list. `status_reason` is the code of the duty that a status other than active rests
    on, or "". `excused_until` is the last day of an absence whose reason was given, `suspended_on` the day
    the mailbox was locked and its agency notified, `confirmed_on` the day the agency said it is still needed.
    """

    address: str
    kind: Kind = Kind.PERSON
    unit: str = ""
    created: date | None = None
    excused_until: date | None = None
    suspended_on: date | None = None
    confirmed_on: date | None = None
    name: str = ""
    managers: tuple[str, ...] = ()
    status: Status = Status.ACTIVE
    status_reason: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or agency. `parent` is the name of the unit it belongs to, "" at the top; `head` an address."""

    name: str
    parent: str = ""
    head: str = ""


class Directory(Protocol):
    """What the gate may ask of a directory. All answers are quick: no network, no disk to wait for."""

    @property
    def known(self) -> bool:
        """Whether there is a directory at all: without one a mailbox that is not found proves nothing."""

    def mailbox(self, address: str) -> Mailbox | None:
        """Return the mailbox of this address, in any case and spelling of the domain, or None."""

    def unit(self, name: str) -> Unit | None:
        """Return the unit of this name, or None."""

    def named(self, folded: str) -> Mailbox | None:
        """Return the official who goes by this folded display name, or None.

        Officials are the heads of units, and the mailboxes of units and agencies; nobody else is found.
        Each is found by every one of `lookalike.keys(mailbox.name, mailbox.kind)`; where two share a key,
        either may be returned.
        """


class NoDirectory:
    """The directory of an office that has published none: it knows nobody."""

    known = False

    def mailbox(self, address: str) -> Mailbox | None:
        """Return None."""
        return None

    def unit(self, name: str) -> Unit | None:
        """Return None."""
        return None

    def named(self, folded: str) -> Mailbox | None:
        """Return None."""
        return None


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell is read, raising ValueError if it can't be, and in words what it must hold."""

    read: Callable[[str], object]
    expected: str


def read_directory(text: str, file: str) -> list[Mailbox]:
    """Read a directory from CSV text. Its header names some of COLUMNS, in any order; `address` is required.

    Cells are parted by commas or, as Excel writes them in Vietnam, by semicolons; a byte order mark and
    empty lines are passed over. Raises BadFile with every mistake, a mailbox listed twice included.
    """
    problems = Problems(file)
    rows = _rows(text.removeprefix("\ufeff"), problems)
    header_line, header = next(rows, (1, []))
    columns = _header(header_line, header, problems)
    first_seen: dict[str, int] = {}
    mailboxes: list[Mailbox] = []
    for line, cells in rows if REQUIRED in columns else ():
        if (mailbox := _mailbox(line, cells, columns, problems)) is None:
            continue
        if (first := first_seen.setdefault(mailbox.address, line)) != line:
            wrong = f"{mailbox.address} is already on line {first}"
            problems.add(f"line {line}, {REQUIRED}", wrong, "each mailbox once")
        mailboxes.append(mailbox)
    problems.raise_if_any()
    if not mailboxes:
        problems.add("file", "lists no mailbox", "one line for each mailbox below the header")
    problems.raise_if_any()
    return mailboxes


def _rows(text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Every row that isn't empty, with the line it begins on. Where the text stops being CSV the rows end."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(f"line {line}", f"not CSV ({error})", 'cells parted by , or ; and "quotes" that close')


def _header(line: int, header: Sequence[str], problems: Problems) -> list[str]:
    """Return the columns' names in lower case; those repeated, missing or misspelt are noted.

    An office's own columns, whose names are like none of ours, are passed over.
    """
    columns = [name.lower() for name in header]
    for position, name in enumerate(columns):
        where = f"line {line}, column {position + 1}"
        if name in columns[:position]:
            problems.add(where, f'a second column "{name}"', "each column once")
        elif name not in COLUMNS and (meant := difflib.get_close_matches(name, COLUMNS, 1, TOO_LIKE)):
            problems.add(where, f'unknown column "{name}"', f'"{meant[0]}"')
    if REQUIRED not in columns:
        problems.add(f"line {line}", f'no column "{REQUIRED}"', f"a header with some of {', '.join(COLUMNS)}")
    return columns


def _mailbox(line: int, cells: list[str], columns: list[str], problems: Problems) -> Mailbox | None:
    """Read one row. Cells it lacks at its end are empty; cells it has too many are a mistake."""
    if any(cells[len(columns) :]):
        problems.add(f"line {line}", f"{len(cells)} cells", f"at most {len(columns)}, as in the header")
        return None
    values: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name not in COLUMNS or not (cell or name == REQUIRED):
            continue
        try:
            values[name] = COLUMNS[name].read(cell)
        except ValueError:
            wrong = f'"{cell}"' if cell else "empty"
            problems.add(f"line {line}, {name}", wrong, COLUMNS[name].expected)
    return Mailbox(**values) if REQUIRED in values else None


def _address(cell: str) -> str:
    address = normalise(cell)
    local, _, domain = address.partition("@")
    if not local or NOT_IN_ADDRESS.search(local) or not is_domain(domain):
        raise ValueError(cell)
    return address


def _addresses(cell: str) -> tuple[str, ...]:
    return tuple(map(_address, cell.split()))


def _status(cell: str) -> Status:
    return Status(cell.lower())


def _kind(cell: str) -> Kind:
    return Kind(cell.lower())


def _day(cell: str) -> date:
    if found := DAY_FIRST.fullmatch(cell):
        day = date(int(found[3]), int(found[2]), int(found[1]))
    elif found := YEAR_FIRST.fullmatch(cell):
        day = date.fromisoformat(found[1])
    else:
        raise ValueError(cell)
    if day.year not in YEARS:
        raise ValueError(cell)
    return day


NOT_IN_ADDRESS = re.compile(r'[\s<>()\[\],;:\\"]')
DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")  # as Vietnamese documents write it
YEAR_FIRST = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.+Z-]*)?")  # a time of day may follow
TOO_LIKE = 0.7  # of 1: a column called so is a misspelt one of ours
YEARS = range(1990, 2100)  # others are slips of the pen

_DATE = Column(_day, "a date, as in 2026-08-31 or 31/08/2026")
REQUIRED = "address"
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "address": Column(_address, "an address, as in canbo1@example.org"),
        "kind": Column(_kind, " or ".join(Kind)),
        "unit": Column(str, "the name of its unit"),
        "created": _DATE,
        "excused_until": _DATE,
        "suspended_on": _DATE,
        "confirmed_on": _DATE,
        "name": Column(str, "the display name"),
        "managers": Column(_addresses, "addresses separated by spaces"),
        "status": Column(_status, " or ".join(Status)),
        "status_reason": Column(str, "the code of a duty, as in inactivity"),
    }
)
