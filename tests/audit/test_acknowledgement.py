# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit acknowledgement`: mail to agencies and units, and the first mail back, recounted by hand."""

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.maillog import START, line, login
from audit.office import Office, each_store
from mailaudit.cli import app

BOXES = """address,kind,unit,managers
sotnmt@example.org,agency,So A,truongphong@example.org
phongb@example.org,unit,So B,
truongphong@example.org,person,So A,
canbo1@example.org,person,So A,
"""
OURS = ("sotnmt@example.org", "phongb@example.org")
CHARGE = {
    "sotnmt@example.org": ("sotnmt@example.org", "truongphong@example.org"),
    "phongb@example.org": ("phongb@example.org",),
}
PEOPLE = ("dan1@example.com", "DAN1@example.com", "so@example.net", "canbo1@example.org")
FILTER = "127.0.0.1[127.0.0.1]:10024"


@dataclass
class Mail:
    """A log of messages, and what there was of each: when, by whom, to whom, as the reader sees it."""

    lines: list[tuple[datetime, str]] = field(default_factory=list)
    came: list[tuple[datetime, str, str]] = field(default_factory=list)
    sent: list[tuple[datetime, str, str]] = field(default_factory=list)

    def receive(self, time: datetime, sender: str, box: str, alias: str = "") -> None:
        """Mail comes in from another host."""
        number = self._id()
        self._say(time, "smtpd", number, "client=mx.example.net[198.51.100.7]")
        self._queued(time, number, sender)
        original = f", orig_to=<{alias}>" if alias else ""
        self._delivered(time, number, f"to=<{box}>{original}, relay=mail[private/lmtp]", "lmtp")
        if sender:
            self.came.append((time, sender.lower(), box))

    def send(self, time: datetime, login: str, to: str, filtered: bool = False) -> None:
        """Somebody logs in and writes, perhaps through a filter that hands the mail back."""
        number = self._id()
        who = f"client=pc[192.0.2.8], sasl_method=PLAIN, sasl_username={login}"
        self._say(time, "submission/smtpd", number, who)
        self._queued(time, number, login)
        last = f"to=<{to}>, relay=mx.example.com[192.0.2.9]:25"
        if filtered:
            back = self._id()
            self._say(time, "smtpd", back, "client=localhost[127.0.0.1]")
            self._queued(time, back, login)
            self._delivered(time, back, last)
            said = f"250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {back}"
            self._delivered(time, number, f"to=<{to}>, relay={FILTER}", said=said)
        else:
            self._delivered(time, number, last)
        self.sent.append((time, login.lower(), to.lower()))

    def text(self) -> list[str]:
        return [text for _, text in sorted(self.lines, key=lambda one: one[0])]

    def _queued(self, time: datetime, number: str, sender: str) -> None:
        self._say(time, "cleanup", number, f"message-id=<{number}@example.org>")
        self._say(time, "qmgr", number, f"from=<{sender}>, size=700, nrcpt=1 (queue active)")

    def _delivered(
        self, time: datetime, number: str, to: str, agent: str = "smtp", *, said: str = "250 ok"
    ) -> None:
        self._say(time, agent, number, f"{to}, delay=1, dsn=2.0.0, status=sent ({said})")
        self._say(time, "qmgr", number, "removed")

    def _say(self, time: datetime, program: str, number: str, text: str) -> None:
        self.lines.append((time, line(time, f"postfix/{program}[7]", f"{number}: {text}")))

    def _id(self) -> str:
        return f"{len(self.lines):010X}"


def covered(mail: Mail, days: int) -> list[str]:
    """The log, with somebody at work every hour, so that no day is a gap."""
    work = [START + timedelta(hours=hour) for hour in range(24 * days)]
    mail.lines += [(time, login(time, "canbo1@example.org")) for time in work]
    return mail.text()


def told(office: Office, *arguments: str, regulation: str = "ct") -> Any:
    site, boxes = office.logs / "site.toml", office.logs / "boxes.csv"
    site.write_text(f'regulation = "{regulation}"\ndomains = ["example.org"]\n')
    boxes.write_text(BOXES)
    store = ["--store", office.url] if office.url else []
    files = ["--site", str(site), "--directory", str(boxes)]
    done = CliRunner().invoke(
        app, ["--home", str(office.home), *store, "acknowledgement", *files, *arguments]
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.output) if "--json" in arguments else done.output


def by_hand(mail: Mail, end: datetime) -> dict[str, tuple[int, int, int, float | None]]:
    """Of each mailbox: came, answered, open, and the median of seconds."""
    found = {}
    for box in OURS:
        came = [(time, who) for time, who, to in mail.came if to == box and who not in CHARGE[box]]
        waits = []
        open_ = 0
        for time, who in came:
            back = [at for at, name, to in mail.sent if name in CHARGE[box] and to == who and at >= time]
            if back and min(back) - time <= timedelta(days=7):
                waits.append((min(back) - time).total_seconds())
            elif time + timedelta(days=7) > end:
                open_ += 1
        found[box] = (len(came), len(waits), open_, median(waits) if waits else None)
    return found


def random_mail(seed: int) -> Mail:
    chance, mail = random.Random(seed), Mail()  # noqa: S311  no secret
    for _ in range(120):
        time = START + timedelta(minutes=chance.randrange(20 * 24 * 60))
        if chance.random() < 0.5:
            mail.receive(
                time,
                chance.choice([*PEOPLE, ""]),
                chance.choice(OURS),
                chance.choice(["", "info@example.org"]),
            )
        else:
            who = chance.choice(
                ["SoTNMT@example.org", "truongphong", "phongb@example.org", "canbo1@example.org"]
            )
            mail.send(time, who, chance.choice(PEOPLE), filtered=chance.random() < 0.3)
    mail.sent = [(at, f"{who}@example.org" if "@" not in who else who, to) for at, who, to in mail.sent]
    return mail


@pytest.mark.parametrize("seed", range(4))
def test_answers_are_those_of_a_count_by_hand(office: Office, seed: int) -> None:
    mail = random_mail(seed)
    log = covered(mail, 21)
    cut = len(log) // 3
    office.ingest(office.write("mail.log", log[:cut]))
    office.ingest(office.write("mail.log", log))
    found = {row["mailbox"]: row for row in told(office, "--json")["mailboxes"]}
    expected = by_hand(mail, START + timedelta(days=21))
    for box, row in found.items():
        counted = (row["came"], row["answered"], row["open"], row["median_seconds"])
        assert counted == pytest.approx(expected[box], abs=1), box
    assert sum(answered for _, answered, _, _ in expected.values()) > 3


def test_the_total_s_median_is_that_of_all_messages(office: Office) -> None:
    mail = Mail()
    for number, (box, hours) in enumerate(
        [(OURS[0], 1), (OURS[0], 2), (OURS[1], 30), (OURS[1], 40), (OURS[1], 50)]
    ):
        time = START + timedelta(hours=number)
        mail.receive(time, f"dan{number}@example.com", box)
        mail.send(time + timedelta(hours=hours), box, f"dan{number}@example.com")
    office.ingest(office.write("mail.log", covered(mail, 12)))
    found = told(office, "--json")
    assert found["total"] == {
        "came": 5,
        "outside": 5,
        "answered": 5,
        "open": 0,
        "share": 1.0,
        "median_seconds": 30 * 3600,
    }
    assert [row["median_seconds"] for row in found["mailboxes"]] == [5400, 40 * 3600]


def test_whom_nobody_answers_is_not_counted(office: Office) -> None:
    mail = Mail()
    for sender in (
        "noreply@example.com",
        "no-reply+x@example.com",
        "mailer-daemon@example.com",
        "",
        "truongphong@example.org",
    ):
        mail.receive(START, sender, OURS[0])
    for sender in ("dan1@example.com", "nore@example.com", "canbo1@example.org"):
        mail.receive(START, sender, OURS[0])
    office.ingest(office.write("mail.log", covered(mail, 12)))
    row = told(office, "--json")["mailboxes"][0]
    assert (row["came"], row["outside"], row["answered"], row["share"]) == (3, 2, 0, 0.0)


def test_what_a_gap_may_hide_is_open_and_not_missing(office: Office) -> None:
    mail = Mail()
    mail.receive(START, "dan1@example.com", OURS[0])
    mail.receive(START + timedelta(days=20), "dan2@example.com", OURS[0])
    mail.send(START + timedelta(days=20, hours=1), OURS[0], "dan2@example.com")
    log = covered(mail, 30)
    office.ingest(
        office.write("mail.log.1", log[: len(log) // 10]), office.write("mail.log", log[len(log) // 5 :])
    )
    row = told(office, "--json", "--to", "2026-09-25")["mailboxes"][0]
    assert (row["came"], row["answered"], row["open"], row["share"]) == (2, 1, 1, 1.0)


def test_an_answer_a_week_later_or_to_another_is_none(office: Office) -> None:
    mail = Mail()
    mail.receive(START, "dan1@example.com", OURS[0])
    mail.send(START + timedelta(days=7, seconds=5), OURS[0], "dan1@example.com")
    mail.send(START + timedelta(days=1), OURS[0], "dan2@example.com")
    mail.send(START + timedelta(days=1), "canbo1@example.org", "dan1@example.com")
    mail.send(START - timedelta(hours=1), OURS[0], "dan1@example.com")
    office.ingest(office.write("mail.log", covered(mail, 12)))
    assert told(office, "--json")["mailboxes"][0]["share"] == 0.0


@each_store
def test_it_is_said_which_article_asks_and_that_it_is_a_sign(office: Office) -> None:
    mail = Mail()
    mail.receive(START, "dan1@example.com", OURS[0])
    office.ingest(office.write("mail.log", covered(mail, 9)))
    assert "7.1 asks for an answer; counted is the first mail back" in told(office)
    assert "No article asks for an answer" in told(office, regulation="mr")
    assert "sotnmt@example.org So A 1 1 0 0 0%" in " ".join(told(office).split())
