# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a mailbox over IMAP and POP3 as its owner's mail client does."""

import imaplib
import poplib
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default


class LoginRefused(Exception):  # noqa: N818 - a refusal is what some tests want
    """Dovecot did not let this user in; the message is Dovecot's."""


def parse(content: bytes) -> EmailMessage:
    """The content as a message with the modern e-mail policy."""
    return BytesParser(policy=default).parsebytes(content)


def read_imap(port: int, user: str, password: str, folder: str, address: str | None) -> list[EmailMessage]:
    """The messages of a folder, oldest first; `address` is the one that Dovecot shall log as the client's."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=20) as server:
        if address:
            server.xatom("ID", f'("x-originating-ip" "{address}")')
        try:
            server.login(user, password)
        except imaplib.IMAP4.error as refusal:
            raise LoginRefused(_said(refusal)) from None
        server.select(folder, readonly=True)
        _, (numbers,) = server.search(None, "ALL")
        return [parse(_fetch(server, number)) for number in numbers.decode().split()]


def _said(refusal: Exception) -> str:
    """The server's own words, which both libraries leave as bytes."""
    (answer,) = refusal.args
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


def _fetch(server: imaplib.IMAP4, number: str) -> bytes:
    _, parts = server.fetch(number, "(BODY.PEEK[])")
    first = parts[0]
    assert isinstance(first, tuple)
    return bytes(first[1])


def read_pop3(port: int, user: str, password: str, address: str | None) -> list[EmailMessage]:
    """The messages of the INBOX, oldest first; they stay on the server."""
    server = poplib.POP3("127.0.0.1", port, timeout=20)
    try:
        if address:
            server._shortcmd(f"XCLIENT ADDR={address}")  # type: ignore[attr-defined]
        try:
            server.user(user)
            server.pass_(password)
        except poplib.error_proto as refusal:
            raise LoginRefused(_said(refusal)) from None
        count, _ = server.stat()
        return [parse(b"\r\n".join(server.retr(number)[1]) + b"\r\n") for number in range(1, count + 1)]
    finally:
        server.quit()
