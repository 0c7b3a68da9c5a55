# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out one step: noted first, then done on the server, then recorded with the letters that tell of it.

Killed anywhere and carried out again, it is done once: the server's acts may be repeated, and the record has
each step's key only once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailaudit.enforcement.backend import EnforcementError, Lock, Storage
from mailaudit.enforcement.doveadm import Doveadm
from mailaudit.notices.matter import Role
from mailaudit.notices.notice import Notice
from mailaudit.record import entries, intents
from mailaudit.record.intents import Intent
from mailaudit.record.operator import SWEEP, now
from mailaudit.store import Store
from mailaudit.sweep.letters import Letters, queue
from mailaudit.sweep.told import is_awaited
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.officetime import office_day
from mailpolicy.regulation import Regulation

EVENTS: Mapping[StepKind, Event] = {
    StepKind.RECLAIM: Event.RECLAIMED,
    StepKind.LOCK: Event.LOCKED,
    StepKind.ESCALATE: Event.ESCALATED,
    StepKind.REMIND: Event.REMINDED,
    StepKind.WARN: Event.WARNED,
}
"""What the record calls each kind of step that is carried out; the others are only told of."""
CLOSING = (StepKind.LOCK, StepKind.RECLAIM)
IDLE = "inactivity"
IN_USE = "somebody is in it just now, though no log that was read shows it; doveadm who"
NO_LETTERS = "nobody can be told: the site file has no table [audit.notices]"
NOBODY = "the directory knows nobody to tell; audit.notices.approver would be told in their place"


class LeftError(Exception):
    """A step that is left for another time; the text says why."""


@dataclass(frozen=True, slots=True)
class Servers:
    """How mailboxes are closed, archived and removed, and, if `doveadm` is there, who is in them."""

    lock: Lock
    storage: Storage | None
    doveadm: Doveadm | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries out the steps of a plan. `servers` is None where there is nothing to be done on any."""

    store: Store
    servers: Servers | None
    letters: Letters
    regulation: Regulation
    plan: str

    def carry_out(self, step: Step) -> None:
        """Do it and record it. Raises LeftError before anything is done, EnforcementError, or StoreError."""
        letters = self._letters(step)
        archive = self._act(step) if step.kind in CLOSING else ""
        time = now()
        entry = Entry(
            step.mailbox.address,
            EVENTS[step.kind],
            time,
            office_day(time),
            code=step.code,
            article=step.article,
            by=SWEEP,
            reason=step.reason,
            warned_of=step.lock_on if step.kind is StepKind.WARN else None,
            archive=archive,
            key=step.key,
        )
        with self.store.recording() as connection:
            if entries.write(connection, entry):
                queue(connection, letters, time)
            intents.end(connection, step.key)

    def _letters(self, step: Step) -> list[Notice]:
        letters = self.letters.of_step(step, now())
        if step.kind not in CLOSING:
            needed = letters
        elif step.kind is StepKind.LOCK and is_awaited(self.regulation.duty(step.code)):
            needed = [one for one in letters if one.role != Role.OWNER]
        else:
            return letters
        if not needed:
            raise LeftError(NOBODY if self.letters.can_tell else NO_LETTERS)
        return letters

    def _act(self, step: Step) -> str:
        """Lock, or reclaim; return the archive's folder or ""."""
        if self.servers is None or (step.kind is StepKind.RECLAIM and self.servers.storage is None):
            raise LeftError("the site file names no server for it in [audit.enforcement]")
        if sessions := self._sessions(step, self.servers):
            raise LeftError(f"{IN_USE}: {', '.join(sessions)}")
        address = step.mailbox.address
        intent = intents.begin(self.store, self._intent(step))
        self.servers.lock.lock(address, f"{step.article}: {step.reason}")
        return self._reclaim(intent, self.servers.storage) if step.kind is StepKind.RECLAIM else ""

    def _sessions(self, step: Step, servers: Servers) -> Sequence[str]:
        """Who is in a mailbox that is to be closed as unused: a phone may have logged in before all logs.

        What an earlier run began is gone on with: the mailbox is closed already.
        """
        if step.code != IDLE or servers.doveadm is None:
            return ()
        if any(intent.key == step.key for intent in intents.pending(self.store)):
            return ()
        return servers.doveadm.owner_sessions(step.mailbox.address)

    def _reclaim(self, intent: Intent, storage: Storage | None) -> str:
        """Archive, note that, then remove.

        If an earlier run was cut off after it had archived, mail may be gone already: what the archive holds
        is removed, or, where mail came since, brought back first, so that one archive holds all.
        """
        assert storage  # noqa: S101  looked at before
        if intent.archive:
            try:
                storage.remove(intent.mailbox, intent.archive)
            except EnforcementError:
                storage.restore(intent.archive.folder, intent.mailbox)
            else:
                return str(intent.archive.folder)
        archive = storage.archive(intent.mailbox, office_day(now()))
        intents.archived(self.store, intent, archive)
        storage.remove(intent.mailbox, archive)
        return str(archive.folder)

    def _intent(self, step: Step) -> Intent:
        return Intent(
            step.key,
            step.mailbox.address,
            EVENTS[step.kind],
            now(),
            self.plan,
            step.code,
            step.article,
            step.reason,
        )
