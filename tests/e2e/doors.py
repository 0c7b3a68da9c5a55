# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates with mail that goes through all the time, and the ways to break them."""

import os
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dkim  # type: ignore[import-untyped]

from bed import Bed, compose
from bed.gate import Gate
from gate.dkimkeys import rsa_key
from gate.milterclient import Hungup, Mail, MilterClient
from gate.offices import CANBO1, CITIZEN, OFFICE, VANTHU, letter
from mailpolicy.directory import Mailbox
from mailpolicy.snapshot.encode import encode

SITE = """
regulation = "soctrang-59-2024"
[duties.sender-domain]
mode = "{mode}"
[gate.identity]
nameservers = ["{nameserver}"]
"""
BETWEEN = 0.2  # seconds from one mail to the next
ORDINARY = letter()
FORGED = letter(VANTHU, [CANBO1])
USERS = {VANTHU: "Mua-xuan-1", CANBO1: "Mua-he-2"}


def snapshot(age: timedelta = timedelta()) -> bytes:
    """A directory that was published so long ago."""
    return encode([Mailbox(VANTHU), Mailbox(CANBO1)], [], datetime.now(UTC) - age)


def signed(mail: Mail) -> Mail:
    """Return it with its office's own signature; who can't ask for the key can't tell that it is right."""
    head = b"".join(name + b": " + value + b"\r\n" for name, value in mail.fields)
    written = dkim.sign(head + b"\r\n" + mail.body, b"s2026", b"soctrang.gov.vn", rsa_key())
    name, _, value = written.rstrip().partition(b": ")
    return replace(mail, fields=[(name, value.replace(b"\r\n", b"\n")), *mail.fields])


class Door:
    """A gate with one worker and mail that goes through all the time."""

    def __init__(self, mode: str = "enforce", mail: Mail = ORDINARY, nameserver: str = "127.0.0.1") -> None:
        site = SITE.format(mode=mode, nameserver=nameserver)
        self.gate = Gate(site, workers=1, directory=snapshot())
        self.mail = mail
        self.port = self.gate.metrics_port
        self._end = threading.Event()
        self._sender = threading.Thread(target=self._send, daemon=True)

    def start(self) -> None:
        self.gate.start()
        self._sender.start()

    def stop(self) -> None:
        self._end.set()
        self._sender.join()
        self.gate.stop()

    def _send(self) -> None:
        while not self._end.wait(BETWEEN):
            try:
                with MilterClient(self.gate.where) as client:
                    client.connect("mail.example.org", "192.0.2.7")
                    self.mail.send(client)
            except (Hungup, OSError):
                continue  # Postfix would try again, too

    # Faults

    def kill_a_worker(self) -> None:
        for pid in self.gate.pids():
            name = Path(f"/proc/{pid}/comm")
            if name.exists() and name.read_text().startswith("gate-worker"):
                os.kill(pid, signal.SIGKILL)

    def change_site(self, old: str, new: str) -> None:
        text = self.gate.site.read_text("utf-8")
        assert old in text
        written = self.gate.site.with_suffix(".new")
        written.write_text(text.replace(old, new), "utf-8")
        written.replace(self.gate.site)

    def publish(self, age: timedelta) -> None:
        written = self.gate.snapshot.with_suffix(".new")
        written.write_bytes(snapshot(age))
        written.replace(self.gate.snapshot)


class OfficeDoor(Door):
    """One with a Postfix and a Dovecot around it, through which people write and read."""

    bed: Bed

    def start(self) -> None:
        self.gate.start()
        self.bed = Bed(OFFICE, USERS, milter=self.gate.milter).start()
        self._sender.start()

    def stop(self) -> None:
        super().stop()
        self.bed.stop()

    @property
    def logs(self) -> list[Path]:
        """What an audit follows: Postfix's, Dovecot's and the gate's."""
        return [self.bed.postfix_log, self.bed.dovecot_log, self.gate.log]

    def _send(self) -> None:
        while not self._end.wait(BETWEEN):
            self.bed.send_as_user(compose(VANTHU, CANBO1, "Báo cáo"), VANTHU, CANBO1)
            self.bed.send_as_stranger(compose(CITIZEN, VANTHU, "Đơn"), CITIZEN, VANTHU)
            self.bed.inbox(CANBO1)
