# SPDX-License-Identifier: GPL-3.0-or-later
"""What the record adds to the directory: a mailbox that a sweep or a person closed is listed as closed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from mailaudit.record import entries
from mailaudit.store import Store
from mailpolicy.clocks.record import Entry
from mailpolicy.clocks.standing import IDLE, standing
from mailpolicy.directory import Mailbox, Status


def as_recorded(mailboxes: Iterable[Mailbox], store: Store, today: date) -> list[Mailbox]:
    """Return mailboxes with the status that the record gives to those which the directory has as active."""
    record = entries.of_everybody(store)
    return [_as_recorded(box, record.get(box.address, []), today) for box in mailboxes]


def _as_recorded(mailbox: Mailbox, kept: list[Entry], today: date) -> Mailbox:
    if not kept or mailbox.status is not Status.ACTIVE:
        return mailbox
    stands = standing(Mailbox(mailbox.address, created=mailbox.created), kept, None, today)
    if stands.lock is None and stands.reclaimed_on is None:
        return mailbox
    return replace(mailbox, status=Status.LOCKED, status_reason=stands.lock.code if stands.lock else IDLE)
