# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-sweep.service and .timer: valid, explained line by line, running what there is."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from deploy.units import explained, must_be_valid, settings, unit
from mailaudit.cli import app

SERVICE, TIMER = "mailaudit-sweep.service", "mailaudit-sweep.timer"
COMMANDS = re.findall(r"^Exec\w+=-?/opt/postwarden/bin/mailaudit (.*)$", unit(SERVICE), re.MULTILINE)


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    made = settings(unit(SERVICE)).keys() | settings(unit(TIMER), "Timer").keys()
    assert explained("sweeps.md", "Every night") == made


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
    assert "--reclaim" not in unit(SERVICE)


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    must_be_valid(tmp_path, SERVICE, TIMER)
