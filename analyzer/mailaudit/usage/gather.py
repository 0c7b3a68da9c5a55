# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of usage: its rows by mailbox, unit, day or hour of the day, and what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailaudit.coverage.grounds import Grounds, grounds
from mailaudit.store import Store
from mailaudit.usage.amounts import Amounts, By, amounts, grouped, together
from mailaudit.usage.people import STRANGER, by_address, units
from mailaudit.usage.period import Period
from mailpolicy.directory import Mailbox
from mailpolicy.site import Site


class Rows(StrEnum):
    """What the rows of the table are."""

    MAILBOX = "mailbox"
    UNIT = "unit"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Usage:
    """Amounts by name of a row, and their grounds.

    `peers`, where they were counted, are the different addresses that a row's mailboxes wrote to or got mail
    from.
    """

    by: Rows
    rows: Mapping[str, Amounts]
    grounds: Grounds
    peers: Mapping[str, int] | None = None

    @property
    def total(self) -> Amounts:
        """The sum of the rows, the same whatever they are."""
        return together(self.rows.values())


def usage(
    store: Store,
    site: Site,
    mailboxes: Sequence[Mailbox],
    by: Rows,
    period: Period,
    *,
    with_peers: bool = False,
) -> Usage:
    """Add up an office's usage. Peers are counted by mailbox and unit alone. Raises StoreError."""
    groups = units(mailboxes)
    rows = _rows(store, by, period, site, mailboxes)
    group_of = {name: groups.get(name, STRANGER) if by is Rows.UNIT else name for name in rows}
    peers = _peers(store, period, group_of) if with_peers else None
    if by is Rows.UNIT:
        rows = grouped(rows, groups, STRANGER)
    return Usage(by, rows, grounds(store, period), peers)


def _rows(
    store: Store, by: Rows, period: Period, site: Site, mailboxes: Sequence[Mailbox]
) -> dict[str, Amounts]:
    """The amounts by day or hour, or else by mailbox."""
    from mailaudit.usage.batch import still_open  # noqa: PLC0415  its engine takes long to load

    key = By(by) if by in (Rows.DAY, Rows.HOUR) else By.MAILBOX
    found = amounts(store, still_open(store), period, site, key)
    if key is By.MAILBOX:
        return by_address(found, mailboxes, site.domains)
    return {str(name): one for name, one in found.items()}


def _peers(store: Store, period: Period, group_of: Mapping[str, str]) -> dict[str, int]:
    from mailaudit.usage import peers  # noqa: PLC0415  its engine takes long to load

    return peers.count(store, period, group_of)
