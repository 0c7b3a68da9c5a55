# SPDX-License-Identifier: GPL-3.0-or-later
"""A year of an office with 20,000 mailboxes reported in each format, from a store made for it."""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import mailaudit.store
from benchmarks.table import Table

MAILBOXES, UNITS, YEAR = 20_000, 200, 2025
ACTIVE = 0.7
"""The share of the mailboxes that are used on a working day."""
MB = 1e6
MAILAUDIT = Path(sys.executable).with_name("mailaudit")
FORMATS = ("html", "pdf", "docx", "xlsx")
SITE = """\
regulation = "monre"
[audit.directory.csv]
mailboxes = "boxes.csv"
units = "units.csv"
"""


def run() -> Table:
    """Measure each format once, in a process of its own; start-up counts."""
    title = f"the report of {YEAR} for {MAILBOXES:,} mailboxes in {UNITS} units"
    table = Table(title, ("what", "seconds", "processor", "resident", "size"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = write(folder)
        table.title += f", {rows / MB:.0f} million rows of days"
        for form in FORMATS:
            out = folder / f"report.{form}"
            began = time.monotonic()
            site = ["--site", str(folder / "site.toml"), "--period", str(YEAR), "--out", str(out)]
            process = subprocess.Popen(
                [str(MAILAUDIT), "--home", str(folder / "home"), "report", *site], stdout=subprocess.DEVNULL
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, "mailaudit report")
            clock, processors = time.monotonic() - began, used.ru_utime + used.ru_stime
            resident, size = used.ru_maxrss * 1024 / MB, out.stat().st_size / MB
            cells = (f"{clock:.1f}", f"{processors:.1f}", f"{resident:.0f} MB", f"{size:.1f} MB")
            table.add(form, *cells)
    return table


def write(folder: Path) -> int:
    """Write site file, directory and store; return how many rows of days the store has."""
    (folder / "site.toml").write_text(SITE)
    boxes = [f"canbo{number}@monre.gov.vn" for number in range(MAILBOXES)]
    listed = [
        f"{box},{'person' if n % 50 else 'unit'},Vụ {n % UNITS},2019-03-11,Nguyễn Văn {n}"
        for n, box in enumerate(boxes)
    ]
    (folder / "boxes.csv").write_text("\n".join(["address,kind,unit,created,name", *listed]) + "\n", "utf-8")
    units = [f"Vụ {number},," for number in range(UNITS)]
    (folder / "units.csv").write_text("\n".join(["name,parent,head", *units]) + "\n", "utf-8")
    mailaudit.store.open(folder / "home", create=True)
    with closing(sqlite3.connect(folder / "home/store.sqlite")) as store, store:
        return _fill(store, boxes)


def _fill(store: sqlite3.Connection, boxes: list[str]) -> int:
    chance = random.Random(7)  # noqa: S311  no secret
    rows = 0
    used = boxes[: MAILBOXES * 97 // 100]
    for number, day in enumerate(_working_days()):
        today = sorted(chance.sample(used, int(MAILBOXES * ACTIVE)))
        days = [(str(day), box, "imap", 3, 3) for box in today]
        days += [(str(day), box, "submission", 2, 0) for box in today[::3]]
        mail = [(str(day), box, 4, 90_000, 7, 15, 900_000) for box in today]
        domains = [(str(day), box, f"d{hash(box) % 50}.example", 2, 4) for box in today]
        domains += [(str(day), box, "gmail.com", 1, 1) for box in today[::2]]
        store.executemany("INSERT INTO activity_days VALUES (?, ?, ?, ?, ?)", days)
        store.executemany("INSERT INTO usage_days VALUES (?, ?, ?, ?, ?, ?, ?)", mail)
        store.executemany("INSERT INTO usage_domains VALUES (?, ?, ?, ?, ?)", domains)
        store.executemany("INSERT INTO findings VALUES (?" + ", ?" * 14 + ")", _findings(number, day, today))
        rows += len(days) + len(mail) + len(domains)
    _logs(store, used)
    return rows


def _working_days() -> list[date]:
    days = (date(YEAR, 1, 1) + timedelta(days=number) for number in range(365))
    return [day for day in days if day.weekday() < 5]


def _findings(number: int, day: date, today: list[str]) -> Iterator[tuple[object, ...]]:
    """Two hundred a day, as a gate may have that only observes."""
    for position, box in enumerate(today[:: len(today) // 200]):
        time_ = _microseconds(day) + position
        who = ("subject-required", "3 Điều 9", "observe", "reject", box, "none", "a@example.com", "outbound")
        yield (1, number * 1000 + position, 0, time_, *who, f"A{number}-{position}", "", "certain")


def _logs(store: sqlite3.Connection, used: list[str]) -> None:
    """One log of the whole year, which shows the last use of each mailbox."""
    first, last = _microseconds(date(YEAR, 1, 1)), _microseconds(date(YEAR, 12, 31))
    source = (1, "digest", b"", b"", 1, "/var/log/mail.log", first, last, 0, "")
    store.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", source)
    store.execute("INSERT INTO counts VALUES (1, 'dovecot', 'dovecot', 'login', 10000000)")
    seen = [(box, "imap", "login", last - n, "10.0.0.1", None, 1, n, "a line") for n, box in enumerate(used)]
    store.executemany("INSERT INTO last_seen VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", seen)
    hours = [
        (1, "mail", f"{date(YEAR, 1, 1) + timedelta(days=hour // 24)}T{hour % 24:02}", 1000, 500)
        for hour in range(365 * 24)
    ]
    store.executemany("INSERT INTO coverage_hours VALUES (?, ?, ?, ?, ?)", hours)


def _microseconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400 * 1_000_000
