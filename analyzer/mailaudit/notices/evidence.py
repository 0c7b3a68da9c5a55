# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the mail logs that were read prove that Postfix took a letter."""

from mailaudit.store import Store
from mailaudit.trace.search import find
from mailaudit.usage.period import asked

_TAKEN = ("queued", "delivery")
"""What Postfix's queue manager and deliveries say of a message; of one it refused they never hear."""


def taken(store: Store, message_id: str) -> str | None:
    """Return what proves that it was taken, as in `mail.log: taken as 4F5C64474F`; None if nothing does."""
    events = find(store, message_id, asked(store, None, None)).events
    its_queues = {event["queue_id"] for event in events if event["message_id"] == message_id}
    for event in events:
        if event["kind"] in _TAKEN and event["queue_id"] in its_queues:
            return f"{store.places().get(event['source'], 'log')}: taken as {event['queue_id']}"
    return None
