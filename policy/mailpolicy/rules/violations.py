# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from a mailbox that was suspended or locked, unless another duty's rule answers for the reason."""

from mailpolicy.context import Context
from mailpolicy.message import Message
from mailpolicy.office.stopped import sender_stopped
from mailpolicy.regulation import Duty
from mailpolicy.rules import emergency_revocation, inactivity
from mailpolicy.verdict import Finding

ELSEWHERE = frozenset({inactivity.REASON, emergency_revocation.REASON})


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a sender who is stopped for violations, or for a reason that has no rule of its own."""
    return sender_stopped(message, duty, context, lambda reason: reason not in ELSEWHERE)
