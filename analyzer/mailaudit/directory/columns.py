# SPDX-License-Identifier: GPL-3.0-or-later
"""What a directory may tell of a mailbox and of a unit: the names of its columns, and how a cell is read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from mailpolicy.directory import Kind, Status
from mailpolicy.files.fields import is_domain
from mailpolicy.parameters import PARAMETERS
from mailpolicy.snapshot.lines import address_key

NOT_IN_ADDRESS = re.compile(r'[\s<>()\[\],;:\\"]')
DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")  # as Vietnamese documents write it
YEAR_FIRST = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.+Z-]*)?")  # a time of day may follow
YES_OR_NO = {"yes": True, "true": True, "1": True, "có": True} | {
    "no": False, "false": False, "0": False, "không": False
}  # fmt: skip
YEARS = range(1990, 2100)  # others are slips of the pen
REMEMBERED = 16_384  # cells of one kind: a directory has many mailboxes and few domains, kinds and dates

_is_domain = lru_cache(REMEMBERED)(is_domain)


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell is read, raising ValueError if it can't be, and in words what it must hold."""

    read: Callable[[str], object]
    expected: str


def _address(cell: str) -> str:
    address = address_key(cell)
    local, _, domain = address.partition("@")
    if not local or NOT_IN_ADDRESS.search(local) or not _is_domain(domain):
        raise ValueError(cell)
    return address


def _addresses(cell: str) -> tuple[str, ...]:
    return tuple(map(_address, cell.split()))


def _text(cell: str) -> str:
    return unicodedata.normalize("NFC", cell)


def _status(cell: str) -> Status:
    return Status(cell.lower())


@lru_cache(REMEMBERED)
def _kind(cell: str) -> Kind:
    return Kind(cell.lower())


def _code(cell: str) -> str:
    if cell not in PARAMETERS:
        raise ValueError(cell)
    return cell


@lru_cache(REMEMBERED)
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


def _yes(cell: str) -> bool:
    if cell.lower() not in YES_OR_NO:
        raise ValueError(cell)
    return YES_OR_NO[cell.lower()]


_DATE = Column(_day, "a date, as in 2026-08-31 or 31/08/2026")
_YES_OR_NO = Column(_yes, "yes or no")
_ADDRESS = Column(_address, "an address, as in canbo1@example.org")
_UNIT = Column(_text, "the name of a unit")
MAILBOX: Mapping[str, Column] = MappingProxyType(
    {
        "address": _ADDRESS,
        "kind": Column(_kind, " or ".join(Kind)),
        "unit": _UNIT,
        "created": _DATE,
        "excused_until": _DATE,
        "suspended_on": _DATE,
        "confirmed_on": _DATE,
        "name": Column(_text, "the display name"),
        "managers": Column(_addresses, "addresses separated by spaces"),
        "status": Column(_status, " or ".join(Status)),
        "status_reason": Column(_code, "the code of a duty, as in inactivity"),
        "password_changed": _DATE,
        "left_on": _DATE,
        "leave_noticed": _YES_OR_NO,
        "password_is_first": _YES_OR_NO,
    }
)
UNIT: Mapping[str, Column] = MappingProxyType(
    {"name": _UNIT, "parent": _UNIT, "head": _ADDRESS, "head_since": _DATE}
)
DATES = frozenset(name for name, column in {**MAILBOX, **UNIT}.items() if column is _DATE)
