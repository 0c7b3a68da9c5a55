# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of a snapshot: a mailbox or a unit as cells parted by tabs."""

import re
import unicodedata

from mailpolicy.address import ascii_domain, normalise
from mailpolicy.directory import Kind, Mailbox, Status, Unit

MAILBOX_CELLS = ("address", "kind", "unit", "status", "status_reason", "managers", "name")
UNIT_CELLS = ("name", "parent", "head")

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ESCAPED = re.compile(r"\\(.)")
_MEANING = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
_KINDS = {str(kind): kind for kind in Kind}
_STATUSES = {str(status): status for status in Status}


def address_key(address: str) -> str:
    """Return the address as the snapshot is sorted and asked by it: normalised, its domain in ASCII."""
    local, at, domain = normalise(address).rpartition("@")
    return f"{local}@{ascii_domain(domain)}" if at else domain


def unit_key(name: str) -> str:
    """Return a unit's name as it is compared: NFC, without space around it."""
    return unicodedata.normalize("NFC", name).strip()


def mailbox_line(mailbox: Mailbox) -> str:
    """Write a mailbox as a line without its end. Its dates are not in it: the gate has no use for them."""
    return _line(
        address_key(mailbox.address),
        mailbox.kind,
        unit_key(mailbox.unit),
        mailbox.status,
        mailbox.status_reason,
        " ".join(map(address_key, mailbox.managers)),
        mailbox.name,
    )


def unit_line(unit: Unit) -> str:
    """Write a unit as a line without its end."""
    return _line(unit_key(unit.name), unit_key(unit.parent), address_key(unit.head))


def read_mailbox(line: str) -> Mailbox:
    """Read a mailbox's line. Raises ValueError or KeyError if it is none."""
    address, kind, unit, status, reason, managers, name = _cells(line)
    return Mailbox(
        address,
        _KINDS[kind],
        unit,
        name=name,
        managers=tuple(managers.split()),
        status=_STATUSES[status],
        status_reason=reason,
    )


def check_mailbox(line: bytes) -> Kind:
    """Return the kind of a mailbox, quicker than reading it. Raises ValueError or KeyError if it is none."""
    _, kind, _, status, _, _, _ = _cells(line.decode())
    _STATUSES[status]
    return _KINDS[kind]


def read_unit(line: str) -> Unit:
    """Read a unit's line. Raises ValueError if it is none."""
    name, parent, head = _cells(line)
    return Unit(name, parent, head)


def _line(*cells: str) -> str:
    return "\t".join(cell.translate(_ESCAPES) for cell in cells)


def _cells(line: str) -> list[str]:
    cells = line.split("\t")
    if "\\" not in line:
        return cells
    return [_ESCAPED.sub(lambda found: _MEANING[found[1]], cell) for cell in cells]
