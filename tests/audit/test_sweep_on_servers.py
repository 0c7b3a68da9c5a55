# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole road on real servers: Postfix and Dovecot, a directory in slapd, the store in PostgreSQL."""

import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from typer.testing import CliRunner, Result

import mailaudit.store
from audit.directories import Ldap
from bed import Bed, LoginRefused, compose, wait_for
from bed.slapd import Slapd
from mailaudit.cli import app
from mailaudit.enforcement import manifest
from mailaudit.enforcement.doveadm import Doveadm
from mailaudit.record import entries, intents
from mailaudit.record.intents import Intent
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import begin_of, office_day, office_time

OFFICE = "soctrang.gov.vn"
USER, GONE, CLERK = f"canbo1@{OFFICE}", f"canbo2@{OFFICE}", f"vanthu@{OFFICE}"
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = office_day(NOW)
LAWS = """\
regulation = "hcm-tnmt-2018-draft"
domains = ["soctrang.gov.vn"]
[audit.sweep]
max_share = 1
[audit.notices]
from = "vanthu@soctrang.gov.vn"
"""
MAILS = [f"Subject: {subject}\r\n\r\nKính gửi\r\n".encode() for subject in ("mot", "hai", "ba")]

pytestmark = pytest.mark.e2e


def login(time: datetime, user: str) -> str:
    who = f"user=<{user}>, method=PLAIN, rip=10.20.3.7, lip=10.20.0.5, mpid=7, TLS, session=<s{user}>"
    return f"{office_time(time).isoformat()} mail dovecot: imap-login: Login: {who}\n"


class Servers:
    """An office of real servers. canbo1 is idle for 4 months, canbo2 for 7 and locked for 3."""

    def __init__(self, bed: Bed, slapd: Slapd, store_url: str, folder: Path) -> None:
        self.bed, self.folder, self.store_url = bed, folder, store_url
        self.site = folder / "site.toml"
        self.archive = folder / "archive"
        self.archive.mkdir(mode=0o711)
        self._directory(slapd)
        self._begin = bed.dovecot_log.stat().st_size
        self._past()

    def _directory(self, slapd: Slapd) -> None:
        created = str(TODAY - relativedelta(years=2))
        units = [{"name": "Sở", "head": CLERK}, {"name": "Phòng A", "parent": "Sở"}]
        boxes = [
            {"address": one, "unit": "Phòng A" if one == USER else "Sở", "created": created}
            for one in (USER, GONE, CLERK)
        ]
        (ldap,) = Ldap(self.folder, slapd).put(boxes, units).values()
        self.site.write_text(LAWS + table("audit.directory.ldap", ldap) + self._enforcement(), "utf-8")

    def _enforcement(self) -> str:
        dovecot = self.bed.dovecot
        return table("audit.enforcement", {"doveadm": list(dovecot.doveadm)}) + (
            table("audit.enforcement.lock.dovecot", {"file": str(dovecot.closed)})
            + table("audit.enforcement.storage", {"archive": str(self.archive)})
        )

    def _past(self) -> None:
        idle, long_idle = (begin_of(TODAY - relativedelta(months=months)) for months in (4, 7))
        lines = [login(long_idle, CLERK), login(long_idle, GONE), login(idle, USER)]
        lines += [login(NOW - timedelta(hours=1), CLERK)]
        (self.folder / "mail.log").write_text("".join(lines), "utf-8")
        assert self.run("ingest", str(self.folder / "mail.log")).exit_code == 0
        day = TODAY - relativedelta(months=3, days=10)
        lock = Entry(
            GONE, Event.LOCKED, begin_of(day), day, "inactivity", "8.1", "sweep", "vì lâu", key="old"
        )
        with mailaudit.store.open(self.folder / "home", self.store_url).recording() as connection:
            entries.write(connection, lock)

    def read_dovecots_log(self) -> None:
        """Read what Dovecot has written since: other tests use the same one."""
        with self.bed.dovecot_log.open("rb") as log:
            log.seek(self._begin)
            (self.folder / "dovecot.log").write_bytes(log.read())
        assert self.run("ingest", str(self.folder / "dovecot.log")).exit_code == 0

    def run(self, *arguments: str) -> Result:
        home = ["--home", str(self.folder / "home"), "--store", self.store_url]
        return CliRunner().invoke(app, [*home, *arguments])

    def sweep(self, *arguments: str) -> Result:
        return self.run("sweep", *arguments, "--site", str(self.site))

    def plan(self) -> dict[str, Any]:
        done = self.sweep("plan", "--out", str(self.folder / "plan.json"))
        assert done.exit_code == 0, done.output
        values: dict[str, Any] = json.loads((self.folder / "plan.json").read_text("utf-8"))
        return values

    def apply(self, *options: str) -> dict[str, str]:
        done = self.sweep("apply", str(self.folder / "plan.json"), "--json", *options)
        assert done.exit_code == 0, done.output
        return {one["mailbox"]: one["outcome"] for one in json.loads(done.stdout)["results"]}

    def subjects(self, user: str) -> list[str]:
        return [str(mail["Subject"]) for mail in self.bed.inbox(user)]

    def is_shut(self, user: str) -> bool:
        try:
            self.bed.inbox(user)
        except LoginRefused:
            return True
        return False


def table(name: str, values: dict[str, Any]) -> str:
    """A table of a TOML file; JSON's texts and arrays are TOML's too."""
    flat = [f"{key} = {json.dumps(value)}" for key, value in values.items() if not isinstance(value, dict)]
    below = [table(f"{name}.{key}", value) for key, value in values.items() if isinstance(value, dict)]
    return "\n".join([f"[{name}]", *flat, *below, ""])


@pytest.fixture
def servers(bed: Bed, slapd: Slapd, store_url: str) -> Iterator[Servers]:
    """The mail's owner can go through all folders above the archive, as not through pytest's own."""
    with tempfile.TemporaryDirectory(prefix="postwarden-sweep-") as above:
        Path(above).chmod(0o711)
        yield Servers(bed, slapd, store_url, Path(above))
    before = Path(__file__).parents[2] / "deploy/dovecot/postwarden-locked"
    if bed.dovecot.closed.read_bytes() != before.read_bytes():
        bed.dovecot.closed.write_bytes(before.read_bytes())
        time.sleep(1.1)  # Dovecot looks at the file once a second


def test_lock_refused_login_mail_still_delivered_undo_and_login_again(servers: Servers) -> None:
    planned = {step["mailbox"]: step["step"] for step in servers.plan()["steps"]}
    assert planned == {USER: "lock", GONE: "reclaim"}
    assert servers.apply() == {USER: "done", GONE: "left"}
    assert servers.is_shut(USER)
    assert not servers.is_shut(CLERK)

    letter = compose("dan@example.org", USER, "Hồ sơ khi bị khóa")
    servers.bed.send_as_stranger(letter, "dan@example.org", USER)
    assert servers.bed.wait_for_mail(USER, lambda mail: mail["Subject"] == "Hồ sơ khi bị khóa")

    undone = servers.sweep("undo", str(servers.folder / "plan.json"), "--reason", "nhầm")
    assert undone.exit_code == 0, undone.output
    assert "Hồ sơ khi bị khóa" in servers.subjects(USER)


def test_reclaim_archive_verified_and_restored(servers: Servers) -> None:
    for mail in MAILS:
        servers.bed.send_as_stranger(mail, "dan@example.org", GONE)
    servers.bed.settle()
    before = [mail["Subject"] for mail in servers.bed.stored(GONE)]
    assert {"mot", "hai", "ba"} <= set(before)
    servers.plan()
    assert servers.apply("--reclaim")[GONE] == "done"
    assert servers.is_shut(GONE)
    assert servers.bed.stored(GONE) == []
    life = json.loads(servers.run("mailbox", "show", GONE, "--site", str(servers.site), "--json").stdout)
    assert life["standing"]["reclaimed_on"] == str(TODAY)
    held, _ = manifest.read(Path(life["record"][-1]["archive"]))
    assert held.messages == len(before)
    manifest.verify(Path(life["record"][-1]["archive"]), held)

    done = servers.run("mailbox", "restore", GONE, "--site", str(servers.site), "--reason", "công văn 20/VP")
    assert done.exit_code == 0, done.output
    assert sorted(servers.subjects(GONE)) == sorted(before)


def test_who_really_logs_in_after_the_plan_is_left_alone(servers: Servers) -> None:
    servers.plan()
    servers.bed.inbox(USER)
    servers.bed.wait_for_log(f"in: user=<{USER}>")  # Dovecot 2.3: Login, 2.4: Logged in
    servers.read_dovecots_log()
    done = servers.sweep("apply", str(servers.folder / "plan.json"))
    assert done.exit_code == 0, done.output
    [line] = [line for line in done.stdout.splitlines() if USER in line]
    assert line.startswith("skipped")
    assert "dovecot.log:" in line
    assert not servers.is_shut(USER)


def test_who_logged_in_before_the_logs_begin_and_is_still_there_is_left(servers: Servers) -> None:
    servers.plan()
    with IMAP4("127.0.0.1", servers.bed.dovecot.ports.imap) as phone:
        phone.login(USER, servers.bed.users[USER])
        done = servers.sweep("apply", str(servers.folder / "plan.json"), "--json")
        assert done.exit_code == 0, done.output
        [left] = [one for one in json.loads(done.stdout)["results"] if one["mailbox"] == USER]
        assert left["outcome"] == "left"
        assert left["why"].startswith("somebody is in it just now")
        assert "imap" in left["why"]
        assert phone.noop()[0] == "OK"
    dovecot = Doveadm(servers.bed.dovecot.doveadm)
    wait_for(lambda: not dovecot.sessions(USER) or None, 10, "the phone's session to end")
    assert servers.apply()[USER] == "done"
    assert servers.is_shut(USER)


def test_a_lock_that_was_begun_is_gone_on_with_whoever_is_there(servers: Servers) -> None:
    [lock] = [step for step in servers.plan()["steps"] if step["mailbox"] == USER]
    begun = Intent(lock["key"], USER, Event.LOCKED, NOW, "another", "inactivity", "8.1", "vì lâu")
    intents.begin(mailaudit.store.open(servers.folder / "home", servers.store_url), begun)
    phone = IMAP4("127.0.0.1", servers.bed.dovecot.ports.imap)
    phone.login(USER, servers.bed.users[USER])
    assert servers.apply()[USER] == "done"
    with pytest.raises(IMAP4.abort):
        phone.noop()
    phone.shutdown()


def test_with_dovecot_down_nothing_is_done_and_it_is_said(servers: Servers) -> None:
    servers.plan()
    text = servers.site.read_text("utf-8")
    down = str(servers.folder / "down.conf")
    (servers.folder / "down.conf").write_text(f"base_dir = {servers.folder}/run\n")
    servers.site.write_text(text.replace(str(servers.bed.dovecot.config), down), "utf-8")
    done = servers.sweep("apply", str(servers.folder / "plan.json"))
    assert done.exit_code == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
    servers.site.write_text(text, "utf-8")
    assert not servers.is_shut(USER)
    assert servers.apply()[USER] == "done"
