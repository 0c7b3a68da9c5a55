# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox's automatic forward to a public mail provider; what a person forwards by hand is not touched."""

from mailpolicy.address import domain_of, normalise, parse_mailboxes, same_mailbox
from mailpolicy.context import Context
from mailpolicy.headertext import unfold
from mailpolicy.message import Message, Origin
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding

SIEVE_MARK = "X-Sieve-Redirected-From"  # put on top by Pigeonhole; no user's script can remove it


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a forwarded copy on its way to a public provider, and whose mailbox it came from.

    Only copies this host's own programs hand over are looked at: a person's mail has a login. The owner is
    named so that the copy can go back to him: refusing it would lose it, or bounce it to its writer.
    """
    if message.origin is not Origin.TRUSTED:
        return None
    public = tuple(
        rcpt for rcpt in message.envelope.recipients if context.public_mail.matches(domain_of(rcpt))
    )
    if not public:
        return None
    owner, how = _marked_owner(message, context), SIEVE_MARK
    if not owner:
        owner, how = _unmarked_owner(message, context), "Received"
    if not owner:
        return None
    staying = any(same_mailbox(rcpt, owner) for rcpt in message.envelope.recipients)
    return Finding(
        duty.code,
        duty.article,
        f"automatic forward of {owner} to a public mail provider",
        {"mailbox": owner, "seen_in": how, "public_recipients": len(public)},
        recipients=public,
        owner="" if staying else owner,
    )


def _marked_owner(message: Message, context: Context) -> str:
    """The official mailbox in our own Sieve's mark, or "".

    Mail forwarded to us by others carries the mark too, but below the Received lines it came in with.
    """
    marks = message.headers.positions(SIEVE_MARK)
    if not marks or _came_in_above(message, marks[0]):
        return ""
    value = unfold(message.headers.fields[marks[0]][1])
    return next(
        (normalise(box.address) for box in parse_mailboxes(value) if context.is_official(box.address)), ""
    )


def _came_in_above(message: Message, position: int) -> bool:
    """Whether a host other than this one handed the message on above this field.

    Postfix hides the newest Received line from a milter; in a saved message it shows, as a local one.
    """
    above = [message.headers.fields[at][1] for at in message.headers.positions("Received") if at < position]
    return any(not _local_hop(value) for value in above)


def _local_hop(received: bytes) -> bool:
    text = unfold(received).lower()
    return not text.startswith("from ") or any(mark in text for mark in ("[127.", "[::1]", "[ipv6:::1]"))


def _unmarked_owner(message: Message, context: Context) -> str:
    """The official mailbox that the newest Received lines name in `for <...>`, or "".

    For forwards by other programs (procmail, a pipe into sendmail): the writer is not ours, the mail came
    in for one of ours and now leaves for somebody else. What a program writes (RFC 3834) is no forward.
    """
    if context.is_official(message.envelope.sender) or message.headers.automatic:
        return ""
    for value in message.headers.raw("Received")[:2]:
        _, found, rest = " ".join(unfold(value).split()).partition(" for <")
        recipient = rest.partition(">")[0]
        if found and context.is_official(recipient):
            return normalise(recipient)
    return ""
