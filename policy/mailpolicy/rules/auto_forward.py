# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox's automatic forward to a public mail provider; what a person forwards by hand is not touched."""

from mailpolicy.address import domain_of, same_mailbox
from mailpolicy.context import Context
from mailpolicy.forwarding import logins, programs
from mailpolicy.forwarding.lookalikes import resent_by_hand
from mailpolicy.forwarding.marks import TELLING
from mailpolicy.forwarding.route import way_in
from mailpolicy.forwarding.senders import GMAIL_TAG
from mailpolicy.message import Direction, Message, Origin
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding

RETURNED = "X-Postwarden"
"""The field the gate writes, with the duty's code, on a copy that goes back to its owner."""


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a forwarded copy on its way to a public provider, and whose mailbox it came from.

    The owner is named so that a copy which a program of this host hands over can go back to him: refusing it
    would lose it, or bounce it to its writer. He is not named where somebody hears a refusal (a login), nor
    for a copy that went back once and comes again: it would go round for ever.
    """
    if message.origin is Origin.STRANGER or message.direction is Direction.INTERNAL:
        return None
    if not _may_be_forwarded(message):
        return None
    recipients = message.envelope.recipients
    public = tuple(rcpt for rcpt in recipients if context.public_mail.matches(domain_of(rcpt)))
    if not public or resent_by_hand(message.headers, context):
        return None
    by_login = message.origin is Origin.LOGIN
    look = logins.look if by_login else programs.look
    seen = look(message, public, way_in(message.headers, context), context)
    if seen is None:
        return None
    returned = _went_back(message, duty)
    staying = any(same_mailbox(rcpt, seen.mailbox) for rcpt in recipients)
    return Finding(
        duty.code,
        duty.article,
        f"{seen.what} of {seen.mailbox or 'an official mailbox'} to a public mail provider",
        {
            "mailbox": seen.mailbox,
            "seen_in": seen.where,
            "public_recipients": len(public),
            "returned_before": returned,
        },
        recipients=public,
        owner="" if by_login or returned or staying else seen.mailbox,
        certainty=seen.certainty,
    )


def _may_be_forwarded(message: Message) -> bool:
    """Whether it bears any trace of a forward; most mail that leaves does not, and is done with."""
    return any(name in message.headers for name in TELLING) or GMAIL_TAG in message.envelope.sender.lower()


def _went_back(message: Message, duty: Duty) -> bool:
    """Whether the gate gave this copy back to its owner before; strangers' own marks it takes out."""
    return any(value.strip().startswith(f"{duty.code};") for value in message.headers.text(RETURNED))
