# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate killed, stopped and broken while a real Postfix takes mail: none is lost, doubled or unjudged."""

import re
import smtplib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

import gate
from bed import Bed, Sent, compose, wait_for
from bed.mailclient import wire
from gate.milterclient import LOOPBACK
from gate.running import Running

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
VANTHU, CANBO1 = f"vanthu@{OFFICE}", f"canbo1@{OFFICE}"
CITIZEN = "congdan@example.org"
USERS = dict.fromkeys((VANTHU, CANBO1), "Mat-Khau-7894")
BREAKING = [sys.executable, str(Path(gate.__path__[0]) / "breaking_gate.py")]
THREADS, MESSAGES, KILLS = 8, 200, 4
QUEUE_ID = re.compile(r"\(Postfix[^)]*\)[^;]*?\sid (\w+)")
LONG = 60.0  # seconds


@dataclass(frozen=True)
class Letter:
    """A mail, by whatever road it is sent, and whether the regulation forbids it."""

    road: str
    sender: str
    to: str
    mail: EmailMessage
    forbidden: bool = False

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


def letter(number: int) -> Letter:
    """Mail of every road, and mail of each that must be refused, in turn."""
    kinds: list[Callable[[], Letter]] = [
        lambda: Letter("stranger", CITIZEN, VANTHU, compose(CITIZEN, VANTHU, "Đơn")),
        lambda: Letter("user", CANBO1, VANTHU, compose(CANBO1, VANTHU, "Báo cáo")),
        lambda: Letter("stranger", CANBO1, VANTHU, compose(CANBO1, VANTHU, "Giả"), forbidden=True),
        lambda: Letter("user", VANTHU, CITIZEN, compose(VANTHU, CITIZEN, "Trả lời")),
        lambda: Letter("sendmail", VANTHU, CANBO1, compose(VANTHU, CANBO1, "Nhắc việc")),
        lambda: Letter("user", VANTHU, CANBO1, too_large(VANTHU, CANBO1), forbidden=True),
        lambda: Letter("stranger", CITIZEN, CANBO1, compose(CITIZEN, CANBO1, "Hỏi")),
        lambda: Letter("sendmail", VANTHU, CANBO1, too_large(VANTHU, CANBO1), forbidden=True),
    ]
    return kinds[number % len(kinds)]()


def too_large(author: str, to: str) -> EmailMessage:
    mail = compose(author, to, "Tài liệu")
    mail.add_attachment(bytes(1024 * 1024 + 1), maintype="application", subtype="pdf", filename="a.pdf")
    return mail


class Load:
    """Letters sent through Postfix; after a 4xx again, as by any mail server. `codes` are all answers."""

    def __init__(self, office: Bed) -> None:
        self._office = office
        self.codes: list[int] = []
        self.answers: dict[str, int] = {}

    def send(self, one: Letter) -> None:
        """Send until Postfix says yes or no; sendmail takes everything, and has it judged later."""
        if one.road == "sendmail":
            self._office.sendmail(one.mail, one.sender, one.to)
            self.answers[one.message_id] = 250
            return
        deadline = time.monotonic() + LONG
        while (code := self._try(one).answer.code) // 100 == 4 and time.monotonic() < deadline:
            self.codes.append(code)
            time.sleep(0.05)
        self.codes.append(code)
        self.answers[one.message_id] = code

    def _try(self, one: Letter) -> Sent:
        if one.road == "user":
            return self._office.send_as_user(one.mail, one.sender, one.to)
        return self._office.send_as_stranger(one.mail, one.sender, one.to)

    @contextmanager
    def passing(self, letters: Sequence[Letter]) -> Iterator[None]:
        """Send them all from eight threads while the body of the `with` runs."""
        with ThreadPoolExecutor(THREADS) as pool:
            sent = pool.map(self.send, letters)
            yield
            list(sent)  # an error in a thread is an error here

    def wait_for(self, answered: int) -> None:
        """Wait until so many letters have their final answer."""
        wait_for(lambda: len(self.answers) >= answered, LONG, f"{answered} answers")


@contextmanager
def an_office(folder: Path, program: Sequence[str] = ()) -> Iterator[tuple[Bed, Running]]:
    with (
        Running(folder, program=program).ready() as running,
        Bed(OFFICE, USERS, milter=f"inet:{LOOPBACK}:{running.port}") as office,
    ):
        yield office, running


def arrived(office: Bed) -> list[EmailMessage]:
    """All mail that was delivered or has left, as often as it was."""
    office.settle(LONG)
    inboxes = [mail for user in USERS for mail in office.stored(user)]
    return [*inboxes, *(departed.message for departed in office.outside.departed())]


def queue_ids(mail: EmailMessage) -> set[str]:
    return {found[1] for field in mail.get_all("Received", []) if (found := QUEUE_ID.search(field))}


def check_that_none_is_lost_doubled_or_unjudged(
    office: Bed, running: Running, load: Load, letters: Sequence[Letter]
) -> None:
    mails = arrived(office)
    copies = Counter(str(mail["Message-ID"]) for mail in mails)
    expected = {one.message_id: 0 if one.forbidden else 1 for one in letters}
    assert {message_id: copies[message_id] for message_id in expected} == expected
    for one in letters:
        heard = one.forbidden and one.road != "sendmail"
        assert load.answers[one.message_id] // 100 == (5 if heard else 2), one
    accepted = {line["queue_id"] for line in running.lines("verdict") if line["action"] == "accept"}
    refused = {line["message_id"] for line in running.lines("verdict") if line["action"] == "reject"}
    assert all(queue_ids(mail) & accepted for mail in mails if str(mail["Message-ID"]) in expected)
    assert refused == {one.message_id for one in letters if one.forbidden}


def test_workers_killed_under_load_lose_double_and_pass_nothing(tmp_path: Path) -> None:
    letters = [letter(number) for number in range(MESSAGES)]
    with an_office(tmp_path) as (office, running):
        load = Load(office)
        with load.passing(letters):
            for kill in range(1, KILLS + 1):
                load.wait_for(kill * MESSAGES // (KILLS + 2))
                running.kill(running.processes("gate-worker")[kill % 2])
        check_that_none_is_lost_doubled_or_unjudged(office, running, load, letters)
        assert {code // 100 for code in load.codes if code not in (250, 550, 552)} <= {4}
        assert len(running.processes("gate-worker")) == 2
        assert running.metrics()["mailgate_worker_restarts_total"] == KILLS
        killed = [line for line in running.lines("alarm") if "killed by SIGKILL" in line["error"]]
        assert len(killed) == KILLS


def begin(office: Bed, one: Letter) -> smtplib.SMTP:
    """Say everything of a message but its content."""
    server = smtplib.SMTP(LOOPBACK, office.postfix.mx_port, timeout=LONG)
    server.ehlo()
    server.docmd("MAIL", f"FROM:<{one.sender}>")
    assert server.docmd("RCPT", f"TO:<{one.to}>")[0] == 250
    assert server.docmd("DATA")[0] == 354
    return server


def test_a_worker_killed_within_a_message_makes_postfix_ask_for_it_again(tmp_path: Path) -> None:
    one = Letter("stranger", CITIZEN, VANTHU, compose(CITIZEN, VANTHU, "Đơn"))
    with an_office(tmp_path) as (office, running):
        server = begin(office, one)
        for worker in running.processes("gate-worker"):
            running.kill(worker)
        server.send(wire(one.mail) + b"\r\n.\r\n")
        code, _ = server.getreply()
        server.close()
        assert code == 451
        load = Load(office)
        load.send(one)
        check_that_none_is_lost_doubled_or_unjudged(office, running, load, [one])


def test_while_the_gate_is_away_mail_waits_and_then_all_of_it_comes_through(tmp_path: Path) -> None:
    letters = [letter(number) for number in range(64)]
    with an_office(tmp_path) as (office, running):
        load = Load(office)
        with load.passing(letters):
            load.wait_for(16)
            running.process.terminate()
            assert running.process.wait(LONG) == 0
            delivered, told = len(running.lines("verdict")), len(load.codes)
            wait_for(lambda: len(load.codes) >= told + 3 * THREADS, LONG, "Postfix to answer without a gate")
            away = load.codes[told + THREADS :]
            assert len(running.lines("verdict")) == delivered
            again = Running(tmp_path, listen=f"inet:{running.port}@{LOOPBACK}")
            with again.ready():
                load.wait_for(len(letters))
                check_that_none_is_lost_doubled_or_unjudged(office, again, load, letters)
        assert {code // 100 for code in away[:THREADS]} == {4}


def test_a_rule_that_raises_makes_a_451_and_an_alarm_and_its_twin_passes(tmp_path: Path) -> None:
    with an_office(tmp_path, BREAKING) as (office, running):
        doomed, twin = compose(CITIZEN, VANTHU, "Đơn"), compose(CITIZEN, VANTHU, "Đơn")
        doomed.replace_header("Message-ID", "<break-sender-domain@example.org>")
        told = office.send_as_stranger(doomed, CITIZEN, VANTHU).answer
        assert (told.code, told.text[:5]) == (451, "4.3.0")
        assert office.send_as_stranger(twin, CITIZEN, VANTHU).accepted
        assert [str(mail["Message-ID"]) for mail in arrived(office)] == [str(twin["Message-ID"])]
        (alarm,) = running.lines("alarm")
        assert alarm["code"] == "sender-domain"
        assert alarm["error"].startswith("RuntimeError")
