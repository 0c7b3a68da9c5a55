# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit sweep plan` on real log lines, read as an operator reads them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mailaudit.cli import app

Run = Callable[..., Result]

LOG = """\
2026-01-02T16:31:02.114203+07:00 mail dovecot: imap-login: Login: user=<vanthu@example.org>, method=PLAIN, \
rip=10.20.3.14, lip=10.20.0.5, mpid=4211, TLS, session=<mQ2bX1hEwYkKFAMO>
2026-03-02T16:02:44.903112+07:00 mail dovecot: imap-login: Login: user=<canbo1@example.org>, method=PLAIN, \
rip=10.20.3.21, lip=10.20.0.5, mpid=4212, TLS, session=<Qk7cX1hEzIkKFAMV>
2026-08-20T16:45:00.031744+07:00 mail dovecot: pop3-login: Login: user=<canbo2>, method=PLAIN, \
rip=10.20.3.24, lip=10.20.0.5, mpid=4213, TLS, session=<rW2fX1hE3okKFAMY>
2026-08-31T16:05:19.660215+07:00 mail dovecot: imap-login: Login: user=<canbo3@example.org>, method=PLAIN, \
rip=10.20.3.25, lip=10.20.0.5, mpid=4214, TLS, session=<Zc9gX1hE5IkKFAMZ>
2026-09-01T16:13:09.410093+07:00 mail dovecot: imap-login: Disconnected: Connection closed (auth failed, \
3 attempts in 16 secs): user=<canbo1@example.org>, method=PLAIN, rip=203.0.113.66, lip=10.20.0.5, TLS, \
session=<xX0hX1hE6okKFAMa>
2026-11-21T16:29:58.009331+07:00 mail dovecot: imap-login: Login: user=<khach@example.net>, method=PLAIN, \
rip=10.20.3.14, lip=10.20.0.5, mpid=4215, TLS, session=<pL1jX1hE7okKFAMb>
"""
BOXES = """\
address,kind,unit,created
vanthu@example.org,unit,Văn phòng,2018-07-02
canbo1@example.org,person,Phòng Khoáng sản,2018-07-02
canbo2@example.org,person,Phòng Khoáng sản,2018-07-02
canbo3@example.org,person,Phòng Đo đạc,2018-07-02
canbo4@example.org,person,Phòng Đo đạc,2026-11-02
canbo5@example.org,person,Phòng Đo đạc,
"""


def at(home: Path) -> Run:
    """Run mailaudit with this home."""
    return lambda *arguments: CliRunner().invoke(app, ["--home", str(home), *arguments])


def ingest(run: Run, log: Path, text: str) -> None:
    log.write_text(text, encoding="utf-8")
    done = run("ingest", str(log))
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with mail.log and a home that has read it. Plans change nothing, so the tests share it."""
    folder = tmp_path_factory.mktemp("sweep")
    ingest(at(folder / "home"), folder / "mail.log", LOG)
    return folder


@pytest.fixture
def run(folder: Path) -> Run:
    """Run mailaudit in the home that has read the log."""
    return at(folder / "home")


@pytest.fixture
def fresh(tmp_path: Path) -> Run:
    """Run mailaudit in a home that has read nothing yet."""
    return at(tmp_path / "home")


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    file = tmp_path / "boxes.csv"
    file.write_text(BOXES, encoding="utf-8")
    return file


def plan(run: Run, boxes: Path, *arguments: str, regulation: str = "HCM", day: str = "2026-11-22") -> Result:
    return run(
        "sweep", "plan", "--regulation", regulation, "--directory", str(boxes), "--as-of", day, *arguments
    )


def steps(done: Result) -> dict[str, str]:
    return {step["mailbox"].partition("@")[0]: step["step"] for step in json.loads(done.stdout)["steps"]}


@pytest.mark.parametrize(
    ("regulation", "expected"),
    [
        (
            "HCM",
            {
                "canbo1": "lock",
                "canbo2": "lock",
                "canbo3": "warn",
                "vanthu": "review",
                "canbo5": "unproven",
            },
        ),
        (
            "CT",
            {"canbo1": "lock", "canbo2": "lock", "canbo3": "warn", "vanthu": "review", "canbo5": "unproven"},
        ),
        ("MR", {"canbo1": "lock", "vanthu": "review", "canbo5": "unproven"}),
        ("ST", {"canbo1": "review", "canbo2": "review", "vanthu": "review", "canbo5": "unproven"}),
    ],
)
def test_each_regulation_asks_for_its_own_steps(
    run: Run, boxes: Path, regulation: str, expected: dict[str, str]
) -> None:
    done = plan(run, boxes, "--json", regulation=regulation)
    assert done.exit_code == 0
    assert steps(done) == expected


def test_the_json_plan_is_complete_with_the_line_behind_a_last_use(
    run: Run, folder: Path, boxes: Path
) -> None:
    data: dict[str, Any] = json.loads(plan(run, boxes, "--json").stdout)
    assert data["regulation"] == "hcm-tnmt-2018-draft"
    assert (data["as_of"], data["mailboxes"]) == ("2026-11-22", 6)
    assert data["coverage"] == {"first": "2026-01-02", "last": "2026-11-21"}
    assert data["counts"] == {
        "reclaim": 0,
        "lock": 2,
        "escalate": 0,
        "remind": 0,
        "warn": 1,
        "wait": 0,
        "review": 1,
        "unproven": 1,
    }
    (lock,) = (step for step in data["steps"] if step["mailbox"] == "canbo2@example.org")
    used = lock.pop("last_activity")
    evidence = used["evidence"]
    assert lock == {
        "key": "canbo2@example.org|inactivity|lock|2026-08-20|",
        "mailbox": "canbo2@example.org",
        "kind": "person",
        "unit": "Phòng Khoáng sản",
        "step": "lock",
        "duty": "inactivity",
        "article": "8.1",
        "since": "2026-08-20",
        "counted_from": "last use",
        "lock_on": "2026-11-21",
        "reclaim_on": "2027-02-22",
        "reason": "last used on 2026-08-20; 3 months were full on 2026-11-20",
        "locked_on": None,
        "answer_by": None,
        "unlock_from": None,
        "violations": [],
        "next": "reclaim on 2027-02-22 unless it is opened again",
        "next_step": "reclaim",
        "next_on": "2027-02-22",
        "tell": ["owner", "unit"],
    }
    assert (used["service"], used["address"]) == ("pop3", "10.20.3.24")
    assert evidence["file"] == str(folder / "mail.log")
    assert (folder / "mail.log").read_bytes()[evidence["position"] :].decode().startswith(evidence["line"])
    assert "user=<canbo2>" in evidence["line"]
    assert [one["name"] for one in data["not_in_directory"]] == ["khach@example.net"]


def test_the_printed_plan_has_every_step_on_one_whole_line(run: Run, boxes: Path) -> None:
    done = plan(run, boxes)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "hcm-tnmt-2018-draft, sweep plan for 2026-11-22",
        "logs: 2026-01-02 to 2026-11-21 without a gap",
    ]
    (lock,) = (line for line in lines if line.startswith("lock  ") and "canbo2@" in line)
    for part in (
        "canbo2@example.org",
        "Phòng Khoáng sản",
        "8.1",
        "pop3 from 10.20.3.24, mail.log:",
        "last used on 2026-08-20; 3 months were full on 2026-11-20",
        "reclaim on 2027-02-22 unless it is opened again",
    ):
        assert part in lock
    assert "…" not in done.stdout
    assert lines[-2:] == [
        "in the logs but not in the directory (1): khach@example.net",
        "6 mailboxes: 0 reclaim, 2 lock, 0 escalate, 0 remind, 1 warn, 0 wait, 1 review, 1 unproven. "
        "Nothing was changed.",
    ]


def test_planning_changes_nothing(run: Run, folder: Path, boxes: Path) -> None:
    first = plan(run, boxes, "--json")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert plan(run, boxes, "--json").stdout == first.stdout
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after == before


def test_an_empty_plan_is_a_plan(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "boxes.csv"
    file.write_text("address\nkhach@example.net\n", encoding="utf-8")
    done = plan(run, file)
    assert done.exit_code == 0
    assert done.stdout.endswith(
        "1 mailbox: 0 reclaim, 0 lock, 0 escalate, 0 remind, 0 warn, 0 wait, 0 review, 0 unproven. "
        "Nothing was changed.\n"
    )


def test_a_missing_stretch_of_logs_is_said_and_proves_nothing(
    fresh: Run, tmp_path: Path, boxes: Path
) -> None:
    lines = LOG.splitlines(keepends=True)
    ingest(fresh, tmp_path / "old.log", "".join(lines[:2]))
    ingest(fresh, tmp_path / "new.log", "".join(lines[2:]))
    done = plan(fresh, boxes, "--json")
    assert steps(done)["canbo1"] == "lock"  # 3 months are proven since the gap, 6 are not
    shown = plan(fresh, boxes).stdout
    assert "logs: 2026-08-20 to 2026-11-21 without a gap" in shown
    assert "logs: before that 2026-01-02 to 2026-03-02, then a gap: not counted" in shown
    (step,) = (one for one in json.loads(done.stdout)["steps"] if one["mailbox"] == "canbo1@example.org")
    assert (step["since"], step["counted_from"]) == ("2026-08-20", "beginning of the logs")


def test_logs_that_end_long_before_the_day_prove_nothing(run: Run, boxes: Path) -> None:
    assert set(steps(plan(run, boxes, "--json", day="2026-12-20")).values()) == {"unproven"}


def test_a_day_before_all_logs_proves_nothing(run: Run, boxes: Path) -> None:
    done = plan(run, boxes, day="2025-06-01")
    assert done.exit_code == 0
    assert "logs: none from 2025-06-01 or before, so nothing is proven" in done.stdout


def test_without_a_store_the_way_to_make_one_is_said(fresh: Run, boxes: Path) -> None:
    done = plan(fresh, boxes)
    assert done.exit_code == 2
    assert "ingest" in done.stderr


def test_logs_without_logins_are_no_ground_for_a_plan(fresh: Run, tmp_path: Path, boxes: Path) -> None:
    ingest(
        fresh,
        tmp_path / "mail.log",
        "2026-11-20T13:58:01.200418+07:00 mail postfix/smtpd[5120]: connect from unknown[10.20.3.26]\n",
    )
    done = plan(fresh, boxes)
    assert done.exit_code == 2
    assert "no log that shows logins was read yet" in done.stderr


def test_everything_in_the_way_is_said_in_one_go(fresh: Run, tmp_path: Path) -> None:
    file = tmp_path / "boxes.csv"
    file.write_text("address,kind\nnobody,person\ncanbo1@example.org,chief\n", encoding="utf-8")
    done = plan(fresh, file, regulation="hanoi")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert 'no regulation is called "hanoi"' in done.stderr
    assert f'{file}: line 2, address: "nobody"; expected an address' in done.stderr
    assert f'{file}: line 3, kind: "chief"; expected person or unit or agency or list' in done.stderr
    assert "no store here" in done.stderr


def test_a_directory_that_is_not_utf8_is_refused_with_the_remedy(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "boxes.csv"
    file.write_bytes("address;unit\ncanbo1@example.org;V\xe3n".encode("latin-1"))
    done = plan(run, file)
    assert done.exit_code == 2
    assert "line 2: byte 0xe3 is not UTF-8" in done.stderr
    assert "CSV UTF-8" in done.stderr


@pytest.mark.parametrize("missing", ["nowhere.csv", "."])
def test_a_directory_that_cannot_be_opened_is_refused(run: Run, tmp_path: Path, missing: str) -> None:
    done = plan(run, tmp_path / missing)
    assert done.exit_code == 2
    assert "can't be read" in done.stderr


def test_control_characters_in_a_unit_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "boxes.csv"
    file.write_text("address,unit\ncanbo1@example.org,\x1b]0;x\x07Phòng\n", encoding="utf-8")
    done = plan(run, file)
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "?]0;x?Phòng" in done.stdout
