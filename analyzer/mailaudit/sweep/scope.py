# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose mailboxes a sweep may see and touch: everybody's, or those of one unit and the units below it."""

from collections.abc import Sequence

from mailaudit.directory.listing import Listing
from mailpolicy.directory import Mailbox, NoDirectory, Unit
from mailpolicy.files.problems import suggestion
from mailpolicy.office.unittree import units_above

EVERYBODY = ""


class UnknownUnit(LookupError):  # noqa: N818 - the name says what it is
    """The directory has no unit of this name."""


def within(listing: Listing, unit: str) -> list[Mailbox]:
    """Return the mailboxes of a unit and of those below it; of EVERYBODY all. Raises UnknownUnit."""
    if unit == EVERYBODY:
        return list(listing.mailboxes)
    tree = _Tree(listing.units)
    known = {one.name for one in listing.units} | {box.unit for box in listing.mailboxes if box.unit}
    if unit not in known:
        raise UnknownUnit(f'{listing.source}: no unit "{unit}"; expected {suggestion(unit, known)}')
    inside = {name: unit in units_above(name, tree) for name in known}
    return [box for box in listing.mailboxes if inside.get(box.unit)]


class _Tree(NoDirectory):
    """The units alone, as a directory."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = {one.name: one for one in units}

    def unit(self, name: str) -> Unit | None:
        return self._units.get(name)
