# SPDX-License-Identifier: GPL-3.0-or-later
"""What mailboxes were used for, all of them added up, and how many were used of late."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from prometheus_client.core import Metric

from mailaudit.metrics.families import counter, counters, gauges
from mailaudit.store import EPOCH, Store
from mailaudit.store.tables import LAST_SEEN
from mailaudit.store.usage_tables import USAGE_HOURS

WITHIN = (1, 7, 30)
"""Days within which a mailbox counts as active."""
AMOUNTS = ("logins", "sent", "sent_bytes", "received", "received_bytes")


def mailbox_metrics(store: Store, now: datetime) -> Iterator[Metric]:
    """Give what the store knows of all mailboxes together. Raises StoreError."""
    [row] = store.rows(
        sa.select(*(sa.func.coalesce(sa.func.sum(USAGE_HOURS.c[name]), 0) for name in AMOUNTS))
    )
    logins, sent, sent_bytes, received, received_bytes = map(int, row)
    yield counter("mailaudit_logins", "Logins of mailboxes' owners.", logins)
    yield counters(
        "mailaudit_messages",
        "Messages of mailboxes.",
        ["direction"],
        {("sent",): sent, ("received",): received},
    )
    sizes = {("sent",): sent_bytes, ("received",): received_bytes}
    yield counters("mailaudit_message_bytes", "Sizes of messages.", ["direction"], sizes)
    active = {(str(days),): _active(store, now - timedelta(days=days)) for days in WITHIN}
    yield gauges("mailaudit_active_mailboxes", "Mailboxes used within so many days.", ["days"], active)


def active_names(store: Store, since: datetime) -> list[str]:
    """Return the names in the logs that were used since a time."""
    query = sa.select(LAST_SEEN.c.mailbox).distinct().where(LAST_SEEN.c.time >= _stored(since))
    return [name for (name,) in store.rows(query)]


def _active(store: Store, since: datetime) -> int:
    [[count]] = store.rows(
        sa.select(sa.func.count(LAST_SEEN.c.mailbox.distinct())).where(LAST_SEEN.c.time >= _stored(since))
    )
    return int(count)


def _stored(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1)
