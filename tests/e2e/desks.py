# SPDX-License-Identifier: GPL-3.0-or-later
"""Audits that have read logs and serve their metrics, and what their logs may come to."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.maillog import day_of_work, line
from audit.office import Office
from bed.ports import free_port
from bed.process import Processes

PROGRAM = str(Path(sys.executable).parent / "mailaudit")


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

    def follow(self, processes: Processes, logs: Sequence[Path]) -> None:
        command = [PROGRAM, "--home", str(self.office.home), "follow", *map(str, logs)]
        processes.start(f"{self._name}-follow", command, self.office.logs / "followed")

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
