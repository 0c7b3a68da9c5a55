# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands letters to the mail server over SMTP (RFC 5321), and tells exactly how far each of them came."""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Self

from mailaudit.notices.notice import Notice

PATIENCE = 60  # seconds for any reply; Postfix answers the end of a message when it is on the disk
_SHUTTING_DOWN = 421


class Fate(Enum):
    """What the mail server did with a letter."""

    TAKEN = auto()
    LATER = auto()  # it did not take it now
    NEVER = auto()  # it refused it for good
    UNKNOWN = auto()  # the connection broke after the text was sent, before the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one letter; `said` is the reply or the error. `closed`: no further one can be sent."""

    fate: Fate
    said: str
    closed: bool = False


class UnreachableError(Exception):
    """There is no talking to the mail server at all; the text names it and says why."""


class MailServer:
    """One connection, for as many letters as wait. A context manager; entering may raise UnreachableError."""

    def __init__(self, host: str, port: int) -> None:
        self._where = f"{host}:{port}"
        self._host, self._port = host, port
        self._smtp = smtplib.SMTP(timeout=PATIENCE)

    def __enter__(self) -> Self:
        try:
            replies = [self._smtp.connect(self._host, self._port), self._smtp.ehlo()]
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            raise UnreachableError(f"{self._where}: the mail server can't be reached ({error})") from error
        bad = [reply for reply in replies if not _good(reply)]
        if bad:
            self._smtp.close()
            raise UnreachableError(f"{self._where}: the mail server won't talk: {_said(bad[0])}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._smtp.docmd("QUIT")
        except (OSError, smtplib.SMTPException):
            pass  # what was sent is answered for already
        finally:
            self._smtp.close()

    def send(self, notice: Notice) -> Answer:
        """Send one letter. Until its text has begun to go out, trying again can't send it twice."""
        try:
            refused = self._envelope(notice)
        except (OSError, smtplib.SMTPException) as error:
            return Answer(Fate.LATER, f"the connection broke: {error}", closed=True)
        except ValueError as error:  # not ASCII, or with a line end: no server is asked
            return Answer(
                Fate.NEVER, f"{notice.recipient!r} is no address for SMTP: {error}", not self._begin_anew()
            )
        if refused:
            return refused
        try:
            self._smtp.send(_stuffed(notice.content) + b".\r\n")
            reply = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Answer(Fate.UNKNOWN, f"the connection broke before the answer: {error}", closed=True)
        return _answer(reply)

    def _envelope(self, notice: Notice) -> Answer | None:
        """Say who writes to whom; None if the server wants the text now."""
        commands = (f"MAIL FROM:<{notice.sender}>", f"RCPT TO:<{notice.recipient}>", "DATA")
        for command in commands:
            reply = self._smtp.docmd(command)
            if not _good(reply):
                answer = _answer(reply)
                return (
                    answer if answer.closed or self._begin_anew() else Answer(answer.fate, answer.said, True)
                )
        return None

    def _begin_anew(self) -> bool:
        """Forget what was said of a letter that was not taken, ready for the next."""
        try:
            return _good(self._smtp.docmd("RSET"))
        except (OSError, smtplib.SMTPException):
            return False


def _answer(reply: tuple[int, bytes]) -> Answer:
    code = reply[0]
    fate = Fate.TAKEN if _good(reply) else Fate.NEVER if 500 <= code < 600 else Fate.LATER
    return Answer(fate, _said(reply), closed=code == _SHUTTING_DOWN)


def _good(reply: tuple[int, bytes]) -> bool:
    return 200 <= reply[0] < 400


def _said(reply: tuple[int, bytes]) -> str:
    return f"{reply[0]} {' '.join(reply[1].decode('utf-8', 'replace').split())}"


def _stuffed(content: bytes) -> bytes:
    """Double a dot at a line's beginning (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content)
