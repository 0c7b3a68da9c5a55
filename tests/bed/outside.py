# SPDX-License-Identifier: GPL-3.0-or-later
"""The world outside the office: an SMTP server on loopback that keeps every mail Postfix sends away."""

import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Departed:
    """One mail that left the office."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The content, parsed."""
        return BytesParser(policy=default).parsebytes(self.content)


class Outside:
    """Takes mail for every address; while `refusal` is an SMTP reply (`451 4.3.0 later`), for none."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.refusal: str | None = None
        self._departed: list[Departed] = []
        self._lock = threading.Lock()
        self._server = Controller(self, hostname="127.0.0.1", port=port, data_size_limit=None)

    def start(self) -> None:
        """Listen, in a thread of its own."""
        self._server.start()

    def stop(self) -> None:
        """Listen no more; may be said twice, or before `start`."""
        if self._server.loop.is_running():
            self._server.stop(no_assert=True)

    def departed(self, recipient: str | None = None) -> list[Departed]:
        """What has left so far, oldest first; with `recipient` only what left for that address."""
        with self._lock:
            return [mail for mail in self._departed if recipient is None or recipient in mail.recipients]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the recipient, or answer with `refusal`."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        with self._lock:
            self._departed.append(Departed(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return "250 2.0.0 OK"
