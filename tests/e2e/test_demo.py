# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo, as `./dev demo` runs it."""

import os
import re
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from bed.process import BedError
from demo.__main__ import place, sum_up
from demo.letters import MONRE, SOCTRANG
from demo.stage import Stage
from demo.sweep import IDLE, SUBJECT
from demo.year import people, write_log
from mailpolicy.clocks.coverage import LARGEST_GAP
from mailpolicy.officetime import office_day

ROOT = Path(__file__).parents[2]
MARK = secrets.token_hex(8)
BED = re.compile(r"/tmp/postwarden-(?:bed|gate)-\w+")
AS_A_USER = ("--login", "vanthu@monre.gov.vn", "--to", "canbo1@monre.gov.vn")


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "demo", *arguments],
        env=os.environ | {"PYTHONPATH": "tests", "POSTWARDEN_DEMO": MARK},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.e2e
def test_the_demo_ends_well_shows_every_act_and_leaves_nothing_running(tmp_path: Path) -> None:
    done = demo("--keep", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stdout + done.stderr
    letters = (*SOCTRANG, *MONRE)
    for duty in ("attachment-cap", "subject-required", "sender-domain", "auto-forward", "spam-report"):
        assert duty in {letter.duty for letter in letters}
        assert duty in done.stdout
    assert sum(not letter.duty for letter in letters) >= 4
    assert f"{len(letters)} of {len(letters)} mails ended as they should" in done.stdout
    for said in (
        "canbo2@soctrang.gov.vn",
        "10.20.3.",
        f"lock  {IDLE}",
        "warn  canbo3.stnmt@tphcm.gov.vn",
        f"done     lock  {IDLE}",
        f"{IDLE} logs in over IMAP, and Dovecot answers: [AUTHENTICATIONFAILED]",
        "On Dovecot's disk the mail has arrived.",
        f"  | Subject: Hộp thư {IDLE} đã bị tạm khóa",
        "  | Từ ngày ",
        "khoản 1 Điều 8",
        f"{IDLE}: open again",
        f"{IDLE} logs in over IMAP: OK. In its INBOX: {SUBJECT}",
        "unlocked  8.1",
        "  | I. Số lượng hộp thư điện tử",
    ):
        assert said in done.stdout
    kept = {file.name for file in (tmp_path / "kept/tphcm").iterdir()}
    assert kept >= {"site.toml", "plan.json", "year.log", "report.html", "report.docx"}
    assert left_running() == []


def test_a_folder_that_is_there_is_not_written_into(tmp_path: Path) -> None:
    done = demo("--keep", str(tmp_path))
    assert done.returncode == 2
    assert str(tmp_path) in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_to_keep_nothing_stays() -> None:
    with place(None) as folder:
        (folder / "plan.json").touch()
    assert not folder.exists()


@pytest.mark.parametrize("hour", [0, 1, 5, 12, 16, 17, 18, 23])
def test_the_made_up_year_has_no_gap_up_to_now_whatever_the_hour(tmp_path: Path, hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    write_log(tmp_path / "year.log", people(office_day(now)), now)
    times = [datetime.fromisoformat(line.split()[0]) for line in (tmp_path / "year.log").open()]
    assert max(later - earlier for earlier, later in pairwise([*times, now])) < LARGEST_GAP
    assert times[-1] < now


def test_a_program_that_answers_no_is_named_in_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(tmp_path / "stage")
    stage.run("mailpolicy", "list")
    refused = (
        "mailgate",
        "check",
        "--regulation",
        "monre",
        *AS_A_USER,
        str(ROOT / "docs/examples/no-subject.eml"),
    )
    stage.run(*refused)
    assert not sum_up([], [stage], 1)
    said = capsys.readouterr().out
    assert f"NOT AS IT SHOULD: {' '.join(refused)}" in said
    assert "1 of 2 other steps" in said


def test_a_program_that_could_not_work_ends_the_demo(tmp_path: Path) -> None:
    with pytest.raises(BedError, match="mailaudit ended with status 2"):
        Stage(tmp_path / "stage").run("mailaudit", "--home", "no-such-home", "last-login")


def left_running() -> list[str]:
    """The command lines of mail servers and gates, but for those that somebody else's guard looks after."""
    found = {folder: _read(folder / "cmdline").replace("\0", " ") for folder in Path("/proc").glob("[0-9]*")}
    servers = {folder: line for folder, line in found.items() if BED.search(line)}
    guards = [folder for folder, line in servers.items() if "guard.py" in line]
    others = {
        place for one in guards if MARK not in _read(one / "environ") for place in BED.findall(servers[one])
    }
    return [line for line in servers.values() if others.isdisjoint(BED.findall(line))]


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode(errors="replace")
    except OSError:  # the process has just ended
        return ""
