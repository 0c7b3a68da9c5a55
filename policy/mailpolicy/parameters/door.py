# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of the duties that are kept at the door, message by message."""

from typing import Annotated, Literal

from pydantic import Field

from mailpolicy.files.fields import ARRAY, NOT_EMPTY, Address
from mailpolicy.parameters.base import NoParameters, Parameters

NamePattern = Annotated[
    str,
    Field(
        pattern=r"^([a-z0-9._-]|\{(surname|middle|given|s|m|last_middle|other_m|account|unit|parent|extra|n)\})+$",
        json_schema_extra={
            "expected": "a local part in small letters with any of {surname} {middle} {given} {s} {m} "
            "{last_middle} {other_m} {account} {unit} {parent} {extra} {n}"
        },
    ),
]


class AttachmentCap(Parameters):
    """Row 1: how large attached files may be."""

    limit_mb: int = Field(ge=1, le=4096)
    """The cap in MB of 1024 * 1024 bytes, of decoded content."""
    per: Literal["message", "file"]
    """What the cap is for: all files of a message together, or each file."""


class SubjectRequired(NoParameters):
    """Row 3."""


class AutoForward(NoParameters):
    """Row 4."""


class SpamReport(Parameters):
    """Row 5: where suspicious mail is reported."""

    mailbox: Address | None = None
    """The report mailbox the text names."""


class SenderDomain(NoParameters):
    """Row 6."""


class ProvisioningDesk(Parameters):
    """Row 7: what a request for a new, changed or cancelled mailbox must look like."""

    mailbox: Address | None = None
    """Where requests are sent by mail; without it they are made in writing, outside of mail."""
    sender: Literal["unit", "agency"] | None = None
    """Whose mailbox alone may send a request."""
    list_attached: bool = False
    """The list of mailboxes must be attached."""
    signed: bool = False
    """The attached document must be digitally signed."""


class OnlineRegistration(NoParameters):
    """Row 8."""


class StateSecrets(Parameters):
    """Row 9."""

    remove_found: bool = False
    """What is found in a mailbox is reported and removed at once."""
    law: str = Field(default="117/2025/QH15, 63/2026/NĐ-CP", min_length=1)
    """Law and decree that say what a state secret is and how it is marked; these since 1 March 2026."""


class Unicode(Parameters):
    """Row 10."""

    standard: Literal["TCVN 6909:2001"] = "TCVN 6909:2001"
    """The character set that text must use; in mail, any encoding of Unicode."""


class AddressFormat(Parameters):
    """Row 17: how local parts of addresses are made, without marks, in lower case.

    {surname} {middle} {given} are the name's parts, {s} and {m} the initials of surname and middle names,
    {last_middle} the middle name next to the given name and {other_m} the initials of the rest, {account} a
    name chosen freely, {unit} and {parent} a unit's and its superior's short names, {extra} any addition,
    {n} a number from 1.
    """

    person: Annotated[tuple[NamePattern, ...], ARRAY, NOT_EMPTY]
    """Patterns for a person, in the order they are given out to people of the same name."""
    leader: Annotated[tuple[NamePattern, ...], ARRAY] = ()
    """Patterns for leaders, where the text sets them apart."""
    unit: Annotated[tuple[NamePattern, ...], ARRAY] = ()
    """Patterns for units and agencies, by level."""
    then_by_hand: bool = False
    """Whoever comes after the last pattern is named by the administrators."""
    leaders_first: bool = False
    """Of requests made on one day, a leader's gets the plain form."""


class DisplayName(NoParameters):
    """Row 18: the full name and the agency."""


class MailingList(NoParameters):
    """Row 19."""


class DigitalSignature(Parameters):
    """Row 21. All false: the text says only that the law's rules on signed documents hold."""

    sign_outgoing: bool = False
    """Outgoing mail is signed."""
    signers: Annotated[tuple[Literal["all", "person", "unit", "agency"], ...], ARRAY] = ()
    """The kinds of mailboxes that were issued a signature and so must sign; all: every official sender."""
    signer_addresses: Annotated[tuple[Address, ...], ARRAY] = ()
    """Single mailboxes that have been issued one."""
    verify_incoming: bool = False
    """The origin of incoming mail is verified."""
    encrypt_important: bool = False
    """Important mail between offices is encrypted; the gate knows what its writer marks as confidential."""


class SpamSpreading(Parameters):
    """Row 31."""

    recipients: int = Field(default=100, ge=1, le=100_000)
    """Recipients of one message from which it is a sign of a burst. No text gives a number; 100 is ours."""


class UntrustedAccess(NoParameters):
    """Row 32."""
