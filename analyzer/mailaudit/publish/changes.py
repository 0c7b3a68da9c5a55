# SPDX-License-Identifier: GPL-3.0-or-later
"""What a directory has that the last snapshot had not, and whether it lost more than it should."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from mailpolicy.directory import Mailbox
from mailpolicy.snapshot.contents import Contents
from mailpolicy.snapshot.lines import mailbox_line

LARGEST_LOSS = 0.3  # of all mailboxes, from one snapshot to the next


@dataclass(frozen=True, slots=True)
class Changes:
    """Addresses added, removed and changed since a snapshot made at `since` with `before` mailboxes.

    Changed is a mailbox of which the gate would see something else: dates do not count.
    """

    since: datetime
    before: int
    added: Sequence[str]
    removed: Sequence[str]
    changed: Sequence[str]

    @classmethod
    def between(cls, last: Contents, mailboxes: Sequence[Mailbox]) -> Self:
        """Compare a directory with the last snapshot."""
        before = {one.address: mailbox_line(one) for one in last.mailboxes()}
        now = {one.address: mailbox_line(one) for one in mailboxes}
        return cls(
            last.header.made_at,
            len(before),
            sorted(now.keys() - before.keys()),
            sorted(before.keys() - now.keys()),
            sorted(address for address in now.keys() & before.keys() if now[address] != before[address]),
        )

    @property
    def shrunk(self) -> bool:
        """Whether LARGEST_LOSS or more of the mailboxes are gone, as from a directory read by half."""
        lost = len(self.removed) - len(self.added)
        return lost > 0 and lost >= LARGEST_LOSS * self.before
