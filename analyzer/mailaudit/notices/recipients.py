# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is written to about a mailbox: its owner, those who answer for its unit, the head of its agency."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailaudit.directory.listing import Listing
from mailaudit.notices.matter import Occasion, Role
from mailpolicy.address import normalise
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.office.unittree import LEVELS

SHARED = (Kind.UNIT, Kind.AGENCY)
AUDIENCE: Mapping[Occasion, tuple[Role, ...]] = {
    Occasion.WARNED: (Role.OWNER, Role.UNIT),
    # A locked owner gets the letter and can't read it: his unit and its head get it too.
    Occasion.LOCKED: (Role.OWNER, Role.UNIT, Role.HEAD),
    Occasion.RECLAIMED: (Role.UNIT, Role.HEAD),  # the owner has no mailbox any more
    Occasion.REMINDED: (Role.OWNER, Role.UNIT),
    Occasion.ESCALATED: (Role.HEAD, Role.OWNER),
    Occasion.REVIEW: (Role.UNIT,),
    Occasion.REVOKED: (Role.OWNER, Role.UNIT, Role.HEAD),
    Occasion.UNLOCKED: (Role.OWNER, Role.UNIT),
    Occasion.RESTORED: (Role.OWNER, Role.UNIT),
}
"""Who is told of what. Where a unit has no mailbox its head is told, where nobody is known the approver."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address, as whom it is written to, and whether it stands in for somebody the directory lacks."""

    address: str
    role: Role
    stand_in: bool = False


class People:
    """An office's directory, as letters need it. What it lacks is never a reason to tell nobody."""

    def __init__(self, listing: Listing, approver: str | None) -> None:
        self._units: dict[str, Unit] = {unit.name: unit for unit in listing.units}
        self._shared: dict[str, list[Mailbox]] = {}
        for mailbox in listing.mailboxes:
            if mailbox.kind in SHARED:
                self._shared.setdefault(mailbox.unit, []).append(mailbox)
        self._approver = approver

    def recipients(self, mailbox: Mailbox, roles: Iterable[Role]) -> list[Recipient]:
        """Return everybody who is to be told about a mailbox, each address once: its first role counts.

        Empty if the directory knows nobody and there is no approver.
        """
        found: dict[str, Recipient] = {}
        for role in roles:
            for one in self._of(role, mailbox):
                found.setdefault(one.address, one)
        return list(found.values())

    def _of(self, role: Role, mailbox: Mailbox) -> list[Recipient]:
        if role is Role.OWNER:
            return [Recipient(mailbox.address, role)]
        of_unit, head = self._of_unit(mailbox), self._head(mailbox)
        addresses = of_unit or head if role is Role.UNIT else head
        if addresses:
            return [Recipient(address, role) for address in addresses]
        if self._approver is None:
            return []
        return [Recipient(self._approver, role, stand_in=True)]

    def _of_unit(self, mailbox: Mailbox) -> list[str]:
        """The nearest unit's mailboxes from below; of a unit's own mailbox, those who may act for it too."""
        managers = mailbox.managers if mailbox.kind in SHARED else ()
        for unit in self._above(mailbox.unit):
            shared = [one.address for one in self._shared.get(unit, ()) if one.address != mailbox.address]
            if shared or managers:
                return _distinct([*managers, *shared])
        return _distinct(managers or mailbox.managers)

    def _head(self, mailbox: Mailbox) -> list[str]:
        """The head of the nearest unit with an agency's mailbox; else the nearest head there is."""
        units = [
            unit for unit in self._above(mailbox.unit) if self._units.get(unit) and self._units[unit].head
        ]
        agencies = [
            unit for unit in units if any(one.kind is Kind.AGENCY for one in self._shared.get(unit, ()))
        ]
        heads = [self._units[unit].head for unit in agencies or units]
        return [normalise(head) for head in heads[:1] if normalise(head) != mailbox.address]

    def _above(self, name: str) -> Iterator[str]:
        """A unit and those it belongs to; a tree that is deeper than any office's is a mistake."""
        for _ in range(LEVELS):
            if not name:
                return
            yield name
            unit = self._units.get(name)
            name = unit.parent if unit else ""


def _distinct(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(normalise, addresses)))
