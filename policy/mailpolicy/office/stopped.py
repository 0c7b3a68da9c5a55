# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail sent from a mailbox whose service is stopped, as three duties order it for different reasons."""

from collections.abc import Callable

from mailpolicy.context import Context
from mailpolicy.directory import Status
from mailpolicy.message import Message
from mailpolicy.office.sentas import mailboxes
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding

STOPPED = (Status.SUSPENDED, Status.LOCKED)


def sender_stopped(
    message: Message, duty: Duty, context: Context, concerns: Callable[[str], bool]
) -> Finding | None:
    """Find a sender whose mailbox is suspended or locked for a reason (a duty's code) that concerns the duty.

    Mail to such a mailbox still arrives.
    """
    for mailbox in mailboxes(message, context):
        if mailbox.status in STOPPED and concerns(mailbox.status_reason):
            return Finding(
                duty.code,
                duty.article,
                f"sent from a mailbox that is {mailbox.status}",
                {
                    "mailbox": mailbox.address,
                    "status": mailbox.status.value,
                    "reason": mailbox.status_reason,
                    "login": message.envelope.login,
                },
            )
    return None
