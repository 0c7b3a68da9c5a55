# SPDX-License-Identifier: GPL-3.0-or-later
"""An office whose mailboxes are really locked: site file, directory, logs up to now, users in SQLite."""

import atexit
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from typer.testing import CliRunner, Result

from mailaudit.cli import app
from mailaudit.record import entries
from mailaudit.store import Store
from mailaudit.store import open as open_store
from mailpolicy.clocks.record import Entry
from mailpolicy.officetime import office_day, office_time

DOMAIN = "example.org"
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = office_day(NOW)
LONG_IDLE, IDLE, USED = (
    TODAY - relativedelta(months=7),
    TODAY - relativedelta(months=4),
    NOW - timedelta(days=1),
)
IDLE_BOXES = ("canbo1", "canbo2", "canbo3")
UNITS = "name,parent,head\nSở,,giamdoc@example.org\nPhòng A,Sở,\nPhòng B,Sở,\nTổ A1,Phòng A,\n"
SITE = """\
regulation = "{regulation}"
domains = ["example.org"]
[audit.directory.csv]
mailboxes = "boxes.csv"
units = "units.csv"
[audit.sweep]
max_share = 0.5
[audit.enforcement.lock.sql]
url = "sqlite:///users.sqlite"
lock = "UPDATE users SET closed = 1, why = :reason WHERE mail = :address"
unlock = "UPDATE users SET closed = 0, why = '' WHERE mail = :address"
list = "SELECT mail FROM users WHERE closed = 1"
"""
NOTICES = '[audit.notices]\nfrom = "quantri@example.org"\napprover = "quantri@example.org"\n'


def address(name: str) -> str:
    return f"{name}@{DOMAIN}"


def login(time: datetime | date, name: str, service: str = "imap", session: str = "s") -> str:
    """A login's line; on a day, at half past nine of the office."""
    if not isinstance(time, datetime):
        time = datetime(time.year, time.month, time.day, 2, 30, tzinfo=UTC)
    who = f"user=<{address(name)}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, mpid=7, TLS"
    stamp = office_time(time).isoformat()
    return f"{stamp} mail dovecot: {service}-login: Login: {who}, session=<{session}{name}>\n"


@cache
def _home_that_has_read(log: str) -> Path:
    """A home to copy: reading the same log for every test would take most of their time."""
    folder = Path(tempfile.mkdtemp(prefix="postwarden-sweepoffice-"))
    atexit.register(shutil.rmtree, folder)
    (folder / "mail.log").write_text(log, "utf-8")
    done = CliRunner().invoke(app, ["--home", str(folder / "home"), "ingest", str(folder / "mail.log")])
    assert done.exit_code == 0, done.output
    return folder / "home"


@dataclass
class SweepOffice:
    """Its mailboxes are canbo1 to canbo3, idle for four months (`long_idle` for seven), and others in use."""

    folder: Path
    url: str | None = None
    regulation: str = "HCM"
    long_idle: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site = self.folder / "site.toml"
        self.home = self.folder / "home"
        self.plan_path = self.folder / "plan.json"
        self.site.write_text(SITE.format(regulation=self.regulation), "utf-8")
        (self.folder / "units.csv").write_text(UNITS, "utf-8")
        self.list_boxes()
        with sqlite3.connect(self.folder / "users.sqlite") as users:
            users.execute("CREATE TABLE users (mail TEXT, closed INT DEFAULT 0, why TEXT DEFAULT '')")
            users.executemany("INSERT INTO users (mail) VALUES (?)", [(one,) for one in self.boxes()])
        self.lines += [login(LONG_IDLE, name) for name in ("canbo9", *self.long_idle)]
        self.lines += [login(IDLE, name) for name in IDLE_BOXES if name not in self.long_idle]
        self.lines += [login(USED, name) for name in ("canbo4", "canbo5", "canbo9")]
        self.lines.append(login(NOW - timedelta(hours=1), "canbo9"))
        (self.folder / "mail.log").write_text("".join(self.lines), "utf-8")
        if self.url:
            self.read_logs()
        else:
            shutil.copytree(_home_that_has_read("".join(self.lines)), self.home)

    def boxes(self) -> dict[str, str]:
        """Address by unit."""
        rooms = {
            "canbo1": "Phòng A",
            "canbo2": "Tổ A1",
            "canbo4": "Phòng A",
            "canbo5": "Phòng A",
            "giamdoc": "Sở",
        }
        names = ["giamdoc", "quantri", *(f"canbo{number}" for number in range(1, 10))]
        return {address(name): rooms.get(name, "Phòng B") for name in names}

    def list_boxes(self, boxes: dict[str, str] | None = None, *old: str) -> None:
        """Write the directory. Whose use no log shows was created yesterday, but for the `old`."""
        seen = {address(name) for name in (*IDLE_BOXES, "canbo4", "canbo5", "canbo9", *old)}
        rows = [
            f"{box},{unit},{LONG_IDLE if box in seen else TODAY - timedelta(days=1)}"
            for box, unit in (boxes or self.boxes()).items()
        ]
        (self.folder / "boxes.csv").write_text("\n".join(["address,unit,created", *rows, ""]), "utf-8")

    def read_logs(self, *more: str) -> None:
        """Add lines to the log, and have it read."""
        self.lines += more
        (self.folder / "mail.log").write_text("".join(self.lines), "utf-8")
        done = self.run("ingest", str(self.folder / "mail.log"))
        assert done.exit_code == 0, done.output

    def run(self, *arguments: str) -> Result:
        store = ["--store", self.url] if self.url else []
        return CliRunner().invoke(app, ["--home", str(self.home), *store, *arguments])

    def plan(self, *arguments: str) -> dict[str, Any]:
        """Make a plan's file, and return what is in it."""
        done = self.run("sweep", "plan", "--site", str(self.site), "--out", str(self.plan_path), *arguments)
        assert done.exit_code == 0, done.output
        return self.planned()

    def planned(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self.plan_path.read_text("utf-8"))
        return values

    def apply(self, *arguments: str) -> Result:
        return self.run("sweep", "apply", str(self.plan_path), "--site", str(self.site), *arguments)

    def undo(self, *arguments: str) -> Result:
        return self.run("sweep", "undo", *arguments, "--site", str(self.site), "--reason", "thử")

    def mailbox(self, command: str, name: str, *arguments: str) -> Result:
        return self.run("mailbox", command, address(name), "--site", str(self.site), *arguments)

    def outcomes(self, done: Result) -> dict[str, str]:
        """What came of each mailbox's step, of an apply with --json."""
        results = json.loads(done.stdout)["results"]
        return {one["mailbox"].partition("@")[0]: one["outcome"] for one in results}

    @property
    def store(self) -> Store:
        return open_store(self.home, self.url)

    def record(self) -> dict[str, list[Entry]]:
        """The record by the names of mailboxes."""
        found = entries.of_everybody(self.store)
        return {box.partition("@")[0]: kept for box, kept in found.items()}

    def events(self) -> dict[str, list[str]]:
        return {name: [str(entry.event) for entry in kept] for name, kept in self.record().items()}

    def closed(self) -> list[str]:
        """The names of the mailboxes that the server keeps closed."""
        with sqlite3.connect(self.folder / "users.sqlite") as users:
            rows: Sequence[tuple[str]] = users.execute("SELECT mail FROM users WHERE closed = 1").fetchall()
        return sorted(mail.partition("@")[0] for (mail,) in rows)

    def settings(self, old: str, new: str) -> None:
        """Change the site file."""
        text = self.site.read_text("utf-8")
        assert old in text
        self.site.write_text(text.replace(old, new), "utf-8")

    def with_notices(self) -> None:
        """Let the office write to its people."""
        self.site.write_text(self.site.read_text("utf-8") + NOTICES, "utf-8")
