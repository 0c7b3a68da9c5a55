# SPDX-License-Identifier: GPL-3.0-or-later
"""An MTA as the milter protocol sees it (version 6): it offers what Postfix offers and takes what comes.

Nothing here knows the gate. Each event returns the filter's answer; CONTINUE where none was negotiated.
"""

import contextlib
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from types import TracebackType
from typing import Self

VERSION = 6
CHUNK = 65_535  # bytes of body in one packet, as Postfix sends it
LOOPBACK = "127.0.0.1"


class Actions(IntFlag):
    """What a filter may do (SMFIF_*)."""

    ADDHDRS = 0x1
    CHGBODY = 0x2
    ADDRCPT = 0x4
    DELRCPT = 0x8
    CHGHDRS = 0x10
    QUARANTINE = 0x20
    CHGFROM = 0x40
    ADDRCPT_PAR = 0x80
    SETSYMLIST = 0x100


class Steps(IntFlag):
    """What an MTA leaves out, or does not wait for (SMFIP_*)."""

    NOCONNECT = 0x1
    NOHELO = 0x2
    NOMAIL = 0x4
    NORCPT = 0x8
    NOBODY = 0x10
    NOHDRS = 0x20
    NOEOH = 0x40
    NR_HDR = 0x80
    NOUNKNOWN = 0x100
    NODATA = 0x200
    SKIP = 0x400
    RCPT_REJ = 0x800
    NR_CONN = 0x1000
    NR_HELO = 0x2000
    NR_MAIL = 0x4000
    NR_RCPT = 0x8000
    NR_DATA = 0x10000
    NR_UNKN = 0x20000
    NR_EOH = 0x40000
    NR_BODY = 0x80000
    HDR_LEADSPC = 0x100000


POSTFIX_ACTIONS = Actions(0x1FF)
POSTFIX_STEPS = Steps(0x1FFFFF)


class Said(StrEnum):
    """A filter's answer to an event."""

    CONTINUE = "c"
    ACCEPT = "a"
    REJECT = "r"
    TEMPFAIL = "t"
    DISCARD = "d"
    REPLY = "y"
    SKIP = "s"


EDITS = {
    "h": "add-header",
    "i": "insert-header",
    "m": "change-header",
    "+": "add-recipient",
    "-": "delete-recipient",
    "q": "quarantine",
}
STAGES = "CHMRTEN"  # the commands that SETSYMLIST numbers from 0: connect, helo, mail, rcpt, data, eom, eoh


@dataclass(frozen=True)
class Edit:
    """One change at the end of a message: ("add-recipient", "<a@b>"), ("change-header", "1", "X-A", "")."""

    kind: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What the filter said, the SMTP reply it gave with REPLY, and the edits before it."""

    said: Said
    reply: str = ""
    edits: tuple[Edit, ...] = ()


class Hungup(Exception):  # noqa: N818 - it says what happened
    """The filter closed the connection."""


NOT_ASKED = Answer(Said.CONTINUE)


class MilterClient:
    """One connection to a filter at (host, port) or a path."""

    def __init__(
        self,
        where: tuple[str, int] | str,
        actions: Actions = POSTFIX_ACTIONS,
        steps: Steps = POSTFIX_STEPS,
        timeout: float = 10.0,
    ) -> None:
        family = socket.AF_UNIX if isinstance(where, str) else socket.AF_INET
        self._socket = socket.socket(family)
        self._socket.settimeout(timeout)
        self._socket.connect(where)
        if family == socket.AF_INET:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.symbols: dict[str, str] = {}
        self._negotiate(actions, steps)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.quit()

    def _negotiate(self, actions: Actions, steps: Steps) -> None:
        self._send("O", struct.pack("!III", VERSION, actions, steps))
        command, data = self._receive()
        assert command == "O", f"no negotiation: {command!r}"
        _, granted, skipped = struct.unpack("!III", data[:12])
        self.actions, self.steps = Actions(granted), Steps(skipped)
        lists = data[12:]
        while lists:
            stage = struct.unpack("!I", lists[:4])[0]
            names, _, lists = lists[4:].partition(b"\0")
            self.symbols[STAGES[stage]] = names.decode()

    # Events

    def connect(self, name: str, address: str = LOOPBACK, port: int = 4711) -> Answer:
        """Tell who is at the other end of SMTP."""
        kind = b"6" if ":" in address else b"4"
        data = name.encode() + b"\0" + kind + struct.pack("!H", port) + address.encode() + b"\0"
        return self._event("C", data, Steps.NOCONNECT, Steps.NR_CONN)

    def helo(self, name: bytes) -> Answer:
        """Tell the HELO name."""
        return self._event("H", name + b"\0", Steps.NOHELO, Steps.NR_HELO)

    def mail(self, *arguments: str, macros: Mapping[str, str] | None = None) -> Answer:
        """Begin a message."""
        return self._event("M", _strings(arguments), Steps.NOMAIL, Steps.NR_MAIL, macros)

    def rcpt(self, *arguments: str, macros: Mapping[str, str] | None = None) -> Answer:
        """Tell a recipient."""
        return self._event("R", _strings(arguments), Steps.NORCPT, Steps.NR_RCPT, macros)

    def data(self, macros: Mapping[str, str] | None = None) -> Answer:
        """Tell that the content follows."""
        return self._event("T", b"", Steps.NODATA, Steps.NR_DATA, macros)

    def header(self, name: bytes, value: bytes) -> Answer:
        """Tell a header field."""
        return self._event("L", name + b"\0" + value + b"\0", Steps.NOHDRS, Steps.NR_HDR)

    def end_of_header(self) -> Answer:
        """Tell that the header is complete."""
        return self._event("N", b"", Steps.NOEOH, Steps.NR_EOH)

    def body(self, content: bytes) -> Answer:
        """Tell the body, in as many packets as it takes."""
        answer = NOT_ASKED
        for at in range(0, len(content), CHUNK):
            answer = self._event("B", content[at : at + CHUNK], Steps.NOBODY, Steps.NR_BODY)
            if answer.said is not Said.CONTINUE:
                break
        return answer

    def end(self, macros: Mapping[str, str] | None = None) -> Answer:
        """End the message and take the filter's word on it."""
        return self._event("E", b"", Steps(0), Steps(0), macros)

    def abort(self) -> None:
        """Take the message under way back."""
        self._send("A", b"")

    def quit(self) -> None:
        """End the connection."""
        with contextlib.suppress(OSError):
            self._send("Q", b"")
        self._socket.close()

    # Packets

    def _event(
        self,
        command: str,
        data: bytes,
        left_out: Steps,
        unanswered: Steps,
        macros: Mapping[str, str] | None = None,
    ) -> Answer:
        if self.steps & left_out:
            return NOT_ASKED
        wanted = self._wanted(command, macros or {})
        if wanted:
            pairs = [text for pair in wanted.items() for text in pair]
            self._send("D", command.encode() + _strings(pairs))
        self._send(command, data)
        return NOT_ASKED if self.steps & unanswered else self._answer()

    def _wanted(self, command: str, macros: Mapping[str, str]) -> Mapping[str, str]:
        """The macros to send: of those that have a value, the ones the filter asked for at this stage."""
        if command not in self.symbols:
            return macros
        names = self.symbols[command].split()
        return {name: value for name, value in macros.items() if name in names}

    def _answer(self) -> Answer:
        edits: list[Edit] = []
        while True:
            command, data = self._receive()
            if command in EDITS:
                edits.append(_edit(command, data))
            elif command != "p":  # progress: wait on
                reply = data.rstrip(b"\0").decode() if command == "y" else ""
                return Answer(Said(command), reply, tuple(edits))

    def _send(self, command: str, data: bytes) -> None:
        self._socket.sendall(struct.pack("!I", len(data) + 1) + command.encode() + data)

    def _receive(self) -> tuple[str, bytes]:
        length = struct.unpack("!I", self._exactly(4))[0]
        packet = self._exactly(length)
        return packet[:1].decode(), packet[1:]

    def _exactly(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            try:
                more = self._socket.recv(length - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                raise Hungup
            data += more
        return bytes(data)


def _strings(texts: Sequence[str]) -> bytes:
    return b"".join(text.encode("utf-8", "surrogateescape") + b"\0" for text in texts)


def _edit(command: str, data: bytes) -> Edit:
    number: tuple[str, ...] = ()
    if command in "im":
        number, data = (str(struct.unpack("!I", data[:4])[0]),), data[4:]
    texts = data.removesuffix(b"\0").split(b"\0")
    return Edit(EDITS[command], (*number, *(text.decode() for text in texts)))


@dataclass(frozen=True)
class Mail:
    """A message with its envelope, ready to be sent through a filter any number of times.

    `sender` and `recipients` are arguments of MAIL and RCPT, in brackets as a client sends them.
    """

    sender: str
    recipients: Sequence[str]
    fields: Sequence[tuple[bytes, bytes]]
    body: bytes = b"Noi dung thu.\r\n"
    login: str = ""
    queue_id: str = "4QTest0001"

    def begin(self, client: MilterClient) -> None:
        """Tell everything but the end."""
        macros = {"{mail_addr}": self.sender.strip("<>")}
        client.mail(self.sender, macros=macros | ({"{auth_authen}": self.login} if self.login else {}))
        for recipient in self.recipients:
            client.rcpt(recipient, macros={"{rcpt_addr}": recipient.strip("<>")})
        client.data({"i": self.queue_id})
        for name, value in self.fields:
            client.header(name, value)
        client.end_of_header()
        client.body(self.body)

    def end(self, client: MilterClient) -> Answer:
        """End the message that was begun, then reset as Postfix does."""
        answer = client.end({"i": self.queue_id})
        client.abort()
        return answer

    def send(self, client: MilterClient) -> Answer:
        """Send the whole message."""
        self.begin(client)
        return self.end(client)
