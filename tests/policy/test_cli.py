# SPDX-License-Identifier: GPL-3.0-or-later
"""The program mailpolicy, started as people and programs start it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mailpolicy.cli import app
from mailpolicy.implemented import BY_MAILAUDIT
from mailpolicy.lifecycle import CLOCKS
from mailpolicy.regulation import How, load, load_all
from mailpolicy.rules import CODES

ROOT = Path(__file__).parents[2]
SITE = 'regulation = "st"\n[duties.attachment-cap]\nmode = "enforce"\n'


def _run(*args: str | Path) -> Any:
    """Run the program inside this process, its output not a terminal."""
    return CliRunner().invoke(app, [str(arg) for arg in args])


def _start(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the program as a process of its own."""
    program = "from mailpolicy.cli import app; app(prog_name='mailpolicy')"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, args)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
    )


def _json(*args: str) -> Any:
    done = _run(*args, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_list_names_every_regulation_with_its_duties_counted() -> None:
    done = _run("list")
    assert done.exit_code == 0
    for one in load_all():
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(one.name)]
        assert all(cell in line for cell in (one.short, one.number, one.issuer, one.title))
        assert line.rstrip().endswith(f" {len(one.duties)}")


def test_list_as_json_has_the_title_blocks() -> None:
    values = {one["short"]: one for one in _json("list")}
    assert values["ST"]["duties"] == len(load("ST").duties)
    assert values["ST"]["effective"] == "2025-01-01"
    assert values["HCM"]["date"] is None


@pytest.mark.parametrize("short", ["HCM", "TS", "CT", "ST", "MR"])
def test_show_has_a_line_for_every_duty_and_its_words_below(short: str) -> None:
    done = _run("show", short.lower())
    assert done.exit_code == 0
    lines = [line.split() for line in done.stdout.splitlines()]
    for duty in load(short).duties:
        assert any(
            line[: len(duty.article.split()) + 1] == [*duty.article.split(), duty.code] for line in lines
        )
        assert duty.sentence in done.stdout
        assert duty.gloss in done.stdout


@pytest.mark.parametrize("width", ["20", "80"])
def test_nothing_is_cut_off_when_the_output_is_not_a_terminal(width: str) -> None:
    for args in (("list",), ("show", "CT")):
        narrow = _start(*args, COLUMNS=width).stdout
        assert narrow == _run(*args).stdout
        assert "…" not in narrow
    assert "15 Jun/Dec; form = Phụ lục II" in narrow


def test_no_colour_is_sent_to_a_file() -> None:
    assert "\x1b" not in _start("show", "ST").stdout
    assert "\x1b" not in _start("show", "nowhere").stderr


def test_show_as_json_has_every_duty_whole() -> None:
    shown = _json("show", "soctrang")
    (cap,) = [duty for duty in shown["duties"] if duty["code"] == "attachment-cap"]
    assert cap["article"] == "7"
    assert cap["parameters"] == {"limit_mb": 50, "per": "file"}
    assert cap["how"] == ["enforce"]
    assert cap["exists"] == {"enforce": True}
    assert cap["sentence"].startswith("Mỗi hộp thư điện tử")
    assert [duty["code"] for duty in shown["duties"]] == [duty.code for duty in load("ST").duties]


@pytest.mark.parametrize("short", ["HCM", "TS", "CT", "ST", "MR"])
def test_whether_code_exists_is_what_the_programs_hold(short: str) -> None:
    for duty in _json("show", short)["duties"]:
        code = duty["code"]
        there = {how: code in by_code for how, by_code in BY_MAILAUDIT.items()}
        there |= {How.ENFORCE: code in CODES, How.SWEEP: there[How.SWEEP] or code in CLOCKS}
        assert duty["exists"] == {how: there[how] for how in duty["how"]}, duty["code"]


def test_an_unknown_regulation_is_answered_with_those_there_are() -> None:
    done = _start("show", "hanoi")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'no regulation is called "hanoi"; expected one of cantho-33-2015 (CT), ' in done.stderr


def test_validate_sums_up_a_valid_site_file(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(SITE + "[gate]\nworkers = 2\n", "utf-8")
    done = _start("validate", path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"{path}: ok"
    assert "  site under soctrang-59-2024 (ST)" in lines
    assert "  enforce: attachment-cap" in lines
    with_rule = [duty.code for duty in load("ST").duties if duty.code in CODES]
    assert f"  observe: {', '.join(code for code in with_rule if code != 'attachment-cap')}" in lines
    assert "  [gate]: left to mailgate to check" in lines


def test_validate_says_what_will_be_enforced_from_when(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(SITE + "[duties.sender-domain]\nenforce_from = 2026-12-01\n", "utf-8")
    assert "  to be enforced: sender-domain from 2026-12-01" in _start("validate", path).stdout.splitlines()


def test_validate_tells_a_regulation_file_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes((ROOT / "policy/mailpolicy/regulations/soctrang-59-2024.toml").read_bytes())
    done = _run("validate", path)
    assert done.exit_code == 0
    assert (
        done.stdout.splitlines()[1] == f"  regulation soctrang-59-2024 (ST), {len(load('ST').duties)} duties"
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            SITE.replace("enforce", "enforced") + "fail_opn = true\n[gaet]\n",
            [
                'gaet: unknown name "gaet"; expected "gate"',
                'duties.attachment-cap.mode: "enforced"; expected "off" or "observe" or "enforce"',
                'duties.attachment-cap.fail_opn: unknown name "fail_opn"; expected "fail_open"',
            ],
        ),
        (
            "",
            ["regulation: missing; expected a string"],
        ),
        ("[[duty]]\n", ["regulation: missing; expected a table [regulation]", "duty[1].code: missing"]),
        ("regulation = \n", ["line 1, column 14: not TOML (Invalid value); expected TOML 1.0"]),
    ],
)
def test_validate_names_every_mistake_and_exits_1(tmp_path: Path, text: str, lines: list[str]) -> None:
    path = tmp_path / "file.toml"
    path.write_text(text, "utf-8")
    done = _run("validate", path)
    assert (done.exit_code, done.stdout) == (1, "")
    for said, line in zip(lines, done.stderr.splitlines(), strict=False):
        assert line.startswith(f"{path}: {said}")


def test_a_mistake_stays_on_its_line_whatever_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "file.toml").write_text('regulation = "a\\n\\u001b[31mb"\n', "utf-8")
    done = _run("validate", tmp_path / "file.toml")
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("name", ["nowhere.toml", "."])
def test_validate_exits_2_if_the_file_cannot_be_read(tmp_path: Path, name: str) -> None:
    done = _run("validate", tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "can't be read (" in done.stderr


@pytest.mark.parametrize("command", [(), ("list",), ("show",), ("validate",)])
def test_help_teaches_with_an_example(command: tuple[str, ...]) -> None:
    done = _run(*command, "--help")
    assert done.exit_code == 0
    assert "Example: mailpolicy " in done.stdout
