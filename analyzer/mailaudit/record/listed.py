# SPDX-License-Identifier: GPL-3.0-or-later
"""Since when each mailbox is in the directory.

The logs know a mailbox by its name. One that was renamed has no use under its new name yet, and its day of
creation may be years ago: what counts is the day on which that name appeared.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from mailaudit.store import Store
from mailaudit.store.record_tables import LISTED
from mailaudit.store.writing import merge_rows
from mailpolicy.directory import Mailbox

FROM_THE_BEGINNING = ""


def note(store: Store, addresses: Collection[str], day: date) -> None:
    """Note those that are new on a day; the first ones ever noted were there from the beginning."""
    known = days(store)
    since = day.isoformat() if known else FROM_THE_BEGINNING
    new = [(address, since) for address in dict.fromkeys(addresses) if address not in known]
    with store.recording() as connection:
        merge_rows(connection, LISTED, None, new)


def days(store: Store, mailbox: str | None = None) -> dict[str, str]:
    """Return what was noted, by address: of all, or of one; if that one was not, of any other."""
    query = sa.select(LISTED.c.mailbox, LISTED.c.day)
    if mailbox is None:
        return dict(store.rows(query))
    return dict(store.rows(query.where(LISTED.c.mailbox == mailbox)) or store.rows(query.limit(1)))


def not_older(mailboxes: Iterable[Mailbox], known: dict[str, str], today: date) -> list[Mailbox]:
    """Return mailboxes as created no earlier than their names appeared; `today`, if they were never noted."""
    if not known:
        return list(mailboxes)
    return [_not_older(box, known.get(box.address, today.isoformat())) for box in mailboxes]


def _not_older(mailbox: Mailbox, since: str) -> Mailbox:
    day = date.fromisoformat(since) if since else None
    if day is None or (mailbox.created and mailbox.created >= day):
        return mailbox
    return replace(mailbox, created=day)
