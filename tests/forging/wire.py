# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations that say exactly these bytes, as no proper client would."""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

_PATIENCE = 20  # seconds
_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


class Talk:
    """One connection to a port on loopback or to a socket in the file system."""

    def __init__(self, where: int | Path) -> None:
        if isinstance(where, int):
            self._socket = socket.create_connection(("127.0.0.1", where), _PATIENCE)
        else:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(_PATIENCE)
            self._socket.connect(str(where))
        self._stream = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._socket.close()

    def say(self, data: bytes) -> None:
        """Send these bytes; the other side may have hung up."""
        with suppress(ConnectionError):
            self._socket.sendall(data)

    def answer(self, *last: bytes) -> bytes:
        """The first line that begins with one of these, skipping others and literals; empty at the end."""
        with suppress(ConnectionError):
            while line := self._stream.readline():
                while literal := _LITERAL.search(line):
                    self._stream.read(int(literal[1]))
                    line += self._stream.readline()
                if line.startswith(last):
                    return line
        return b""


_SMTP_ENDS = tuple(f"{code} ".encode() for code in range(200, 600))


def smtp(where: int | Path, commands: Iterable[bytes]) -> list[bytes]:
    """Say SMTP or LMTP commands, each after the reply to the one before; return the replies."""
    with Talk(where) as talk:
        replies = [talk.answer(*_SMTP_ENDS)]
        for command in commands:
            talk.say(command + b"\r\n")
            replies.append(talk.answer(*_SMTP_ENDS))
        return replies


def pop3(port: int, commands: Iterable[bytes]) -> list[bytes]:
    """Say POP3 commands; return the first line of each reply."""
    with Talk(port) as talk:
        replies = [talk.answer(b"+", b"-")]
        for command in commands:
            talk.say(command + b"\r\n")
            replies.append(talk.answer(b"+", b"-"))
        return replies


def sieve(port: int, commands: Iterable[bytes]) -> list[bytes]:
    """Say ManageSieve commands; return the line of each reply that says OK, NO or BYE."""
    with Talk(port) as talk:
        replies = [talk.answer(b"OK", b"NO", b"BYE")]
        for command in commands:
            talk.say(command + b"\r\n")
            replies.append(talk.answer(b"OK", b"NO", b"BYE"))
        return replies


def imap(port: int, commands: Iterable[bytes]) -> list[bytes]:
    """Say IMAP commands without their tags; return the tagged line of each reply.

    A command may hold `literal`s.
    """
    with Talk(port) as talk:
        replies = [talk.answer(b"* OK")]
        for command in commands:
            talk.say(b"a " + command + b"\r\n")
            replies.append(talk.answer(b"a ", b"* BYE"))
        return replies


def literal(data: bytes) -> bytes:
    """The bytes as a literal that waits for nobody (RFC 7888), in IMAP and ManageSieve."""
    return b"{%d+}\r\n%s" % (len(data), data)
