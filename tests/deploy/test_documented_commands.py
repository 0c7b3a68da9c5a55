# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command the README and the docs show is run as written, from the project's root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]

# Shown, but not run here, each for a reason.
NOT_RUN = {
    "./dev demo": "run by tests/e2e/test_demo.py",
    "./dev test": "this is it",
    "./dev lint": "run by .ci/run",
    "./dev fuzz": "takes minutes; tests/fuzz runs it for seconds",
    "./dev bench": "takes minutes",
    "./dev clean": "would remove the environment these tests run in",
    "uv ": "asks a package index which versions there are today",
    "postconf ": "changes the machine's Postfix; tests/deploy/test_postfix_settings.py tries the settings",
    "mailgate serve": "runs for ever; tests/gate and tests/e2e start it",
}


def _commands(page: Path) -> list[str]:
    """The lines that begin with `$ ` in the page's console blocks, continuation lines joined."""
    commands: list[str] = []
    inside = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            commands.append(line[2:])
        elif inside and commands and commands[-1].endswith("\\"):
            commands[-1] = commands[-1][:-1] + line.strip()
    return commands


def _reason_not_to_run(command: str) -> str | None:
    bare = command.replace(".venv/bin/", "")
    return next((reason for start, reason in NOT_RUN.items() if bare.startswith(start)), None)


SHOWN = {page: _commands(page) for page in PAGES}


@pytest.mark.parametrize("page", [page for page in PAGES if SHOWN[page]], ids=lambda page: page.name)
def test_the_commands_of_a_page_do_what_they_are_shown_for(page: Path, tmp_path: Path) -> None:
    """Run in the page's order; exit status 0 or 1 is an answer, anything else means the command is wrong."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    for command in SHOWN[page]:
        if _reason_not_to_run(command):
            continue
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace("/tmp/", f"{tmp_path}/")],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), f"{page.name}: $ {command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, f"{page.name}: $ {command}\n{done.stderr}"


def test_the_readme_shows_each_program() -> None:
    shown = " ".join(SHOWN[ROOT / "README.md"])
    for program in ("./dev demo", "./dev test", "mailpolicy", "mailgate", "mailaudit"):
        assert program in shown


def test_no_reason_not_to_run_has_outlived_its_command() -> None:
    shown = [command.replace(".venv/bin/", "") for commands in SHOWN.values() for command in commands]
    unused = [start for start in NOT_RUN if not any(command.startswith(start) for command in shown)]
    assert not unused
