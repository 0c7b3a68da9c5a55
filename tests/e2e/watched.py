# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates with mail going through and audits with logs, one for each fault, for a Prometheus to watch."""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import dkim  # type: ignore[import-untyped]

from audit.maillog import day_of_work, line
from audit.office import Office
from bed.gate import Gate
from bed.ports import free_port
from bed.postgresql import Postgresql
from bed.process import Processes, wait_for
from bed.prometheus import Prometheus
from gate.dkimkeys import rsa_key
from gate.milterclient import Hungup, Mail, MilterClient
from gate.offices import CANBO1, VANTHU, letter
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
PROGRAM = str(Path(sys.executable).parent / "mailaudit")


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

    def vanish(self) -> None:
        self._end.set()
        self._sender.join()
        self.gate.stop()

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


class Desk:
    """An audit that has read two days of logs, and serves its metrics."""

    def __init__(self, folder: Path, name: str, url: str | None = None) -> None:
        folder = folder / name
        folder.mkdir()
        self.port = free_port()
        self.office = Office.at(folder, url)
        self._now = datetime.now().astimezone().replace(tzinfo=None)
        begin = self._now - timedelta(days=2)
        self.office.ingest(self.office.write("mail.log", day_of_work(20, 2880, begin, apart=60)))
        self._name = name

    def start(self, processes: Processes, site: Path | None) -> None:
        store = ["--store", self.office.url] if self.office.url else []
        options = ["--site", str(site), "--units"] if site else []
        command = [PROGRAM, "--home", str(self.office.home), *store, "metrics", *options]
        command += ["--listen", f"127.0.0.1:{self.port}"]
        processes.start(self._name, command, self.office.logs / "printed")

    # Faults

    def update_postfix(self) -> None:
        """From now on it words its lines in a way that nobody has seen."""
        text = "4F5C64474F: Klient=unbekannt[192.0.2.8], sasl-Benutzer=canbo1"
        lines = [line(self._now, "postfix/submission/smtpd[71]", text)] * 200
        self.office.ingest(self.office.write("new.log", lines))

    def find_older_log(self) -> None:
        """One of five days ago; what was between was rotated away."""
        lines = day_of_work(20, 100, self._now - timedelta(days=5), apart=60)
        self.office.ingest(self.office.write("mail.log.1", lines))


def site(folder: Path, gates_snapshot: Path) -> Path:
    """The site file of an office whose next report is due in half a year, whenever that is asked."""
    month = (datetime.now(UTC).month + 5) % 12 + 1
    people = [f"canbo{n}@example.org,Phong {n % 3}" for n in range(25)]
    (folder / "boxes.csv").write_text("\n".join(["address,unit", *people, ""]))
    file = folder / "site.toml"
    file.write_text(
        'regulation = "hcm-tnmt-2018-draft"\ndomains = ["example.org"]\n'
        f'[gate]\nsnapshot = "{gates_snapshot}"\n'
        '[audit.directory.csv]\nmailboxes = "boxes.csv"\n[duties.usage-report.parameters]\n'
        f'due = [{{ by = "office", period = "year", months = [{month}], day = 1 }}]\n'
    )
    return file


@dataclass(frozen=True)
class Fault:
    """What is broken at an instance, how, and the alert that must tell of it."""

    what: str
    instance: str
    alert: str
    strike: Callable[[], None]


class Watched:
    """All of it, as one object; `broken` is a name server that can tell no key. A context manager."""

    def __init__(self, broken: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postwarden-watched-"))
        self._ending = ExitStack()
        names = ("gate", "gate-down", "gate-dying", "gate-stale", "gate-mistaken")
        self.doors = {name: Door() for name in names}
        self.doors["gate-strict"] = Door("observe", FORGED)
        self.doors["gate-dns"] = Door(nameserver=broken)
        self.desks: dict[str, Desk] = {}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def _start(self) -> None:
        for door in self.doors.values():
            door.start()
            self._ending.callback(door.stop)
        self.database = Postgresql()
        self._ending.enter_context(self.database)
        for name in ("audit", "audit-down", "audit-format", "audit-gap"):
            self.desks[name] = Desk(self.folder, name)
        self.desks["audit-store"] = Desk(self.folder, "audit-store", self.database.url_with_password)
        self.processes = Processes(self.folder)
        self._ending.callback(self.processes.end)
        whole = site(self.folder, self.doors["gate"].gate.snapshot)
        for name, desk in self.desks.items():
            desk.start(self.processes, whole if name == "audit" else None)

    @property
    def targets(self) -> dict[str, dict[str, int]]:
        """What Prometheus scrapes."""
        return {
            "mailgate": {name: door.port for name, door in self.doors.items()},
            "mailaudit": {name: desk.port for name, desk in self.desks.items()},
        }

    def wait_until_up(self, prometheus: Prometheus) -> None:
        """Wait until everything was scraped once, and then so long that counters have a past."""
        everything = len(self.doors) + len(self.desks)
        wait_for(lambda: len(prometheus.query("up == 1")) == everything, 60, "all targets to be up")
        wait_for(
            lambda: len(prometheus.query("count_over_time(up[1m]) > 10")) == everything, 60, "ten scrapes"
        )

    @property
    def faults(self) -> list[Fault]:
        """Everything that is broken, in this order."""
        door, desk = self.doors, self.desks
        return [
            Fault("the gate is ended", "gate-down", "MailgateDown", door["gate-down"].vanish),
            Fault(
                "its worker is killed whenever there is one",
                "gate-dying", "MailgateWorkersDying", door["gate-dying"].kill_a_worker,
            ),
            Fault(
                "the snapshot is three days old",
                "gate-stale", "MailgateSnapshotStale", lambda: door["gate-stale"].publish(timedelta(days=3)),
            ),
            Fault(
                "signed mail comes, and DNS answers SERVFAIL", "gate-dns", "MailgateTempfails", self._sign
            ),
            Fault(
                "a duty that hits ordinary mail is enforced",
                "gate-strict", "MailgateRefusesAfterChange",
                lambda: door["gate-strict"].change_site('"observe"', '"enforce"'),
            ),
            Fault(
                "the site file gets a mistake",
                "gate-mistaken", "MailgateReloadRefused",
                lambda: door["gate-mistaken"].change_site('"enforce"', '"enforced"'),
            ),
            Fault("its metrics are ended", "audit-down", "MailauditDown", self._end_metrics),
            Fault(
                "Postfix words its lines in another way",
                "audit-format", "MailauditUnparsedLines", desk["audit-format"].update_postfix,
            ),
            Fault(
                "a log between two others was never read",
                "audit-gap", "MailauditCoverageGap", desk["audit-gap"].find_older_log,
            ),
            Fault(
                "PostgreSQL is ended",
                "audit-store", "MailauditStoreUnreachable", lambda: self.database.__exit__(None, None, None),
            ),
        ]  # fmt: skip

    def _sign(self) -> None:
        self.doors["gate-dns"].mail = signed(FORGED)

    def _end_metrics(self) -> None:
        self.processes.stop("audit-down")
