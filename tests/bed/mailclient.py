# SPDX-License-Identifier: GPL-3.0-or-later
"""Send one mail over SMTP as a mail client or a foreign host does, and keep every reply."""

import re
import smtplib
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid

_QUEUED = re.compile(r"queued as (\w+)")


@dataclass(frozen=True)
class Client:
    """Who Postfix and the gate shall believe to be calling (XCLIENT)."""

    address: str
    name: str


@dataclass(frozen=True)
class Reply:
    """One SMTP reply: the stage (connect, ehlo, xclient, auth, mail, rcpt, data, message), code and text."""

    stage: str
    argument: str
    code: int
    text: str

    @property
    def good(self) -> bool:
        """Whether the server went along (2xx or 3xx)."""
        return 200 <= self.code < 400


@dataclass(frozen=True)
class Sent:
    """A whole SMTP conversation about one mail, refused or not."""

    replies: tuple[Reply, ...]

    @property
    def answer(self) -> Reply:
        """The reply that the conversation ended with: to the message if it came so far."""
        return self.replies[-1]

    @property
    def accepted(self) -> bool:
        """Whether Postfix took the message, for one recipient at least."""
        return self.answer.stage == "message" and self.answer.good

    @property
    def queue_id(self) -> str | None:
        """The queue id in `250 2.0.0 Ok: queued as ...`."""
        found = _QUEUED.search(self.answer.text)
        return found[1] if found else None

    def rcpt(self, recipient: str) -> Reply:
        """The reply to this recipient; KeyError if he was never named."""
        for reply in self.replies:
            if reply.stage == "rcpt" and reply.argument == recipient:
                return reply
        raise KeyError(recipient)


def compose(
    sender: str, to: str | Sequence[str], subject: str | None, text: str = "Kính gửi.\n"
) -> EmailMessage:
    """A mail as a mail client writes it, with Date and Message-ID; no Subject at all if `subject` is None."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to if isinstance(to, str) else ", ".join(to)
    if subject is not None:
        message["Subject"] = subject
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    message.set_content(text)
    return message


def wire(message: EmailMessage | bytes) -> bytes:
    """The message with the CRLF line ends of SMTP; bytes stay as they are but for the line ends."""
    if isinstance(message, EmailMessage):
        return message.as_bytes(policy=WIRE)
    return re.sub(rb"\r?\n", b"\r\n", message)


def send(
    port: int,
    message: EmailMessage | bytes,
    sender: str,
    recipients: Sequence[str],
    *,
    client: Client | None = None,
    login: tuple[str, str] | None = None,
) -> Sent:
    """Send to 127.0.0.1:port; a refusal is a reply like any other, a lost connection raises."""
    talk = _Talk(client.name if client else "localhost")
    with closing(talk.smtp):
        if talk.open(port, client, login):
            talk.transact(wire(message), sender, recipients)
        talk.leave()
    return Sent(tuple(talk.replies))


class _Talk:
    """One connection, which ends at the first reply that leaves nothing more to say."""

    def __init__(self, helo: str) -> None:
        self.smtp = smtplib.SMTP(timeout=60, local_hostname=helo)
        self.replies: list[Reply] = []

    def open(self, port: int, client: Client | None, login: tuple[str, str] | None) -> bool:
        """Greet, say whom this client stands for, and log in."""
        if not (self._keep("connect", "", self.smtp.connect("127.0.0.1", port)) and self._ehlo()):
            return False
        if client and not (self._xclient(client) and self._ehlo()):
            return False
        return self._login(*login) if login else True

    def transact(self, content: bytes, sender: str, recipients: Sequence[str]) -> None:
        """The envelope and, if any recipient is good, the content."""
        options = [f"SIZE={len(content)}", "BODY=8BITMIME"]
        if not self._keep("mail", sender, self.smtp.mail(sender, options)):
            return
        good = [self._keep("rcpt", recipient, self.smtp.rcpt(recipient)) for recipient in recipients]
        if any(good):
            self._data(content)

    def leave(self) -> None:
        """Say QUIT, unless the server has hung up, as it does after a 421."""
        with suppress(smtplib.SMTPServerDisconnected):
            self.smtp.docmd("QUIT")

    def _ehlo(self) -> bool:
        return self._keep("ehlo", self.smtp.local_hostname, self.smtp.ehlo())

    def _xclient(self, client: Client) -> bool:
        said = f"ADDR={client.address} NAME={client.name}"
        return self._keep("xclient", said, self.smtp.docmd("XCLIENT", said))

    def _login(self, user: str, password: str) -> bool:
        try:
            reply = self.smtp.login(user, password, initial_response_ok=True)
        except smtplib.SMTPAuthenticationError as refusal:
            reply = (refusal.smtp_code, _bytes(refusal.smtp_error))
        return self._keep("auth", user, reply)

    def _data(self, content: bytes) -> None:
        try:
            reply = self.smtp.data(content)
        except smtplib.SMTPDataError as refusal:
            self._keep("data", "", (refusal.smtp_code, _bytes(refusal.smtp_error)))
        else:
            self._keep("message", "", reply)

    def _keep(self, stage: str, argument: str, reply: tuple[int, bytes]) -> bool:
        kept = Reply(stage, argument, reply[0], reply[1].decode("utf-8", errors="replace"))
        self.replies.append(kept)
        return kept.good


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text
