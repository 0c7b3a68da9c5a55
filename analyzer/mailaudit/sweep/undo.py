# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes back locks: those that a plan brought, or that of one mailbox."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mailaudit.enforcement.backend import EnforcementError
from mailaudit.record import entries
from mailaudit.record.operator import now, operator
from mailaudit.store import Store
from mailaudit.sweep.carry import Servers
from mailaudit.sweep.planfile import PlanFile
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import StepKind
from mailpolicy.officetime import office_day

ENDS = (Event.UNLOCKED, Event.RESTORED, Event.RECLAIMED)
"""What leaves nothing of a lock to take back."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of one lock: it was opened, or `why` it was not."""

    mailbox: str
    why: str = ""


def locks_of(store: Store, plan: PlanFile) -> list[Entry]:
    """Return the locks that a plan brought and that still hold."""
    keys = plan.keys(StepKind.LOCK)
    held = (lock_of(store, str(step["mailbox"])) for step in keys.values())
    return [lock for lock in held if lock and lock.key in keys]


def lock_of(store: Store, mailbox: str) -> Entry | None:
    """Return the entry of the lock that holds a mailbox closed by the record, None if none does."""
    lock: Entry | None = None
    for entry in entries.of_mailbox(store, mailbox):
        if entry.event in (Event.LOCKED, Event.REVOKED):
            lock = entry
        elif entry.event in ENDS:
            lock = None
    return lock


def undo(
    store: Store, servers: Servers, locks: Iterable[Entry], reason: str, advance: Callable[[], None]
) -> Sequence[Undone]:
    """Open each mailbox again and record why. A server that refuses one is no reason to leave the others."""
    done: list[Undone] = []
    for lock in locks:
        try:
            open_again(store, servers, lock, reason)
        except EnforcementError as error:
            done.append(Undone(lock.mailbox, str(error)))
        else:
            done.append(Undone(lock.mailbox))
        advance()
    return done


def open_again(store: Store, servers: Servers, lock: Entry, reason: str) -> Entry:
    """Open one mailbox and record it; killed in between, it can be done again. Raises EnforcementError."""
    servers.lock.unlock(lock.mailbox)
    time = now()
    entry = Entry(
        lock.mailbox, Event.UNLOCKED, time, office_day(time), lock.code, lock.article, operator(), reason
    )
    with store.recording() as connection:
        entries.write(connection, entry)
    return entry
