# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit's metrics against its store, its directory, its home, and the page that lists them."""

import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from audit.maillog import day_of_work, line, login
from audit.office import Office, each_store
from bed.ports import free_port
from mailaudit.cli import app
from mailaudit.follow import lag
from mailaudit.store.notice_tables import NOTICES
from mailaudit.store.record_tables import RECORD
from mailaudit.summary import summarise
from mailpolicy.snapshot.encode import encode

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")
PROGRAM = str(Path(sys.executable).parent / "mailaudit")
NOW = datetime.now().astimezone().replace(tzinfo=None)
SITE = """
regulation = "hcm-tnmt-2018-draft"
domains = ["example.org"]
[audit.directory.csv]
mailboxes = "boxes.csv"
[gate]
snapshot = "{folder}/snapshot"
"""


def metrics(office: Office, *options: str) -> dict[str, float]:
    """Every sample that is printed, by name and labels as written."""
    where = ["--home", str(office.home), *(["--store", office.url] if office.url else [])]
    done = CliRunner().invoke(app, [*where, "metrics", "--once", *options])
    assert done.exit_code == 0, done.output
    return samples(done.stdout)


def samples(text: str) -> dict[str, float]:
    rows = (row.rpartition(" ") for row in text.splitlines() if not row.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def lines_now() -> list[str]:
    """Ten people's mail of the last hours."""
    return day_of_work(10, 400, NOW - timedelta(hours=3))


def site(office: Office, units: int = 2) -> str:
    """A site file; the directory has a mailbox that nobody ever used, and people in so many units."""
    people = [f"canbo{n}@example.org,Phong {n % units},2020-01-01" for n in range(10)]
    rows = ["address,unit,created", *people, "cu@example.org,Phong 0,2020-01-01", ""]
    (office.logs / "boxes.csv").write_text("\n".join(rows))
    (office.logs / "snapshot").write_bytes(encode([], [], datetime(2026, 11, 1, tzinfo=UTC)))
    (office.logs / "site.toml").write_text(SITE.format(folder=office.logs))
    return str(office.logs / "site.toml")


@each_store
def test_every_line_is_in_the_metrics_once(office: Office) -> None:
    said = line(NOW, "dovecot", "imap-login: Logged on: user=<x>")
    others = [line(NOW, "CRON[7]", "(root) CMD (x)"), line(NOW, "kernel", "hello"), "no log line\n"]
    office.ingest(office.write("mail.log", [*lines_now(), said, *others]))
    found = metrics(office)
    by_kind = {name: value for name, value in found.items() if name.startswith("mailaudit_lines_total")}
    summary = summarise(office.store)
    assert sum(by_kind.values()) == summary.lines.total == 404
    assert by_kind['mailaudit_lines_total{kind="login",program="dovecot"}'] == 100
    assert by_kind['mailaudit_lines_total{kind="unparsed",program="dovecot"}'] == 1
    assert by_kind['mailaudit_lines_total{kind="unparsed",program="other"}'] == 2
    assert by_kind['mailaudit_lines_total{kind="unreadable",program="other"}'] == 1
    assert by_kind['mailaudit_lines_total{kind="unparsed",program="postfix/lmtp"}'] == 0
    assert found['mailaudit_unparsed_ratio{program="dovecot"}'] == pytest.approx(1 / 201)


@each_store
def test_uses_of_mailboxes_are_added_up_and_nobody_is_named(office: Office) -> None:
    long_ago = [login(NOW - timedelta(days=20), "canbo77@example.org")]
    office.ingest(office.write("old.log", long_ago), office.write("mail.log", lines_now()))
    found = metrics(office)
    assert found["mailaudit_logins_total"] == 201
    assert [found[f'mailaudit_active_mailboxes{{days="{days}"}}'] for days in (1, 7, 30)] == [10, 10, 11]
    assert found['mailaudit_messages_total{direction="sent"}'] >= 0
    assert "canbo" not in str(found)


def test_a_log_that_is_missing_is_seen_by_its_host(office: Office) -> None:
    old = day_of_work(5, 100, NOW - timedelta(days=5))
    office.ingest(office.write("mail.log.1", old), office.write("mail.log", lines_now()))
    found = metrics(office)
    missing = found['mailaudit_coverage_missing_seconds{host="mail"}']
    assert abs(missing - timedelta(days=4, hours=20).total_seconds()) < 4 * 3600
    assert found['mailaudit_coverage_until_timestamp_seconds{host="mail"}'] == pytest.approx(
        NOW.timestamp(), abs=3600
    )


def test_logs_without_a_gap_miss_nothing(office: Office) -> None:
    office.ingest(office.write("mail.log", day_of_work(5, 4000, NOW - timedelta(days=2), 40)))
    assert metrics(office)['mailaudit_coverage_missing_seconds{host="mail"}'] == 0


def test_the_directory_tells_who_is_idle_what_is_due_and_how_old_the_snapshot_is(office: Office) -> None:
    office.ingest(
        office.write("old.log", day_of_work(10, 9000, NOW - timedelta(days=250), 2400)),
        office.write("mail.log", lines_now()),
    )
    found = metrics(office, "--site", site(office))
    steps = [found[name] for name in found if name.startswith('mailaudit_due_mailboxes{duty="inactivity"')]
    assert sum(steps) == 1  # the one that nobody ever used
    assert found['mailaudit_directory_mailboxes{kind="person"}'] == 11
    assert found["mailaudit_snapshot_made_timestamp_seconds"] == datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    due = found['mailaudit_report_due_timestamp_seconds{by="office",period="quarter"}']
    assert 0 <= due - NOW.timestamp() < 93 * 86400
    assert not any("unit=" in name for name in found)


def test_units_are_counted_if_asked_for_the_smaller_ones_together(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailaudit.metrics.office.UNITS", 2)
    office.ingest(office.write("mail.log", lines_now()))
    found = metrics(office, "--units", "--site", site(office, units=4))
    assert {name: value for name, value in found.items() if "unit_mailboxes" in name} == {
        'mailaudit_unit_mailboxes{unit="Phong 0"}': 4,
        'mailaudit_unit_mailboxes{unit="Phong 1"}': 3,
        'mailaudit_unit_mailboxes{unit="(smaller units)"}': 4,
    }
    assert found['mailaudit_unit_active_mailboxes{unit="Phong 0"}'] == 3


def test_a_directory_that_cannot_be_read_is_told_and_the_rest_stays(office: Office) -> None:
    office.ingest(office.write("mail.log", lines_now()))
    file = site(office)
    (office.logs / "boxes.csv").unlink()
    found = metrics(office, "--site", file)
    assert found["mailaudit_directory_up"] == 0
    assert found["mailaudit_logins_total"] == 200
    assert "mailaudit_report_due_timestamp_seconds" in str(found)
    assert "mailaudit_due_mailboxes" not in str(found)


@each_store
def test_what_was_done_and_written_is_counted_from_zero(office: Office) -> None:
    office.ingest(office.write("mail.log", lines_now()))
    assert metrics(office)['mailaudit_record_entries_total{event="locked"}'] == 0
    assert metrics(office)['mailaudit_notices{state="failed"}'] == 0
    entry = {
        c.name: "locked" if c.name == "event" else "" for c in RECORD.c if c.name not in ("number", "time")
    }
    letter = {c.name: "failed" if c.name == "state" else "" for c in NOTICES.c}
    numbers = {c.name: 0 for c in NOTICES.c if isinstance(c.type, sa.Integer)}
    with office.store.recording() as connection:
        connection.execute(sa.insert(RECORD).values(entry | {"time": 1}))
        connection.execute(sa.insert(NOTICES).values(letter | numbers | {"content": b""}))
    found = metrics(office)
    assert found['mailaudit_record_entries_total{event="locked"}'] == 1
    assert found['mailaudit_notices{state="failed"}'] == 1


def test_the_home_tells_when_logs_were_read_last(office: Office) -> None:
    office.home.mkdir()
    before = metrics(office)
    assert not any("ingest" in name or "follow" in name for name in before)
    log = office.write("mail.log", lines_now())
    CliRunner().invoke(app, ["--home", str(office.home), "ingest", str(log), str(office.logs / "none")])
    lag.write(office.home, [lag.State("/var/log/mail.log", True, 1_700_000_000.0, 17)])
    found = metrics(office)
    assert found["mailaudit_ingest_ended_timestamp_seconds"] == pytest.approx(time.time(), abs=600)
    assert found["mailaudit_ingest_failed_logs"] == 1
    assert found["mailaudit_follow_looked_timestamp_seconds"] == pytest.approx(time.time(), abs=600)
    assert found['mailaudit_follow_unread_bytes{log="/var/log/mail.log"}'] == 17


@pytest.fixture
def served(office: Office) -> Iterator[tuple[Office, str, "subprocess.Popen[bytes]"]]:
    office.ingest(office.write("mail.log", lines_now()))
    port = free_port()
    command = [PROGRAM, "--home", str(office.home), "metrics", "--listen", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            assert b"metrics at" in process.stderr.readline()
            yield office, f"127.0.0.1:{port}", process
        finally:
            process.kill()


def test_a_scrape_is_answered_without_the_store_and_with_it_again(
    served: tuple[Office, str, "subprocess.Popen[bytes]"],
) -> None:
    office, address, process = served

    def scraped() -> dict[str, float]:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=20) as answer:
            return samples(answer.read().decode())

    assert scraped()["mailaudit_store_up"] == 1
    away = office.home.rename(office.home.with_name("away"))
    assert scraped() == {"mailaudit_store_up": 0}
    away.rename(office.home)
    assert scraped()["mailaudit_logins_total"] == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    said = process.stderr.read().decode() if process.stderr else ""
    assert "no store here" in said
    assert "the store answers again" in said
    assert "Traceback" not in said


def test_a_database_that_has_ended_leaves_the_scrape_answered(tmp_path: Path) -> None:
    office = Office.at(tmp_path, f"postgresql://office@127.0.0.1:{free_port()}/staff")
    assert metrics(office) == {"mailaudit_store_up": 0}


@pytest.mark.parametrize("listen", ["localhost:9109", "9109", "127.0.0.1:http"])
def test_a_wrong_address_is_said(office: Office, listen: str) -> None:
    done = CliRunner().invoke(app, ["--home", str(office.home), "metrics", "--listen", listen])
    assert done.exit_code == 2
    assert "expected an IP address and a port" in " ".join(done.output.replace("│", " ").split())


def test_units_need_a_site_file(office: Office) -> None:
    done = CliRunner().invoke(app, ["--home", str(office.home), "metrics", "--once", "--units"])
    assert done.exit_code == 2


def test_the_page_names_every_metric_with_its_kind_and_labels(office: Office) -> None:
    log = office.write("mail.log", lines_now())
    CliRunner().invoke(app, ["--home", str(office.home), "ingest", str(log)])
    lag.write(office.home, [lag.State("/var/log/mail.log", True, 1.0, 0)])
    command = ["--home", str(office.home), "metrics", "--once", "--units", "--site", site(office)]
    printed = CliRunner().invoke(app, command).stdout
    served = {
        (
            family.name + ("_total" if family.type == "counter" else ""),
            family.type,
            frozenset[str]().union(*(sample.labels for sample in family.samples)),
        )
        for family in text_string_to_metric_families(printed)
    }
    rows = re.findall(r"^\| `(mailaudit_\w+)` \| (\w+) \| ([^|]*)\|", PAGE, re.MULTILINE)
    assert {(name, kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows} == served
