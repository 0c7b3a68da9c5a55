# SPDX-License-Identifier: GPL-3.0-or-later
"""An office with a period of mail behind it, for reports: its log, directory and record, in one folder."""

import atexit
import json
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from pathlib import Path

from audit.office import Office
from mailaudit.directory import office as offices
from mailaudit.record import entries
from mailaudit.reports import span
from mailaudit.reports.build import build
from mailaudit.reports.contents import Contents
from mailaudit.reports.document import Document
from mailaudit.reports.gather import Source, gather
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import OFFICE_TIME

HOSTILE = '<img src=x onerror=alert(1)>=HYPERLINK("http://example.com")'
"""The display name of a mailbox, as one would write who wants to do harm."""
STRANGERS = ("congdan@example.com", "doanhnghiep@example.net", "hopthu@gmail.com")
ROOMS = ("Văn phòng Sở", "Phòng Hành chính", "Phòng Công nghệ thông tin", "Trung tâm Lưu trữ")
UNIT = "Sở Nội vụ"
PEOPLE = (
    "Nguyễn Thị An",
    "Trần Văn Bình",
    "Lê Thị Cúc",
    "Phạm Minh Đức",
    "Hoàng Thị Ngọc Yến",
    "Đỗ Quốc Ứng",
)
SITE = """\
regulation = "{regulation}"
domains = ["{domain}"]
[audit.directory.csv]
mailboxes = "boxes.csv"
units = "units.csv"
"""


@dataclass
class ReportOffice:
    """Four rooms of an agency with `people` each, and a log of `days` office days from `first` on."""

    folder: Path
    regulation: str
    domain: str
    first: date
    days: int
    people: int = 3
    lines: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(7)  # noqa: S311  no secret
        self._number = 0
        self.office = Office.at(self.folder)
        self.site = self.folder / "site.toml"
        self.site.write_text(SITE.format(regulation=self.regulation, domain=self.domain), "utf-8")
        self.names = [f"canbo{number}" for number in range(len(ROOMS) * self.people)]
        self._directory()
        for number in range(self.days):
            self._day(datetime.combine(self.first + timedelta(days=number), datetime.min.time(), OFFICE_TIME))
        self.log = [
            f"{time.isoformat()} mail {text}\n" for time, text in sorted(self.lines, key=itemgetter(0))
        ]
        self.office.ingest(self.office.write("mail.log", self.log))
        self._record()

    @property
    def home(self) -> Path:
        return self.office.home

    def address(self, name: str) -> str:
        return f"{name}@{self.domain}"

    def _directory(self) -> None:
        rows = ["address,kind,unit,created,name,left_on"]
        rows.append(f"{self.address('sonv')},agency,{UNIT},2016-01-04,{UNIT},")
        for number, room in enumerate(ROOMS):
            rows.append(f"{self.address(f'phong{number}')},unit,{room},2016-01-04,{room},")
        rows.append(f"{self.address('toanso')},list,{UNIT},2016-01-04,Toàn thể cán bộ,")
        for number, name in enumerate(self.names):
            created = self.first + timedelta(days=9) if number == 1 else date(2019, 3, 11)
            left = str(self.first + timedelta(days=20)) if number == 2 else ""
            shown = HOSTILE if number == 3 else PEOPLE[number % len(PEOPLE)]
            shown = '"' + shown.replace('"', '""') + '"'
            rows.append(f"{self.address(name)},person,{ROOMS[number % 4]},{created},{shown},{left}")
        (self.folder / "boxes.csv").write_text("\n".join(rows) + "\n", "utf-8")
        units = [f"{room},{UNIT},{self.address('canbo0')}" for room in ROOMS]
        head = ["name,parent,head", f"{UNIT},,{self.address('canbo0')}"]
        (self.folder / "units.csv").write_text("\n".join([*head, *units]) + "\n", "utf-8")

    def _day(self, midnight: datetime) -> None:
        if midnight.weekday() >= 5:
            self._say(midnight + timedelta(hours=9), "dovecot: master: Dovecot v2.3.19 starting up")
            return
        for number, name in enumerate([*self.names[:-2], "sonv", "phong0", "phong1"]):
            if number % 5 and self._random.random() < 0.25:
                continue
            at = midnight + timedelta(hours=7, minutes=self._random.randrange(40))
            self._login(at, self.address(name))
            if self._random.random() < 0.6:
                self._login(at + timedelta(hours=6), self.address(name))
            for _ in range(self._random.randrange(4)):
                self._sent(at + timedelta(minutes=self._random.randrange(500)), name)
        for name in ("sonv", *self._random.sample(self.names, 4)):
            self._came(midnight + timedelta(hours=8, minutes=self._random.randrange(400)), name)
        if midnight.day % 9 == 0:
            self._findings(midnight + timedelta(hours=10))

    def _login(self, at: datetime, user: str) -> None:
        session = f"s{self._next()}"
        who = f"user=<{user}>, method=PLAIN, rip=10.1.2.3, lip=10.1.0.1, mpid=7, TLS, session=<{session}>"
        self._say(at, f"dovecot: imap-login: Login: {who}")
        end = f"dovecot: imap({user})<7><{session}>: Disconnected: Logged out in=80 out=972 deleted=0"
        self._say(at + timedelta(minutes=20), end)

    def _sent(self, at: datetime, name: str) -> None:
        login = f"client=pc[10.1.2.3], sasl_method=PLAIN, sasl_username={self.address(name)}"
        to = self._random.sample([*map(self.address, self.names), *STRANGERS], self._random.randint(1, 3))
        self._message(at, ("submission/smtpd", login), self.address(name), to)

    def _came(self, at: datetime, name: str) -> None:
        sender = self._random.choice(STRANGERS)
        self._message(at, ("smtpd", "client=mx.example.net[198.51.100.7]"), sender, [self.address(name)])
        if name == "sonv" and self._random.random() < 0.7:
            login = f"client=pc[10.1.2.3], sasl_method=PLAIN, sasl_username={self.address(name)}"
            later = at + timedelta(hours=self._random.randint(1, 30))
            self._message(later, ("submission/smtpd", login), self.address(name), [sender])

    def _message(self, at: datetime, client: tuple[str, str], sender: str, to: list[str]) -> None:
        queue_id, size = f"4F{self._next():08X}z", self._random.randint(900, 4_000_000)
        lines = [client, ("cleanup", f"message-id=<{queue_id}@{self.domain}>")]
        lines.append(("qmgr", f"from=<{sender}>, size={size}, nrcpt={len(to)} (queue active)"))
        for one in to:
            ours = one.endswith(self.domain)
            agent, relay = (
                ("lmtp", "mail[private/lmtp]") if ours else ("smtp", "mx.example.com[192.0.2.9]:25")
            )
            said = "dsn=2.0.0, status=sent (250 ok)"
            lines.append((agent, f"to=<{one}>, relay={relay}, delay=1, {said}"))
        for program, text in [*lines, ("qmgr", "removed")]:
            self._say(at, f"postfix/{program}[7]: {queue_id}: {text}")

    def _findings(self, at: datetime) -> None:
        found = (
            ("attachment-cap", "enforce", "reject", "outbound", self.names[4], "certain"),
            ("subject-required", "observe", "reject", "outbound", self.names[5], "certain"),
            ("auto-forward", "enforce", "redirect", "outbound", self.names[6], "certain"),
            ("state-secrets", "observe", "reject", "outbound", self.names[7], "sign"),
            ("spam-report", "enforce", "redirect", "inbound", "", "certain"),
            ("malformed", "enforce", "quarantine", "inbound", "", "certain"),
        )
        for code, mode, action, direction, name, certainty in found:
            verdict = {
                "event": "verdict",
                "queue_id": f"5A{self._next():08X}z",
                "direction": direction,
                "sender": self.address(name) if name else STRANGERS[0],
                "recipients": [STRANGERS[2]] if name else [self.address("sonv")],
                "login": self.address(name) if name else "",
                "action": action,
                "findings": [
                    {
                        "code": code,
                        "article": "7.1",
                        "mode": mode,
                        "action": action,
                        "detail": "a detail",
                        "evidence": {},
                        "certainty": certainty,
                    }
                ],
            }
            self._say(at, f"mailgate: {json.dumps(verdict)}")

    def _record(self) -> None:
        day = self.first + timedelta(days=12)
        time = datetime.combine(day, datetime.min.time(), OFFICE_TIME) + timedelta(hours=9)
        acts = (
            (Event.WARNED, self.names[-1], "inactivity", "5.4", "sweep", ""),
            (Event.LOCKED, self.names[-1], "inactivity", "5.4", "sweep", ""),
            (Event.REMINDED, self.names[5], "violations", "14.2", "sweep", ""),
            (Event.ESCALATED, self.names[5], "violations", "14.2", "sweep", ""),
            (Event.EXCUSED, self.names[-2], "", "", "quantri", "nghỉ thai sản"),
            (Event.RECLAIMED, "canbocu", "inactivity", "5.4", "sweep", "/srv/archive/canbocu"),
        )
        with self.office.store.recording() as connection:
            for number, (event, name, code, article, by, said) in enumerate(acts):
                archive, reason = (said, "") if event is Event.RECLAIMED else ("", said)
                until = day + timedelta(days=90) if event is Event.EXCUSED else None
                entries.write(
                    connection,
                    Entry(
                        self.address(name),
                        event,
                        time + timedelta(minutes=number),
                        day,
                        code,
                        article,
                        by,
                        reason,
                        until,
                        archive=archive,
                    ),
                )

    def _say(self, at: datetime, text: str) -> None:
        self.lines.append((at, text))

    def _next(self) -> int:
        self._number += 1
        return self._number


FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
PERIOD = f"{FIRST}..{LAST}"
TODAY = date(2026, 7, 3)
DOMAIN = "cantho.gov.vn"


@cache
def read_office(regulation: str = "cantho-33-2015", domain: str = DOMAIN) -> ReportOffice:
    """One for all tests: five weeks are read, of which the period is the last thirty days but two."""
    folder = Path(tempfile.mkdtemp(prefix="postwarden-report-"))
    atexit.register(shutil.rmtree, folder)
    return ReportOffice(folder, regulation, domain, FIRST - timedelta(days=5), 33, people=2)


@cache
def contents(unit: str = "") -> Contents:
    """What its report says."""
    here = read_office()
    its = offices.load(here.site)
    source = Source(here.office.store, its.site, its.listing())
    return gather(source, unit, span.read(PERIOD), TODAY)


@cache
def document(unit: str = "") -> Document:
    """Its report."""
    return build(contents(unit))
