# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server for tests that takes letters, refuses them, or breaks off, as it is told."""

import asyncio
import threading
from collections.abc import Callable
from email.parser import BytesParser
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bed import free_port

Hook = Callable[[str], None]


class Sink:
    """`reply` answers each stage (`MAIL`, `RCPT`, `MESSAGE`) that it names, in place of 250.

    `before` is called with each stage before it is answered; `hang_up` breaks
    the connection off at a stage, without an answer. `taken` are the Message-IDs of what was accepted.
    """

    def __init__(self) -> None:
        self.reply: dict[str, str] = {}
        self.hang_up = ""
        self.before: Hook = lambda _: None
        self.taken: list[str] = []
        self.seen = threading.Event()
        self._server = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def address(self) -> str:
        """As the site file has it."""
        return f"127.0.0.1:{self._server.port}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(no_assert=True)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._act(server, "MAIL")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._act(server, "RCPT")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if "MESSAGE" not in self.reply:
            self.taken.append(BytesParser().parsebytes(envelope.content)["Message-ID"])
        reply = self._act(server, "MESSAGE")
        await asyncio.sleep(0)
        return reply

    def _act(self, server: SMTP, stage: str) -> str:
        self.before(stage)
        self.seen.set()
        if stage == self.hang_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.reply.get(stage, "250 2.0.0 Ok: queued as 4F5C64474F")
