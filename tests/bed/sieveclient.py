# SPDX-License-Identifier: GPL-3.0-or-later
"""Store a Sieve script over ManageSieve (RFC 5804) as a mail client does."""

import base64
import re
import socket
from io import BufferedRWPair

from bed.mailbox import LoginRefused

_NAME = "postwarden"
_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


class ScriptRefused(Exception):  # noqa: N818 - a refusal is what some tests want
    """Dovecot's answer to a script it does not take, with the line of the mistake."""


def put_script(port: int, user: str, password: str, script: str) -> None:
    """Store the script and make it the active one; raises LoginRefused or ScriptRefused."""
    server = socket.create_connection(("127.0.0.1", port), timeout=20)
    with server, server.makefile("rwb") as stream:
        _answer(stream)
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        _ask(stream, f'AUTHENTICATE "PLAIN" "{secret}"', LoginRefused)
        content = script.encode()
        _ask(stream, f'PUTSCRIPT "{_NAME}" {{{len(content)}+}}\r\n{script}', ScriptRefused)
        _ask(stream, f'SETACTIVE "{_NAME}"', ScriptRefused)
        _ask(stream, "LOGOUT", ScriptRefused)


def _ask(stream: BufferedRWPair, command: str, refusal: type[Exception]) -> None:
    stream.write(command.encode() + b"\r\n")
    stream.flush()
    answer = _answer(stream)
    if not answer.startswith("OK"):
        raise refusal(answer)


def _answer(stream: BufferedRWPair) -> str:
    """The line that says OK, NO or BYE, with the literal that may follow it; lines before it are skipped."""
    while line := stream.readline():
        text = line
        if literal := _LITERAL.search(line):
            text += stream.read(int(literal[1])) + stream.readline()
        if line.startswith((b"OK", b"NO", b"BYE")):
            return text.decode().strip()
    raise ConnectionError("ManageSieve closed the connection")
