# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-sweep.service and .timer: valid, explained line by line, running what there is."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from mailaudit.cli import app

ROOT = Path(__file__).parents[2]
UNITS = {
    name: (ROOT / "deploy" / "systemd" / f"mailaudit-sweep.{name}").read_text("utf-8")
    for name in ("service", "timer")
}
PAGE = (ROOT / "docs" / "sweeps.md").read_text("utf-8")
COMMANDS = re.findall(r"^Exec\w+=-?/opt/postwarden/bin/mailaudit (.*)$", UNITS["service"], re.MULTILINE)


def settings(name: str) -> set[str]:
    section = UNITS[name].partition(f"[{name.title()}]")[2].partition("[Install]")[0]
    return set(re.findall(r"^(\w+)=", section, re.MULTILINE))


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    section = PAGE.partition("\n## Every night\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == settings("service") | settings("timer")


@pytest.mark.parametrize("line", COMMANDS)
def test_its_commands_are_commands_of_the_program(line: str) -> None:
    command = typer.main.get_command(app)
    words = shlex.split(line)
    assert words[:2] == ["--home", "/var/lib/mailaudit"]
    words = words[2:]
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_it_never_reclaims() -> None:
    assert len(COMMANDS) == 4
    assert "--reclaim" not in UNITS["service"]


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    here = str(Path(sys.executable).parent / "mailaudit")
    for name, text in UNITS.items():
        file = tmp_path / f"mailaudit-sweep.{name}"
        file.write_text(text.replace("/opt/postwarden/bin/mailaudit", here), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "mailaudit-sweep.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
