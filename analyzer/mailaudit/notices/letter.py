# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a message (RFC 5322) of a letter's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

from mailaudit.notices.templates import Text
from mailpolicy.address import domain_of


class _Wire(EmailPolicy):
    """email.policy.SMTP, but for the encoded words (RFC 2047) of a subject and of an author's name.

    Python's own folding loses a space where two of them meet: "sắp bị tạm" arrives as "sắp bịtạm".
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == "Subject":
            header = Header(str(value), "utf-8", header_name=name)
        elif name == "From":
            [author] = value.addresses
            header = Header(author.display_name, "utf-8", header_name=name)
            header.append(f"<{author.addr_spec}>", "us-ascii")
        else:
            return super().fold_binary(name, value)
        return f"{name}: {header.encode(linesep=self.linesep)}{self.linesep}".encode("ascii")


WIRE = _Wire(linesep="\r\n")


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
    message = EmailMessage(WIRE)
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
