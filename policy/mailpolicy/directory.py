# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's mailboxes as its directory lists them: whose each is, since when, and what was decided."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


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
    `password_changed` is the day its password was last changed, `left_on` the day its person left, and
    `leave_noticed` whether its unit gave notice of that. `password_is_first` says whether the password is
    still the one that was handed out, None if that is not known.
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
    password_changed: date | None = None
    left_on: date | None = None
    leave_noticed: bool = True
    password_is_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or agency. `parent` is the name of the unit it belongs to, "" at the top; `head` an address.

    `head_since` is the day its head took over, None where the directory gives none.
    """

    name: str
    parent: str = ""
    head: str = ""
    head_since: date | None = None


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
