# SPDX-License-Identifier: GPL-3.0-or-later
"""From a verdict to what Postfix is told: edits and a reply. Here it is seen to that no mail is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailgate import reply
from mailgate.effects import AddHeader, AddRecipient, DeleteHeader, DeleteRecipient, Edit, Quarantine, Reply
from mailpolicy.address import normalise
from mailpolicy.judge import Policy
from mailpolicy.message import Message, Origin
from mailpolicy.verdict import Action, Verdict


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
    message: Message, verdict: Verdict, policy: Policy, received: Sequence[str], *, by_sendmail: bool
) -> Answer:
    """Say what is done with a judged message.

    `received` are the arguments of RCPT TO as they came. `by_sendmail`: a program on this host handed the
    message to sendmail(1), has gone, and hears no reply.
    """
    action = _action(message, verdict, policy, by_sendmail=by_sendmail)
    if action is Action.REJECT:
        return Answer(action, reply=_refusal(verdict, policy))
    if action is Action.TEMPFAIL:
        return Answer(action, reply=_refusal(verdict, policy, temporary=True))
    edits = (*_unmarked(message), *_swapped(message, verdict, received), *_marks(verdict, policy))
    if action is Action.QUARANTINE:
        edits += (Quarantine(_reason(verdict, policy)),)
    return Answer(action, edits, withheld=verdict.action is Action.REJECT)


def _action(message: Message, verdict: Verdict, policy: Policy, *, by_sendmail: bool) -> Action:
    """Return what can be done of what the verdict asks."""
    vanishes = _vanishes(message, verdict)
    if verdict.action is not Action.REJECT and not vanishes:
        return verdict.action
    if not by_sendmail or _written_here(message, policy):
        return Action.REJECT
    if vanishes:
        return Action.QUARANTINE
    if verdict.remove:
        return Action.REDIRECT if verdict.add else Action.DROP_RECIPIENTS
    return Action.ANNOTATE


def _vanishes(message: Message, verdict: Verdict) -> bool:
    """Whether taking the recipients off would leave nobody: Postfix would accept the message and drop it."""
    gone = {normalise(address) for address in verdict.remove}
    staying = [address for address in message.envelope.recipients if normalise(address) not in gone]
    return bool(gone) and not staying and not verdict.add


def _written_here(message: Message, policy: Policy) -> bool:
    """Whether a program of the office wrote this itself, so that a bounce goes back to the office.

    A forwarded copy carries the Received fields of its way in; its bounce would go to whoever wrote it first.
    """
    return policy.context.is_official(message.envelope.sender) and "Received" not in message.headers


def _refusal(verdict: Verdict, policy: Policy, *, temporary: bool = False) -> Reply:
    found = verdict.deciding
    if temporary or found is None:
        return reply.temporary()
    duty = next(charge.duty for charge in policy.charges if charge.duty.code == found.code)
    return reply.refusal(duty, policy.regulation)


def _unmarked(message: Message) -> list[Edit]:
    """Take out marks that strangers and users wrote themselves; the last first, so that no number changes."""
    if message.origin is Origin.TRUSTED:
        return []
    marks = len(message.headers.positions(reply.MARK))
    return [DeleteHeader(reply.MARK, occurrence) for occurrence in range(marks, 0, -1)]


def _swapped(message: Message, verdict: Verdict, received: Sequence[str]) -> list[Edit]:
    gone = {normalise(address) for address in verdict.remove}
    there = {normalise(argument) for argument in received} - gone
    taken_off = [DeleteRecipient(argument) for argument in received if normalise(argument) in gone]
    return [
        *taken_off,
        *(AddRecipient(f"<{owner}>") for owner in verdict.add if normalise(owner) not in there),
    ]


def _marks(verdict: Verdict, policy: Policy) -> list[Edit]:
    findings = [one.finding for one in verdict.acting]
    return [AddHeader(reply.MARK, reply.mark(one.code, one.article, policy.regulation)) for one in findings]


def _reason(verdict: Verdict, policy: Policy) -> str:
    found = verdict.deciding
    return reply.mark(found.code, found.article, policy.regulation) if found else "Postwarden"
