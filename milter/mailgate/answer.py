# SPDX-License-Identifier: GPL-3.0-or-later
"""From a verdict to what Postfix is told: edits and a reply, so that no mail is lost (decisions/0001)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailgate import reply
from mailgate.address import Address
from mailgate.effects import AddHeader, AddRecipient, DeleteHeader, DeleteRecipient, Edit, Quarantine, Reply
from mailpolicy import malformed
from mailpolicy.address import normalise
from mailpolicy.judge import Policy
from mailpolicy.message import Message, Origin
from mailpolicy.verdict import Action, Finding, Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What happens to a message. No `reply` means it is accepted, with the edits made first.

    `action` is what is done. `withheld`: the verdict was reject, but nobody was there to hear it.
    """

    action: Action
    edits: tuple[Edit, ...] = ()
    reply: Reply | None = None
    withheld: bool = False


def answer(
    message: Message, verdict: Verdict, policy: Policy, received: Sequence[Address], *, by_sendmail: bool
) -> Answer:
    """Say what is done with a judged message.

    `received` are the recipients as they came. `by_sendmail`: a program on this host handed the
    message to sendmail(1), has gone, and hears no reply.
    """
    if verdict.action is Action.ACCEPT:
        return Answer(Action.ACCEPT, tuple(_unmarked(message)))
    vanishes = _vanishes(message, verdict)
    written_here = _written_here(message, policy)
    action = _action(verdict, heard=not by_sendmail or written_here, vanishes=vanishes)
    if action is Action.REJECT:
        return Answer(action, reply=_refusal(verdict, policy))
    if action is Action.TEMPFAIL:
        return Answer(action, reply=reply.temporary())
    swapped = [] if vanishes else _swapped(verdict, received)
    edits = (*_unmarked(message), *_undelivered(message, verdict), *swapped, *_marks(verdict, policy))
    if action is Action.QUARANTINE:
        edits += (Quarantine(", ".join(_mark(one.finding, policy) for one in verdict.acting)),)
    return Answer(action, edits, withheld=verdict.action is Action.REJECT)


def _action(verdict: Verdict, *, heard: bool, vanishes: bool) -> Action:
    """Return what can be done of what the verdict asks. `heard`: a refusal reaches whoever is to hear it."""
    if verdict.action is Action.TEMPFAIL or (verdict.action is not Action.REJECT and not vanishes):
        return verdict.action
    if heard:
        return Action.REJECT
    if vanishes or _holdable(verdict):
        return Action.QUARANTINE
    if verdict.remove:
        return Action.REDIRECT if verdict.add else Action.DROP_RECIPIENTS
    return Action.ANNOTATE


def _vanishes(message: Message, verdict: Verdict) -> bool:
    """Whether taking the recipients off would leave nobody: Postfix would accept the message and drop it."""
    gone = {normalise(address) for address in verdict.remove}
    staying = [address for address in message.envelope.recipients if normalise(address) not in gone]
    return bool(gone) and not staying and not verdict.add


def _holdable(verdict: Verdict) -> bool:
    """Whether it is malformed too: what nobody hears refused then waits for the postmaster, undelivered."""
    return any(one.finding.code == malformed.CODE for one in verdict.acting)


def _written_here(message: Message, policy: Policy) -> bool:
    """Whether a program of the office wrote this itself, so that a bounce goes back to the office.

    A forwarded copy carries the Received fields of its way in; its bounce would go to whoever wrote it first.
    """
    return policy.context.is_official(message.envelope.sender) and "Received" not in message.headers


def _refusal(verdict: Verdict, policy: Policy) -> Reply:
    code = verdict.acting[0].finding.code
    if code == malformed.CODE:
        return reply.malformed()
    duty = next(charge.duty for charge in policy.charges if charge.duty.code == code)
    return reply.refusal(duty, policy.regulation)


def _unmarked(message: Message) -> list[Edit]:
    """Take out marks that strangers and users wrote themselves; the last first, so that no number changes."""
    if message.origin is Origin.TRUSTED:
        return []
    marks = len(message.headers.positions(reply.MARK))
    return [DeleteHeader(reply.MARK, occurrence) for occurrence in range(marks, 0, -1)]


def _swapped(verdict: Verdict, received: Sequence[Address]) -> list[Edit]:
    gone = {normalise(address) for address in verdict.remove}
    there = {normalise(recipient.address) for recipient in received} - gone
    leaving = [recipient for recipient in received if normalise(recipient.address) in gone]
    taken_off = [DeleteRecipient(spelling) for recipient in leaving for spelling in recipient.spellings]
    return [
        *taken_off,
        *(AddRecipient(f"<{owner}>") for owner in verdict.add if normalise(owner) not in there),
    ]


def _undelivered(message: Message, verdict: Verdict) -> list[Edit]:
    """Take out the newest Delivered-To of a copy that goes back to the mailbox it was delivered to.

    local(8), virtual(8) and pipe(8) with flags=D would see a loop in it and bounce the copy to its writer.
    """
    return [DeleteHeader("Delivered-To", 1)] if verdict.add and "Delivered-To" in message.headers else []


def _marks(verdict: Verdict, policy: Policy) -> list[Edit]:
    return [AddHeader(reply.MARK, _mark(one.finding, policy)) for one in verdict.acting]


def _mark(found: Finding, policy: Policy) -> str:
    return reply.mark(found.code, found.article, policy.regulation)
