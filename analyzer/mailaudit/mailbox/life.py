# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is known of one mailbox: directory, uses, record, letters, violations, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mailaudit.activity import Activity, activities, normalise_mailbox
from mailaudit.enforcement.backend import EnforcementError
from mailaudit.notices import outbox
from mailaudit.notices.outbox import Kept
from mailaudit.record import entries
from mailaudit.sweep.blame import ledger_of
from mailaudit.sweep.carry import Servers
from mailaudit.sweep.here import Here
from mailaudit.sweep.plan import look_again
from mailpolicy.clocks.coverage import unbroken
from mailpolicy.clocks.record import Entry
from mailpolicy.clocks.standing import Standing, standing
from mailpolicy.clocks.step import Step
from mailpolicy.directory import Mailbox
from mailpolicy.ledger import Violation
from mailpolicy.officetime import office_day


@dataclass(frozen=True, slots=True)
class MailboxLife:
    """One mailbox. `listed` is None if the directory has it not, `steps` are what is due or near on `today`.

    `uses` are the last login and end of a session by service. `closed` says whether the server keeps it
    closed, None if that is not known; `server` says why.
    """

    address: str
    today: date
    listed: Mailbox | None
    standing: Standing
    steps: Sequence[Step]
    uses: Sequence[Activity]
    entries: Sequence[Entry]
    letters: Sequence[Kept]
    violations: Sequence[Violation]
    closed: bool | None
    server: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.listed or self.uses or self.entries)


def life_of(here: Here, address: str, servers: Servers | None, today: date) -> MailboxLife:
    """Gather it. Raises StoreError."""
    store, office = here.store, here.office
    assert office  # noqa: S101  the command has a site file
    listed = next((box for box in here.reach.judged() if box.address == address), None)
    coverage = unbroken(store.coverage(), today)
    mailbox = listed or Mailbox(address)
    look = look_again(store, mailbox, here.reach, here.regulation, coverage, today=today)
    used_on = office_day(look.activity.time) if look.activity else None
    with store.recording() as connection:
        letters = outbox.kept(connection, mailbox=address)
    closed, said = _on_server(servers, address)
    return MailboxLife(
        address,
        today,
        listed,
        standing(mailbox, look.entries, used_on, today),
        look.steps if listed else (),
        [use for name in _names(address, here) for use in activities(store, name)],
        entries.of_mailbox(store, address),
        letters,
        ledger_of(store, office.site, here.listing, address),
        closed,
        said,
    )


def _names(address: str, here: Here) -> list[str]:
    """What it goes by in the logs: its address, and its local part if no other mailbox has the same."""
    name = normalise_mailbox(address)
    local = name.partition("@")[0]
    others = {normalise_mailbox(box.address) for box in here.reach.mailboxes} - {name}
    return [name] if any(other.partition("@")[0] == local for other in others) else [name, local]


def _on_server(servers: Servers | None, address: str) -> tuple[bool | None, str]:
    if servers is None:
        return None, "the site file has no table [audit.enforcement]"
    try:
        return address in servers.lock.locked(), ""
    except EnforcementError as error:
        return None, str(error)
