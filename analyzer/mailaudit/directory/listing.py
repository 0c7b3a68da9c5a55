# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory as it was read from its source."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailpolicy.directory import Mailbox, Unit


@dataclass(frozen=True, slots=True)
class Loose:
    """A name that leads nowhere: `at` this place a head (`of_unit`) or a manager is `named`."""

    at: str
    named: str
    of_unit: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """All mailboxes of an office, in the source's order. `units` is empty where it was asked for none.

    `source` names it as in an error message: a path, or an URL without a password. `loose` are names of heads
    and managers that are no addresses and whose address could not be found.
    """

    source: str
    mailboxes: Sequence[Mailbox]
    units: Sequence[Unit] = ()
    loose: Sequence[Loose] = ()
