# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a message (RFC 5322) of a letter's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from mailaudit.notices.templates import Text
from mailpolicy.address import domain_of


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text that goes with a letter."""

    filename: str
    text: str


def message_id(event: str, recipient: str, sender: str) -> str:
    """Return the Message-ID of a letter, always the same for one event and recipient."""
    digest = sha256(f"{event}\n{recipient}".encode()).hexdigest()[:32]
    return f"<notice.{digest}@{domain_of(sender)}>"


def compose(
    text: Text,
    sender: Address,
    recipient: str,
    *,
    identifier: str,
    time: datetime,
    attached: Sequence[Attachment] = (),
) -> bytes:
    """Return the whole message as it is sent; `time` is aware.

    Auto-Submitted (RFC 3834) keeps absence notices and other automatic answers away.
    """
    message = EmailMessage(SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = text.subject
    message["Date"] = format_datetime(time)
    message["Message-ID"] = identifier
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.body, cte="quoted-printable")
    for one in attached:
        message.add_attachment(one.text, filename=one.filename, cte="quoted-printable")
    return message.as_bytes()
