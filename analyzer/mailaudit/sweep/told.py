# SPDX-License-Identifier: GPL-3.0-or-later
"""When an agency was really told of a lock: its time to answer begins with the letter, not with the lock."""

from collections.abc import Collection

from mailaudit.notices import outbox
from mailaudit.notices.matter import Role
from mailaudit.notices.outbox import Kept, State
from mailaudit.record import entries
from mailaudit.record.operator import SWEEP
from mailaudit.store import Store
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import office_day, office_time


def letters_of_lock(store: Store, entry: Entry) -> list[Kept]:
    """Return the letters to the unit and its head about a lock."""
    with store.recording() as connection:
        kept = outbox.kept(connection, mailbox=entry.mailbox)
    return [one for one in kept if one.notice.event == entry.key and one.notice.role is not Role.OWNER]


def record_late_letters(store: Store, locked: Collection[Entry]) -> None:
    """Record, of locks, that the agency was told on a later day than that of the lock."""
    for entry in locked:
        sent = [one for one in letters_of_lock(store, entry) if one.state is State.SENT]
        if not sent:
            continue
        first = min(sent, key=lambda one: one.changed_at)
        time = office_time(first.changed_at)
        if office_day(time) <= entry.day:
            continue
        reason = f"the letter of {entry.day} went out on {office_day(time)}"
        told = Entry(
            entry.mailbox, Event.NOTIFIED, time, office_day(time), entry.code, entry.article, SWEEP, reason,
            key=f"{entry.key}|told",
        )  # fmt: skip
        with store.recording() as connection:
            entries.write(connection, told)


def is_told(store: Store, entry: Entry) -> bool:
    """Whether the agency's letter about a lock went out, or there was none to go out."""
    letters = letters_of_lock(store, entry)
    return not letters or any(one.state is State.SENT for one in letters)
