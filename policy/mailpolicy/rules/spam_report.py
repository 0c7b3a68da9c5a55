# SPDX-License-Identifier: GPL-3.0-or-later
"""Suspicious mail that somebody reports: it reaches the report mailbox and nobody else."""

from mailpolicy.address import same_mailbox
from mailpolicy.context import Context
from mailpolicy.message import Message
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find mail to the report mailbox. Its other recipients are named: what is reported is not spread."""
    desk = context.report_mailbox
    recipients = message.envelope.recipients
    if not desk or not any(same_mailbox(recipient, desk) for recipient in recipients):
        return None
    others = tuple(recipient for recipient in recipients if not same_mailbox(recipient, desk))
    return Finding(
        duty.code,
        duty.article,
        f"a report to {desk}" + (f"; others it was addressed to: {len(others)}" if others else ""),
        {"report_mailbox": desk, "others": len(others)},
        recipients=others,
    )
