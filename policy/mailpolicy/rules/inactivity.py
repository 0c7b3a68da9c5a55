# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from a mailbox that was locked because nobody used it; locking it is the clock's work."""

from mailpolicy.context import Context
from mailpolicy.message import Message
from mailpolicy.office.stopped import sender_stopped
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding

REASON = "inactivity"


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a sender whose mailbox is stopped for lying idle."""
    return sender_stopped(message, duty, context, lambda reason: reason == REASON)
