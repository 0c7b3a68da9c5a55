# SPDX-License-Identifier: GPL-3.0-or-later
"""Which messages get a second look, decided at the end of the header: nobody else's mail pays for it."""

from dataclasses import dataclass
from enum import StrEnum

from mailpolicy.address import same_mailbox
from mailpolicy.judge import Policy
from mailpolicy.message import Envelope, Headers, Origin
from mailpolicy.parameters import DigitalSignature, ProvisioningDesk
from mailpolicy.smime import OPAQUE, OPAQUE_NAME
from mailpolicy.verdict import Mode

SMIME = (b"multipart/signed", *(kind.encode() for kind in OPAQUE))
LIST_FIELDS = ("List-Id", "List-Post", "List-Unsubscribe")


class Look(StrEnum):
    """What is examined of a message."""

    MAIL = "mail"  # the S/MIME signature
    DOCUMENTS = "documents"  # that, and those of the attached documents


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a policy's duties need to know. `desk` is the mailbox that takes signed documents only, or "".

    `from_strangers`: strangers may write to it too; else they are refused whatever they sign.
    `incoming`: signatures of incoming mail are verified; `written`: and the result is put into its header.
    """

    desk: str = ""
    from_strangers: bool = False
    incoming: bool = False
    written: bool = False

    @classmethod
    def of(cls, policy: Policy, *, verifies: bool) -> "Wanted":
        """Read it off the duties in force. Incoming mail is looked at only where it can be verified."""
        desk, from_strangers, incoming, written = "", False, False, False
        for charge in policy.charges:
            parameters = charge.duty.parameters
            if isinstance(parameters, ProvisioningDesk) and parameters.signed:
                desk, from_strangers = parameters.mailbox or "", parameters.sender is None
            elif isinstance(parameters, DigitalSignature):
                incoming = parameters.verify_incoming and verifies
                written = incoming and charge.mode is Mode.ENFORCE
        return cls(desk, from_strangers, incoming, written)

    def look(self, policy: Policy, envelope: Envelope, headers: Headers) -> Look | None:
        """Say what is to be examined of the message whose header this is, or None."""
        to_desk = self.desk and any(same_mailbox(recipient, self.desk) for recipient in envelope.recipients)
        may_be_smime = self.incoming and _may_be_smime(headers)
        if not to_desk and not may_be_smime:
            return None
        stranger = policy.origin(envelope) is Origin.STRANGER
        if to_desk and (self.from_strangers or not stranger):
            return Look.DOCUMENTS
        return Look.MAIL if may_be_smime and stranger else None


def _may_be_smime(headers: Headers) -> bool:
    """Whether the message is S/MIME, or came over a mailing list that may have wrapped it to add a footer."""
    declared = b"".join(headers.raw("Content-Type")).strip().lower()
    if declared.startswith(SMIME) or OPAQUE_NAME.encode() in declared:
        return True
    return declared.startswith(b"multipart/mixed") and any(name in headers for name in LIST_FIELDS)
