# SPDX-License-Identifier: GPL-3.0-or-later
"""When an agency was really told of a lock: its time to answer begins with the letter, not with the lock."""

from collections.abc import Iterable

from mailaudit.notices import outbox
from mailaudit.notices.matter import Occasion, Role
from mailaudit.notices.outbox import Kept, State
from mailaudit.record import entries
from mailaudit.record.operator import SWEEP
from mailaudit.store import Store
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import office_day, office_time
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import Duty, Regulation


def is_awaited(duty: Duty | None) -> bool:
    """Whether the article waits for an agency's answer to the notice of a lock (CT 5.4)."""
    return duty is not None and isinstance(duty.parameters, Inactivity) and duty.parameters.notify_agency


def record_late_letters(store: Store, regulation: Regulation) -> None:
    """Record which letters went out on a later day than the lock, where an agency's answer is awaited."""
    if not any(is_awaited(duty) for duty in regulation.duties):
        return
    with store.recording() as connection:
        letters = _to_agencies(outbox.kept(connection, states=[State.SENT]))
    first: dict[str, Kept] = {}
    for letter in sorted(letters, key=lambda one: one.changed_at):
        first.setdefault(letter.notice.event, letter)
    locks = {entry.key: entry for kept in entries.of_everybody(store).values() for entry in kept}
    for key, letter in first.items():
        lock = locks.get(key)
        if lock and office_day(letter.changed_at) > lock.day and f"{key}|told" not in locks:
            _record(store, lock, letter)


def is_told(store: Store, lock: Entry) -> bool:
    """Whether the agency's letter about a lock went out, or there was none to go out."""
    with store.recording() as connection:
        kept = outbox.kept(connection, mailbox=lock.mailbox)
    letters = [one for one in _to_agencies(kept) if one.notice.event == lock.key]
    return not letters or any(one.state is State.SENT for one in letters)


def _to_agencies(letters: Iterable[Kept]) -> list[Kept]:
    """Those about a lock that went to others than the mailbox's owner."""
    return [
        one for one in letters if one.notice.occasion == Occasion.LOCKED and one.notice.role != Role.OWNER
    ]


def _record(store: Store, lock: Entry, letter: Kept) -> None:
    time = office_time(letter.changed_at)
    day = office_day(time)
    reason = f"the letter of {lock.day} went out on {day}"
    told = Entry(
        lock.mailbox,
        Event.NOTIFIED,
        time,
        day,
        lock.code,
        lock.article,
        SWEEP,
        reason,
        key=f"{lock.key}|told",
    )
    with store.recording() as connection:
        entries.write(connection, told)
