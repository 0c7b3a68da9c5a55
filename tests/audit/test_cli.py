# SPDX-License-Identifier: GPL-3.0-or-later
"""The program itself, started as people start it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit.maillog import START, day_of_work, line, login
from audit.office import Office
from mailaudit.lock import only_one

LOG = [
    *day_of_work(people=3, lines=40),
    line(START, "amavis[9]", "(9-1) Passed CLEAN"),
    line(START, "postfix/smtpd[7]", "what no Postfix ever said"),
    "no log line at all\n",
]


def mailaudit(office: Office, *arguments: object) -> subprocess.CompletedProcess[str]:
    program = "from mailaudit.cli import app; app()"
    command = [sys.executable, "-c", program, "--home", str(office.home), *map(str, arguments)]
    environment = {**os.environ, "TZ": "Asia/Ho_Chi_Minh", "COLUMNS": "80"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def told(office: Office, *arguments: object) -> Any:
    done = mailaudit(office, *arguments, "--json")
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose log was read."""
    office = Office.at(tmp_path_factory.mktemp("office"))
    done = mailaudit(office, "ingest", office.write("mail.log", LOG))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{office.logs}/mail.log: 43 new lines; 3 not parsed\n"
    return office


def test_a_last_login_is_told_with_its_evidence(read: Office) -> None:
    [login] = told(read, "last-login", "Canbo2+x@Example.ORG")
    assert login["mailbox"] == "canbo2@example.org"
    assert login["last_login"] == "2026-09-01T07:42:40+07:00"
    assert (login["service"], login["address"]) == ("submission", "192.0.2.8")
    with Path(login["evidence"]["file"]).open("rb") as log:
        log.seek(login["evidence"]["position"])
        assert log.readline().decode().rstrip("\n") == login["evidence"]["line"]


def test_all_last_logins_are_told_by_mailbox(read: Office) -> None:
    assert [each["mailbox"] for each in told(read, "last-login")] == [
        f"canbo{n}@example.org" for n in range(3)
    ]


def test_a_mailbox_without_a_login_ends_with_1(read: Office) -> None:
    done = mailaudit(read, "last-login", "nobody@example.org", "--json")
    assert (done.returncode, done.stdout) == (1, "[]\n")
    assert (
        "nobody@example.org: no login is known" in mailaudit(read, "last-login", "nobody@example.org").stderr
    )


def test_a_summary_adds_up(read: Office) -> None:
    summary = told(read, "summary")
    assert (summary["lines"], summary["parsed"], summary["unparsed_lines"], summary["unreadable"]) == (
        43,
        40,
        3,
        1,
    )
    assert sum(event["count"] for event in summary["events"]) == summary["parsed"]
    assert summary["unparsed"] == [
        {"program": "amavis", "count": 1, "share": 1.0},
        {"program": "postfix/smtpd", "count": 1, "share": 1.0},
    ]
    [source] = summary["sources"]
    assert (source["lines"], source["parsed"], source["unparsed_lines"]) == (43, 40, 3)
    assert source["bytes"] == (read.logs / "mail.log").stat().st_size
    assert source["first"] == "2026-09-01T07:30:00+07:00"


def test_tables_are_not_cut_off_in_a_pipe(read: Office) -> None:
    logins = mailaudit(read, "last-login").stdout
    assert f"{read.logs}/mail.log:" in logins
    assert "…" not in logins + mailaudit(read, "summary").stdout
    assert "43 lines = 40 parsed + 3 unparsed" in mailaudit(read, "summary").stdout


def test_without_a_store_there_is_nothing_to_tell(office: Office) -> None:
    for command in ("last-login", "summary"):
        done = mailaudit(office, command)
        assert (done.returncode, done.stdout) == (2, "")
        assert "no store here" in done.stderr
    assert not office.home.exists()


def test_a_store_that_is_none_is_said(office: Office) -> None:
    office.home.mkdir()
    (office.home / "store.sqlite").write_text("not a database, but long enough to be looked at\n" * 100)
    done = mailaudit(office, "summary")
    assert done.returncode == 2
    assert "store.sqlite: not a store that can be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_read_is_said_and_the_rest_is_read(office: Office) -> None:
    log = office.write("mail.log", [login(START, "a@example.org")])
    done = mailaudit(office, "ingest", office.logs / "none.log", log)
    assert done.returncode == 2
    assert done.stderr == f"{office.logs}/none.log: no such file or folder\n"
    assert "1 new line\n" in done.stdout


def test_a_second_ingest_at_once_is_refused(office: Office) -> None:
    office.home.mkdir()
    with only_one(office.home):
        done = mailaudit(office, "ingest", office.write("mail.log", LOG))
    assert done.returncode == 2
    assert f"another mailaudit (process {os.getpid()}) is ingesting here" in done.stderr
    assert office.store.sources() == []


@pytest.mark.parametrize("command", [(), ("ingest",), ("last-login",), ("summary",)])
def test_help_teaches_by_an_example(office: Office, command: tuple[str, ...]) -> None:
    done = mailaudit(office, *command, "--help")
    assert done.returncode == 0
    assert "Example: mailaudit --home /var/lib/mailaudit" in done.stdout
