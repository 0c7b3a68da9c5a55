# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier sweep began and was cut off from: taken up again where it is still due, else taken back."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from mailaudit.enforcement.backend import EnforcementError
from mailaudit.record import entries, intents
from mailaudit.record.intents import Intent
from mailaudit.record.operator import SWEEP, now
from mailaudit.store import Store
from mailaudit.sweep.carry import Servers
from mailaudit.sweep.plan import Look
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.standing import standing
from mailpolicy.directory import Mailbox
from mailpolicy.officetime import office_day

CUT_OFF = "what a sweep had begun and was cut off from is taken back, as it is no longer due"


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles the intents of the mailboxes in reach; `look` judges one of them anew."""

    store: Store
    servers: Servers
    look: Callable[[Mailbox], Look]

    def settle(self, mailboxes: dict[str, Mailbox], planned: Collection[str]) -> Iterator[str]:
        """Take back what is not due or not `planned`, and say what was found. The rest is for the plan."""
        for intent in intents.pending(self.store):
            mailbox = mailboxes.get(intent.mailbox)
            if mailbox is None:
                continue
            begun = f"{intent.mailbox}: {intent.event} was begun on {office_day(intent.time)} and cut off"
            look = self.look(mailbox)
            if any(step.key == intent.key for step in look.steps):
                later = "" if intent.key in planned else ", and waits for a plan that has it"
                yield f"{begun}; it is due still{later}"
                continue
            try:
                self._take_back(intent, mailbox, look)
            except EnforcementError as error:
                yield f"{begun}; it is no longer due, and could not be taken back: {error}"
            else:
                yield f"{begun}; it is no longer due, and was taken back"

    def orphans(self, listed: Collection[str]) -> Iterator[str]:
        """Say which mailboxes something was begun with that the directory has no more."""
        for intent in intents.pending(self.store):
            if intent.mailbox not in listed:
                begun = f"{intent.mailbox}: {intent.event} was begun on {office_day(intent.time)} and cut off"
                yield f"{begun}; the directory has it no more: `mailaudit mailbox show` tells if it is closed"

    def _take_back(self, intent: Intent, mailbox: Mailbox, look: Look) -> None:
        """Bring back mail that may have been removed; open and record what nothing else keeps closed."""
        time = now()
        day = office_day(time)
        event, folder = Event.UNLOCKED, ""
        if intent.archive and self.servers.storage:
            self.servers.storage.restore(intent.archive.folder, mailbox.address)
            event, folder = Event.RESTORED, str(intent.archive.folder)
        used_on = office_day(look.activity.time) if look.activity else None
        is_locked = standing(mailbox, look.entries, used_on, day).lock is not None
        if not is_locked:
            self.servers.lock.unlock(mailbox.address)
        entry = Entry(
            mailbox.address, event, time, day, intent.code, intent.article, SWEEP, CUT_OFF, archive=folder
        )
        with self.store.recording() as connection:
            if not is_locked:
                entries.write(connection, entry)
            intents.end(connection, intent.key)
