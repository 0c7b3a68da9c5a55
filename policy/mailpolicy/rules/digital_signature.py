# SPDX-License-Identifier: GPL-3.0-or-later
"""Digital signatures: who was issued one signs what he sends outside; what comes in signed is verified.

What its writer marks as confidential goes encrypted.
"""

from mailpolicy.address import same_mailbox
from mailpolicy.context import Context
from mailpolicy.message import Direction, Message, Origin
from mailpolicy.parameters import DigitalSignature
from mailpolicy.regulation import Duty
from mailpolicy.signature import Signed, Soundness
from mailpolicy.smime import Smime, is_encrypted, smime
from mailpolicy.verdict import Certainty, Finding

SOUND = (Soundness.VALID, Soundness.PRESENT)
SENSITIVITY = "Sensitivity"
CONFIDENTIAL = "company-confidential"  # RFC 2156, 5.3.4; Outlook writes it for "Confidential"


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find unsigned outgoing mail of those who sign, and incoming mail whose signature does not hold.

    Also confidential mail that is not encrypted, as a sign.
    """
    parameters = duty.parameters
    if not isinstance(parameters, DigitalSignature):
        return None
    if message.origin is Origin.STRANGER:
        return _unsound(message, duty) if parameters.verify_incoming else None
    if message.origin is not Origin.LOGIN:
        return None
    wrong = None
    if parameters.sign_outgoing and message.direction is Direction.OUTBOUND:
        wrong = _unsigned(message, duty, parameters, context)
    if wrong is None and parameters.encrypt_important and SENSITIVITY in message.headers:
        wrong = _in_the_clear(message, duty)
    return wrong


def _unsigned(message: Message, duty: Duty, parameters: DigitalSignature, context: Context) -> Finding | None:
    """Find mail without S/MIME of a sender who has been issued a signature.

    Programs' answers and reports have no hand that signs; of encrypted mail nobody sees whether it is signed.
    """
    sender = message.envelope.sender
    if not sender or message.headers.automatic or not _signs(sender, parameters, context):
        return None
    if smime(message.headers, message.parts) is not Smime.NONE:
        return None
    return Finding(duty.code, duty.article, "outgoing mail is not signed", {"sender": sender})


def _signs(sender: str, parameters: DigitalSignature, context: Context) -> bool:
    """Whether this sender has been issued a signature. Without a directory no kind is known."""
    if any(same_mailbox(sender, address) for address in parameters.signer_addresses):
        return True
    if not parameters.signers or not context.is_official(sender):
        return False
    if "all" in parameters.signers:
        return True
    mailbox = context.directory.mailbox(sender)
    return mailbox is not None and mailbox.kind.value in parameters.signers


def _in_the_clear(message: Message, duty: Duty) -> Finding | None:
    """Find mail that its writer calls confidential and does not encrypt: no text says what is important."""
    said = {value.strip().lower() for value in message.headers.text(SENSITIVITY)}
    if CONFIDENTIAL not in said or is_encrypted(message.headers, message.parts):
        return None
    detail = "marked confidential by its writer, and not encrypted"
    evidence = {"sender": message.envelope.sender}
    return Finding(duty.code, duty.article, detail, evidence, certainty=Certainty.SIGN)


def _unsound(message: Message, duty: Duty) -> Finding | None:
    """Find a signature that does not hold: a sign, for the reader decides with the result before his eyes."""
    for signature in message.signatures.of(Signed.MAIL):
        if signature.soundness not in SOUND:
            evidence = {"soundness": signature.soundness.value, "signer": signature.signer}
            detail = f"incoming mail's signature does not hold: {signature.soundness.value}"
            return Finding(duty.code, duty.article, detail, evidence, certainty=Certainty.SIGN)
    return None
