# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters through the office's own Postfix and gate into people's INBOX, and what its log proves of them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import mailaudit.store
from audit.letters import AGENCY, DAY, NOW, UNIT
from bed import Bed
from bed.gate import Gate
from mailaudit.cli import app
from mailaudit.directory import office
from mailaudit.directory.listing import Listing
from mailaudit.notices import outbox
from mailaudit.notices.matter import Matter, Occasion
from mailaudit.notices.notice import Notice
from mailaudit.notices.outbox import State
from mailaudit.notices.recipients import People
from mailaudit.notices.writer import Writer
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Mode

pytestmark = pytest.mark.e2e

OFFICE = "cantho.gov.vn"
OWNER, OF_UNIT, HEAD = f"nvminh@{OFFICE}", f"tochuc.sonv@{OFFICE}", f"giamdoc.sonv@{OFFICE}"
USERS = dict.fromkeys((OWNER, OF_UNIT, HEAD), "Mat-Khau-7894")
ENFORCED = [
    choice.duty.code
    for choice in for_regulation(load("CT")).choices.values()
    if choice.mode is Mode.ENFORCE and choice.duty.code != "spam-report"
]
SITE = "\n".join(['regulation = "CT"', "[duties]", *(f"{code}.mode = 'enforce'" for code in ENFORCED)])
KILLED = """
import os, signal, smtplib, sys
from mailaudit.cli import app
answer = smtplib.SMTP.getreply
def die_after_the_text(self):
    reply = answer(self)
    if b"queued as" in reply[1]:
        os.kill(os.getpid(), signal.SIGKILL)
    return reply
smtplib.SMTP.getreply = die_after_the_text
app(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def bed() -> Iterator[Bed]:
    with Gate(SITE) as gate, Bed(OFFICE, USERS, milter=gate.milter) as running:
        yield running


@pytest.fixture
def site(bed: Bed, tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    server = f"127.0.0.1:{bed.postfix.mx_port}"
    file.write_text(f'{SITE}\n[audit.notices]\nfrom = "quantri@{OFFICE}"\nsmtp = "{server}"\n', "utf-8")
    return file


def letters(site: Path, key: str, *more: str) -> list[Notice]:
    """What is written to owner, unit and head about a lock."""
    here = office.load(site)
    assert here.audit.notices
    box = Mailbox(OWNER, Kind.PERSON, UNIT, name="Nguyễn Văn Minh")
    of_unit = Mailbox(OF_UNIT, Kind.UNIT, UNIT)
    units = [Unit(UNIT, AGENCY), Unit(AGENCY, head=HEAD)]
    people = People(Listing("test", [box, of_unit], units), None)
    matter = Matter(key, Occasion.LOCKED, box, DAY, "inactivity", "5.4")
    return Writer(here.site, here.audit.notices, site).notices(matter, people, NOW)


def queue(home: Path, notices: list[Notice]) -> None:
    with mailaudit.store.open(home, create=True).recording() as connection:
        for notice in notices:
            assert outbox.queue(connection, notice, NOW)


def copies(bed: Bed, notice: Notice) -> int:
    return sum(mail["Message-ID"] == notice.message_id for mail in bed.stored(notice.recipient))


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--home", str(home), *arguments])
    return done.exit_code, done.output


def test_letters_reach_owner_unit_and_head_past_the_gate_with_all_duties_enforced(
    bed: Bed, site: Path, tmp_path: Path
) -> None:
    notices = letters(site, "lock one")
    queue(tmp_path / "home", notices)
    assert run(tmp_path / "home", "notices", "send", "--site", str(site)) == (0, "3 sent\n")
    bed.settle()
    for notice in notices:
        [got] = [mail for mail in bed.inbox(notice.recipient) if mail["Message-ID"] == notice.message_id]
        assert got["Subject"] == notice.subject
        assert got["X-Postwarden"] is None
        body = got.get_body(("plain",))
        assert body
        assert "hộp thư" in body.get_content()
    assert run(tmp_path / "home", "notices", "send", "--site", str(site)) == (0, "nothing was sent\n")


def test_a_sender_killed_after_postfix_took_a_letter_never_sends_it_again_and_the_log_settles_it(
    bed: Bed, site: Path, tmp_path: Path
) -> None:
    home, notices = tmp_path / "home", letters(site, "lock two")
    queue(home, notices)
    command = [sys.executable, "-c", KILLED, "--home", str(home), "notices", "send", "--site", str(site)]
    assert subprocess.run(command, check=False, env=os.environ).returncode == -signal.SIGKILL
    status, said = run(home, "notices", "send", "--site", str(site))
    assert status == 1
    assert "2 sent\n" in said
    assert f"unsure: locked {OWNER} to " in said
    bed.settle()
    assert [copies(bed, notice) for notice in notices] == [1, 1, 1]
    assert run(home, "ingest", str(bed.postfix_log))[0] == 0
    assert run(home, "notices", "send", "--site", str(site)) == (0, "1 found to be sent, by the logs\n")
    bed.settle()
    assert [copies(bed, notice) for notice in notices] == [1, 1, 1]


def test_a_letter_that_never_reached_postfix_stays_unsure_until_somebody_asks_for_it_again(
    bed: Bed, site: Path, tmp_path: Path
) -> None:
    home, [notice, *_] = tmp_path / "home", letters(site, "lock three")
    queue(home, [notice])
    store = mailaudit.store.open(home)
    with store.recording() as connection:  # as a sender leaves it that is killed before it says a word
        outbox.change(connection, notice, State.QUEUED, State.SENDING, said="", now=NOW)
    assert run(home, "ingest", str(bed.postfix_log))[0] == 0
    assert run(home, "notices", "send", "--site", str(site))[0] == 1
    assert copies(bed, notice) == 0
    assert run(home, "notices", "again", notice.message_id)[0] == 0
    assert run(home, "notices", "send", "--site", str(site)) == (0, "1 sent\n")
    bed.settle()
    assert copies(bed, notice) == 1


def test_a_mailbox_that_does_not_exist_is_reported_with_postfixs_words(
    bed: Bed, site: Path, tmp_path: Path
) -> None:
    home, [notice, *_] = tmp_path / "home", letters(site, "lock four")
    gone = Notice(**{name: getattr(notice, name) for name in Notice.__slots__} | {"recipient": f"x@{OFFICE}"})
    queue(home, [gone])
    status, said = run(home, "notices", "send", "--site", str(site))
    assert status == 1
    assert "failed: " in said
    assert "550 5.1.1" in said
    assert store_states(home) == [State.FAILED]


def store_states(home: Path) -> list[State]:
    with mailaudit.store.open(home).recording() as connection:
        return [one.state for one in outbox.kept(connection)]
