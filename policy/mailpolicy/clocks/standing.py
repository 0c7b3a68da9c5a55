# SPDX-License-Identifier: GPL-3.0-or-later
"""What record and directory together say of a mailbox on a day: locked, confirmed, excused, told of what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter

from mailpolicy.clocks.record import Entry, Event
from mailpolicy.directory import Mailbox, Status

IDLE = "inactivity"
REVOKED = "emergency-revocation"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that holds: since when, and the code of the duty that it rests on.

    `told_on` is the day the agency was told of it: that of the lock, unless a later one is recorded.
    """

    day: date
    code: str
    told_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a mailbox stands. Days are None where nothing of the kind is known.

    `opened_on` is the last day it was unlocked or restored. `reclaimed_on` is set while the mailbox is gone.
    `entries` are those up to that day, in the order of their times.
    """

    lock: Lock | None = None
    opened_on: date | None = None
    confirmed_on: date | None = None
    excused_until: date | None = None
    reclaimed_on: date | None = None
    entries: tuple[Entry, ...] = ()

    def carried_out(self, key: str) -> bool:
        """Whether the step of this key was done."""
        return any(entry.key == key for entry in self.entries)

    def every(self, event: Event, code: str, since: date | None = None) -> list[Entry]:
        """Return the entries of this event under a duty, from the day `since` on."""
        return [
            entry
            for entry in self.entries
            if entry.event is event and entry.code == code and (since is None or entry.day >= since)
        ]

    def warned(self, lock_on: date, ahead: timedelta) -> bool:
        """Whether its user was told of the lock on that day when it was no farther ahead than this."""
        return any(
            entry.event is Event.WARNED and entry.warned_of == lock_on and entry.day >= lock_on - ahead
            for entry in self.entries
        )


NO_RECORD = Standing()


def standing(mailbox: Mailbox, entries: Sequence[Entry], used_on: date | None, today: date) -> Standing:
    """Fold the record into what holds on a day, together with the directory: of two days the later counts.

    Of several excuses on record the last one said counts, so that one can be shortened. What was locked for
    lying idle is opened by a confirmation or by use; any other lock only by an entry that it was unlocked.
    """
    folded = _folded(entries, today) if entries else NO_RECORD
    lock = _later(folded.lock, _by_directory(mailbox, folded.opened_on, today))
    gone = folded.reclaimed_on
    return Standing(
        lock=None if lock and _lifted(lock, mailbox.confirmed_on, used_on) else lock,
        opened_on=folded.opened_on,
        confirmed_on=_latest(folded.confirmed_on, mailbox.confirmed_on),
        excused_until=_latest(folded.excused_until, mailbox.excused_until),
        reclaimed_on=None if gone and _new_since(gone, mailbox, used_on) else gone,
        entries=folded.entries,
    )


def _folded(entries: Iterable[Entry], today: date) -> Standing:
    """What the record alone says."""
    now = NO_RECORD
    past = sorted((entry for entry in entries if entry.day <= today), key=attrgetter("time"))
    for entry in past:
        now = _after(now, entry)
    return replace(now, entries=tuple(past))


def _after(now: Standing, entry: Entry) -> Standing:
    """Where a mailbox stands once this has happened to it."""
    match entry.event:
        case Event.LOCKED if now.lock is None:
            now = replace(now, lock=Lock(entry.day, entry.code, entry.day))
        case Event.REVOKED:
            now = replace(now, lock=Lock(entry.day, REVOKED, entry.day))
        case Event.NOTIFIED if now.lock:
            now = replace(now, lock=replace(now.lock, told_on=entry.day))
        case Event.UNLOCKED:
            now = replace(now, lock=None, opened_on=entry.day)
        case Event.RESTORED:
            now = replace(now, lock=None, opened_on=entry.day, reclaimed_on=None)
        case Event.CONFIRMED:
            idle = now.lock is not None and now.lock.code == IDLE
            now = replace(now, lock=None if idle else now.lock, confirmed_on=entry.day)
        case Event.EXCUSED:
            now = replace(now, excused_until=entry.until)
        case Event.RECLAIMED:
            now = replace(now, reclaimed_on=entry.day)
    return now


def _by_directory(mailbox: Mailbox, opened_on: date | None, today: date) -> Lock | None:
    """The lock that the directory tells of, unless the record has it opened since.

    A mailbox stopped by another duty without a day counts as stopped today: nothing is reckoned from it.
    """
    stopped = mailbox.status in (Status.LOCKED, Status.SUSPENDED)
    code = (stopped and mailbox.status_reason) or IDLE
    day = mailbox.suspended_on or (today if code != IDLE else None)
    if day is None or day > today or (opened_on and opened_on >= day):
        return None
    return Lock(day, code, day)


def _later(recorded: Lock | None, listed: Lock | None) -> Lock | None:
    """Both as one: the later days, and the record's reason before the directory's."""
    if recorded is None or listed is None:
        return recorded or listed
    return Lock(
        max(recorded.day, listed.day), recorded.code, max(recorded.told_on, listed.told_on, recorded.day)
    )


def _lifted(lock: Lock, confirmed_on: date | None, used_on: date | None) -> bool:
    if lock.code != IDLE:
        return False
    confirmed = confirmed_on is not None and confirmed_on >= lock.day
    return confirmed or (used_on is not None and used_on > lock.day)


def _new_since(gone: date, mailbox: Mailbox, used_on: date | None) -> bool:
    """Whether a reclaimed mailbox is there again: made anew, or in use."""
    return (mailbox.created is not None and mailbox.created > gone) or (
        used_on is not None and used_on > gone
    )


def _latest(first: date | None, second: date | None) -> date | None:
    return max(first, second) if first and second else first or second
