# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from a mailbox that is blocked for spreading spam, and bursts of recipients as a sign of it."""

from typing import cast

from mailpolicy.context import Context
from mailpolicy.directory import Status
from mailpolicy.message import Message, Origin
from mailpolicy.office.sentas import mailboxes
from mailpolicy.parameters import SpamSpreading
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Certainty, Evidence, Finding


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a blocked sender; or, as a sign, a login's message to very many recipients.

    How many messages a login sends in an hour no single message shows: that is read from the logs.
    """
    for mailbox in mailboxes(message, context):
        if mailbox.status is Status.BLOCKED:
            evidence: dict[str, Evidence] = {
                "mailbox": mailbox.address,
                "status": mailbox.status.value,
                "reason": mailbox.status_reason,
                "login": message.envelope.login,
            }
            return Finding(duty.code, duty.article, "sent from a mailbox that is blocked", evidence)
    return _burst(message, duty)


def _burst(message: Message, duty: Duty) -> Finding | None:
    threshold = cast(SpamSpreading, duty.parameters).recipients
    recipients = message.envelope.recipients
    if message.origin is not Origin.LOGIN or len(recipients) < threshold:
        return None
    many = len(set(recipients))
    if many < threshold:
        return None
    return Finding(
        duty.code,
        duty.article,
        f"one message to {many} recipients",
        {"recipients": many, "threshold": threshold, "login": message.envelope.login},
        certainty=Certainty.SIGN,
    )
