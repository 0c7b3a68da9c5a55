# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/mailpolicy.md against the program, both ways: every command, argument and option."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli_names import arguments_and_options
from mailpolicy.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mailpolicy.md").read_text("utf-8")
GROUP = typer.main.get_command(app)
COMMANDS = GROUP.commands  # type: ignore[attr-defined]


def _section(command: str) -> str:
    return PAGE.partition(f"\n## mailpolicy {command}\n")[2].partition("\n## ")[0]


def test_the_page_has_a_section_for_every_command_and_no_other() -> None:
    assert re.findall(r"^## mailpolicy (\S+)$", PAGE, flags=re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_section_names_every_argument_and_option_and_no_other(command: str) -> None:
    there = arguments_and_options(COMMANDS[command])
    documented = set(re.findall(r"^\| `([^`]+)` \|", _section(command), flags=re.MULTILINE))
    assert documented | {"--help"} == there | {"--help"}


@pytest.mark.parametrize("line", re.findall(r"^\$ (mailpolicy .+)$", PAGE, flags=re.MULTILINE))
def test_every_command_line_of_the_page_works(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(app, shlex.split(line)[1:]).exit_code == 0
