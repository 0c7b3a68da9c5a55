# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a filter as several Postfix processes would: packets go out at once up to an awaited reply."""

import struct
import threading
import time
from dataclasses import dataclass

from gate.milterclient import NOT_ASKED, Answer, Mail, MilterClient

CONNECTIONS = 8
PER_CONNECTION = 10  # messages before a connection is made anew
FINAL = b"acrtdy"  # the answers that end a wait

Where = tuple[str, int] | str


class Recorder(MilterClient):
    """Writes down what it would send, cut where a reply is awaited, after a real negotiation."""

    def __init__(self, where: Where) -> None:
        self.script: list[bytes] = []
        self._pending = b""
        self._live = True
        super().__init__(where)

    def record(self, mail: Mail) -> list[bytes]:
        """Return the packets of a whole message, in the pieces that are sent before each reply."""
        self._live = False
        mail.begin(self)
        self.end({"i": mail.queue_id})
        self._live = True
        self.quit()
        return self.script

    def _send(self, command: str, data: bytes) -> None:
        if self._live:
            super()._send(command, data)
        else:
            self._pending += struct.pack("!I", len(data) + 1) + command.encode() + data

    def _answer(self) -> Answer:
        self.script.append(self._pending)
        self._pending = b""
        return NOT_ASKED


@dataclass(frozen=True)
class Rate:
    """What a filter did in one run."""

    messages: int
    content: int  # bytes in each message's body
    seconds: float

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def megabytes(self) -> float:
        """MB (1e6) of body a second."""
        return self.messages * self.content / self.seconds / 1e6


def drive(where: Where, mail: Mail, messages: int, connections: int = CONNECTIONS) -> Rate:
    """Send so many messages, over eight connections at a time if not told otherwise, up to ten over each."""
    script = Recorder(where).record(mail)
    each = min(PER_CONNECTION, messages // connections)
    rounds = messages // connections // each
    threads = [
        threading.Thread(target=_connections, args=(where, script, rounds, each)) for _ in range(connections)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Rate(rounds * each * connections, len(mail.body), time.perf_counter() - began)


def _connections(where: Where, script: list[bytes], rounds: int, per_connection: int) -> None:
    for _ in range(rounds):
        client = MilterClient(where, timeout=120)
        client.connect("client.soctrang.gov.vn", "10.20.3.14")
        client.helo(b"client.soctrang.gov.vn")
        for _ in range(per_connection):
            for piece in script:
                client._socket.sendall(piece)
                _await(client)
        client.quit()


def _await(client: MilterClient) -> None:
    """Take packets until one that ends the wait: edits and progress come before it."""
    while client._receive()[0].encode() not in FINAL:
        pass
