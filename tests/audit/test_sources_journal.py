# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's journal: as it exports itself, its own files, and a folder of them through journalctl."""

import io
import struct
import subprocess
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from audit.maillog import START, day_of_work, line
from audit.office import Office
from mailaudit.logs.journal import lines_of_export

LOG = day_of_work(people=5, lines=60)
REMOTE = Path("/usr/lib/systemd/systemd-journal-remote")
MACHINE = "0123456789abcdef0123456789abcdef"


def entry(number: int, text: str, **fields: str) -> bytes:
    """An entry as journald exports it; fields with line breaks in its binary form."""
    moment = int((START + timedelta(seconds=20 * number)).astimezone().timestamp() * 1_000_000)
    known = {
        "__CURSOR": f"s=1;i={number + 1:x};b={MACHINE};m={number + 1:x};t={moment:x};x={number:x}",
        "__REALTIME_TIMESTAMP": str(moment + 700),
        "__MONOTONIC_TIMESTAMP": str(number + 1),
        "_BOOT_ID": MACHINE,
        "_MACHINE_ID": MACHINE,
        "_HOSTNAME": "mail",
        "SYSLOG_FACILITY": "2",
        "_SOURCE_REALTIME_TIMESTAMP": str(moment),
        **fields,
        "MESSAGE": text,
    }
    return b"".join(_field(name, value) for name, value in known.items()) + b"\n"


def _field(name: str, value: str) -> bytes:
    data = value.encode("utf-8", "surrogateescape")
    if value.isprintable():
        return f"{name}={value}\n".encode()
    return f"{name}\n".encode() + struct.pack("<Q", len(data)) + data + b"\n"


def exported(lines: list[str]) -> bytes:
    """The entries that syslog's lines are in the journal."""
    entries = []
    for number, text in enumerate(lines):
        tag, _, message = text[21:].rstrip("\n").partition(": ")
        program, _, process = tag.rstrip("]").partition("[")
        fields = {"SYSLOG_IDENTIFIER": program, **({"SYSLOG_PID": process} if process else {})}
        entries.append(entry(number, message, **fields))
    return b"".join(entries)


def rendered(data: bytes) -> list[str]:
    return [one.decode("utf-8", "surrogateescape") for one in lines_of_export(io.BytesIO(data))]


def test_an_entry_becomes_the_line_that_syslog_writes() -> None:
    [one] = rendered(exported([line(START, "postfix/smtpd[71]", "connect from unknown[192.0.2.1]")]))
    utc = START.astimezone().astimezone(UTC)
    assert one == f"{utc:%Y-%m-%dT%H:%M:%S}.000000Z mail postfix/smtpd[71]: connect from unknown[192.0.2.1]\n"


@pytest.mark.parametrize(
    ("fields", "tag"),
    [
        ({"SYSLOG_IDENTIFIER": "dovecot"}, "dovecot"),
        ({"SYSLOG_IDENTIFIER": "dovecot", "_PID": "7"}, "dovecot"),
        ({"_COMM": "anvil"}, "anvil"),
        ({"SYSLOG_IDENTIFIER": "x: dovecot", "SYSLOG_PID": "7]: x"}, "x__dovecot"),
        ({}, "unknown"),
    ],
)
def test_the_program_is_named_as_syslog_names_it(fields: dict[str, str], tag: str) -> None:
    assert rendered(entry(0, "text", **fields))[0].split(" ", 2)[2] == f"{tag}: text\n"


def test_a_line_break_in_an_entry_makes_no_second_line() -> None:
    forged = "x\nNov 21 23:52:46 mail dovecot: imap-login: Login: user=<victim@example.org>\x7f"
    [one] = rendered(entry(0, forged, SYSLOG_IDENTIFIER="postfix/smtpd"))
    assert one.endswith(
        "mail postfix/smtpd: x#012Nov 21 23:52:46 mail dovecot: imap-login: Login: "
        "user=<victim@example.org>#177\n"
    )


def test_an_export_is_a_log_like_any_other(office: Office) -> None:
    data = exported(LOG)
    [outcome] = office.ingest(office.write("journal.gz", data))
    assert (outcome.lines, outcome.unparsed, outcome.notes) == (60, 0, [])
    [outcome] = office.ingest(office.write("mail.log", LOG))
    assert (outcome.lines, outcome.copies) == (0, 60)


def test_of_an_export_that_is_cut_off_the_whole_entries_are_read_once(office: Office) -> None:
    data = exported(LOG)
    office.ingest(office.write("journal", data[: len(data) // 2]))
    assert 0 < sum(office.kinds().values()) < 60
    office.ingest(office.write("journal", data))
    assert sum(office.kinds().values()) == 60


@pytest.fixture
def journal(tmp_path: Path, journal_programs: None) -> Path:
    return _journal(tmp_path / "journal", exported(LOG[:40]))


def _journal(folder: Path, entries: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.journal"
    subprocess.run([REMOTE, f"--output={file}", "-"], input=entries, capture_output=True, check=True)
    return folder


def test_a_journal_is_read_on_from_its_last_entry(office: Office, journal: Path) -> None:
    path = Path(f"journal:{journal}")
    assert [outcome.lines for outcome in office.ingest(path)] == [40]
    assert [outcome.notes for outcome in office.ingest(path)] == [["nothing new"]]
    other = entry(90, "session opened", SYSLOG_IDENTIFIER="sshd", SYSLOG_FACILITY="10")
    gate = entry(91, "{}", SYSLOG_IDENTIFIER="mailgate", SYSLOG_FACILITY="3")
    _journal(journal, _tail(LOG, 40) + other + gate)
    assert [outcome.lines for outcome in office.ingest(path)] == [21]
    assert office.kinds()["login"] == 15


def _tail(lines: list[str], begin: int) -> bytes:
    return exported(lines)[len(exported(lines[:begin])) :]


def test_a_journal_and_the_log_that_syslog_wrote_of_it_count_once(office: Office, journal: Path) -> None:
    office.ingest(office.write("mail.log", LOG))
    assert [outcome.copies for outcome in office.ingest(Path(f"journal:{journal}"))] == [40]


def test_the_journals_own_files_are_logs(office: Office, journal: Path) -> None:
    [outcome] = office.ingest(journal)
    assert (outcome.lines, outcome.unparsed) == (40, 0)
    assert [each.notes for each in office.ingest(journal)] == [["nothing new"]]


def test_a_journal_that_is_not_there_is_said(office: Office, tmp_path: Path) -> None:
    [outcome] = office.ingest(Path(f"journal:{tmp_path}/none"))
    assert outcome.error is not None
    assert "none" in outcome.error
