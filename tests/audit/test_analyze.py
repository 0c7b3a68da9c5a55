# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit analyze`: what whole logs say, printed alike whatever engine found it."""

import json
from pathlib import Path

from typer.testing import CliRunner

from audit.engines import write_log
from audit.maillog import START, day_of_work
from mailaudit.cli import app


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def printed(*arguments: object) -> tuple[int, str]:
    """What comes on standard output alone: a cluster takes so long that standard error says so."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout


def test_what_analyze_prints_is_the_same_to_the_byte(spark: str, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    write_log(logs / "mail.log", day_of_work(40, 4000))
    write_log(logs / "mail.log.1", day_of_work(30, 2000, START.replace(month=8)), pack=True)
    here, there = (printed("--engine", engine, "analyze", "--json", logs) for engine in ("duckdb", spark))
    assert here[0] == 0, here[1]
    assert here[1].count("\n") > 100
    assert there == here


def test_analyze_says_who_used_which_mailbox_and_remembers_nothing(tmp_path: Path) -> None:
    log = write_log(tmp_path / "mail.log", day_of_work(5, 40))
    for _ in range(2):
        code, output = run("analyze", log)
        assert code == 0
        assert output.endswith("40 lines in 1 logs; 5 mailboxes were used\n")
    found = json.loads(run("analyze", "--json", log)[1])
    assert found["logs"] == [{"source": 1, "file": str(log)}]
    assert sum(row["lines"] for row in found["counts"]) == 40
    assert {row["mailbox"] for row in found["last_seen"]} == {f"canbo{n}@example.org" for n in range(5)}
    assert sum(row["logins"] + row["session_ends"] for row in found["activity_days"]) == 30
    assert run("analyze", tmp_path / "none.log")[0] == 2


def test_without_a_cluster_it_is_said_at_once(tmp_path: Path) -> None:
    log = write_log(tmp_path / "mail.log", day_of_work(2, 10))
    code, output = run("--engine", "spark://127.0.0.1:1", "analyze", log)
    assert (code, output.strip()) == (2, "spark://127.0.0.1:1: [Errno 111] Connection refused")
    assert run("--engine", "spark://nowhere", "analyze", log)[0] == 2
    code, output = run("--engine", "sparkle", "analyze", log)
    assert code == 2
    assert "expected duckdb, or spark://HOST:PORT" in " ".join(output.replace("│", " ").split())
