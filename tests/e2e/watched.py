# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates and audits for a Prometheus to watch: two that are whole, and one for each fault."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from bed.postgresql import Postgresql
from bed.process import Processes, wait_for
from bed.prometheus import Prometheus
from e2e.desks import Desk, site
from e2e.doors import FORGED, Door, OfficeDoor, signed


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
        names = ("gate-down", "gate-dying", "gate-stale", "gate-mistaken")
        self.office = OfficeDoor()
        self.doors: dict[str, Door] = {"gate": self.office, **{name: Door() for name in names}}
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
        self.desks["audit"].follow(self.processes, self.office.logs)

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
            lambda: len(prometheus.query("count_over_time(up[1m]) > 5")) == everything, 60, "some scrapes"
        )

    @property
    def faults(self) -> list[Fault]:
        """Everything that is broken, in this order."""
        door, desk = self.doors, self.desks
        return [
            Fault("the gate is ended", "gate-down", "MailgateDown", door["gate-down"].stop),
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

    def printed(self) -> str:
        """What the audits' servers of metrics have printed, and where they listen."""
        return "\n".join(
            f"{name} ({desk.port}): {(desk.office.logs / 'printed').read_text()}"
            for name, desk in self.desks.items()
        )

    def _sign(self) -> None:
        self.doors["gate-dns"].mail = signed(FORGED)

    def _end_metrics(self) -> None:
        self.processes.stop("audit-down")
