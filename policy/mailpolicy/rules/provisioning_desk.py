# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests for mailboxes: to the desk, from a unit's or agency's mailbox, with the list, signed if asked."""

from mailpolicy.address import same_mailbox
from mailpolicy.context import Context
from mailpolicy.directory import Kind
from mailpolicy.message import Message, Origin
from mailpolicy.office.mailboxrequest import where_asked
from mailpolicy.parameters import ProvisioningDesk
from mailpolicy.regulation import Duty
from mailpolicy.signature import Signature, Signatures, Soundness
from mailpolicy.smime import Smime, smime
from mailpolicy.verdict import Certainty, Finding

KINDS = {"unit": frozenset({Kind.UNIT, Kind.AGENCY}), "agency": frozenset({Kind.AGENCY})}
Wrong = tuple[str, str, Certainty]
"""The detail, what it is about, how certain it is."""


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find requests to the desk that are not as the article wants them.

    The desk is a department's own mailbox: what does not ask for mailboxes is no request, nor are bounces,
    automatic mail and what the desk itself sends.
    """
    parameters = duty.parameters
    if not isinstance(parameters, ProvisioningDesk) or parameters.mailbox is None:
        return None
    desk = parameters.mailbox
    if not any(same_mailbox(recipient, desk) for recipient in message.envelope.recipients):
        return None
    if not message.envelope.sender or message.headers.automatic or _by_the_desk(message, desk):
        return None
    wrong = _wrong(message, parameters, context)
    asked = where_asked(message) if wrong else ""
    if wrong is None or not asked:
        return None
    detail, about, certainty = wrong
    evidence = {"desk": desk, "about": about, "asked_in": asked}
    return Finding(duty.code, duty.article, detail, evidence, certainty=certainty)


def _by_the_desk(message: Message, desk: str) -> bool:
    return message.origin is not Origin.STRANGER and all(
        same_mailbox(sender, desk) for sender in _senders(message)
    )


def _senders(message: Message) -> list[str]:
    return [message.envelope.sender, *(box.address for box in message.headers.mailboxes("From"))]


def _wrong(message: Message, parameters: ProvisioningDesk, context: Context) -> Wrong | None:
    """Say what is wrong: what is certain first, then what could not be found out, then what is a sign."""
    stranger = _not_a_unit(message, parameters.sender, context) if parameters.sender else None
    if stranger and stranger[2] is Certainty.CERTAIN:
        return stranger
    if "In-Reply-To" in message.headers:  # the talk about a request, with what it asks for said already
        return stranger
    if parameters.list_attached and not _attached(message):
        return "no list of mailboxes attached", "attachment", Certainty.CERTAIN
    return (_not_signed(message) if parameters.signed else None) or stranger


def _not_a_unit(message: Message, demanded: str, context: Context) -> Wrong | None:
    """What is wrong with the senders, in the envelope and in From:, each of which must be such a mailbox."""
    for address in _senders(message):
        if not context.is_official(address):
            return "from outside the official domain", address, Certainty.CERTAIN
    if message.origin is Origin.STRANGER:
        return "from an official address, but not logged in", message.envelope.sender, Certainty.CERTAIN
    if not context.directory.known:
        return f"no directory says whether it is an {demanded} mailbox", "directory", Certainty.SIGN
    for address in _senders(message):
        mailbox = context.directory.mailbox(address)
        if mailbox is None or mailbox.kind not in KINDS[demanded]:
            return f"not from a mailbox of the kind {demanded}", address, Certainty.CERTAIN
    return None


def _attached(message: Message) -> bool:
    return any(part.attachment for part in message.parts)


def _not_signed(message: Message) -> Wrong | None:
    """What is wrong with the signature over the document or the mail; of several the best one counts."""
    signatures = message.signatures
    soundness = {one.soundness for one in signatures.found}
    if Soundness.VALID in soundness:
        return None
    if signatures.uninspected:
        return "the signature could not be inspected", signatures.uninspected, Certainty.UNDECIDED
    if _present(message, signatures):
        return None
    if smime(message.headers, message.parts) is Smime.ENCRYPTED:
        return "encrypted: whether it is signed can't be seen", "signature", Certainty.SIGN
    if signatures.found:
        worst = _told(signatures.found)
        return f"its signature does not hold: {worst.soundness}", worst.signer, Certainty.CERTAIN
    return "neither the document nor the mail is signed", "signature", Certainty.CERTAIN


def _present(message: Message, signatures: Signatures) -> bool:
    """Whether there is a signature that nobody could or should verify."""
    if signatures.found or signatures.looked:
        return any(one.soundness is Soundness.PRESENT for one in signatures.found)
    return smime(message.headers, message.parts) is Smime.SIGNED


def _told(found: tuple[Signature, ...]) -> Signature:
    """The one to tell of: a document's, if there is one, for it is what the article asks for."""
    return min(found, key=lambda one: one.signed)
