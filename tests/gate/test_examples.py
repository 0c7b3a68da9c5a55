# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's own examples: `mailgate test`, `mailpolicy test`, and what a mistake in one looks like."""

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gate.offices import CANBO1, CITIZEN, VANTHU
from gate.running import PROGRAM
from mailgate.cli import app

LETTER = f"From: {CANBO1}\nTo: {VANTHU}\nSubject: Bao cao\n\nKinh gui\n"
SITE = 'regulation = "soctrang"\n[duties.sender-domain]\nmode = "enforce"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "examples"
    folder.mkdir()
    (tmp_path / "site.toml").write_text(SITE)
    return folder


def add(folder: Path, name: str, expected: str, letter: str = LETTER) -> None:
    (folder / f"{name}.eml").write_text(letter)
    (folder / f"{name}.toml").write_text(expected)


def run(folder: Path) -> Result:
    return CliRunner().invoke(app, ["test", "--site", str(folder.parent / "site.toml"), str(folder)])


def test_all_as_expected_is_0(folder: Path) -> None:
    add(folder, "own", f'action = "accept"\nduties = []\nlogin = "{CANBO1}"\n')
    add(folder, "false", 'action = "reject"\nduties = ["sender-domain"]\nclient = "192.0.2.7"\n')
    add(
        folder, "colleague", f'action = "reject"\nlogin = "{VANTHU}"\nfrom = "{CANBO1}"\nto = ["{CITIZEN}"]\n'
    )
    result = run(folder)
    assert (result.exit_code, result.stdout) == (0, "3 of 3 examples are as expected\n")


def test_one_that_is_not_is_1_and_told_with_what_was_found(folder: Path) -> None:
    add(folder, "false", 'action = "accept"\nduties = []\n')
    result = run(folder)
    assert result.exit_code == 1
    assert f"{folder}/false.eml: example: reject, expected accept; found sender-domain, expected nothing" in (
        result.stderr
    )
    assert "a stranger sends as the official domain" in result.stderr


def test_every_mistake_in_the_examples_is_told_at_once_and_is_2(folder: Path) -> None:
    add(folder, "a", 'acton = "accept"\n')
    add(folder, "b", 'action = "bounce"\nclient = "nowhere"\n')
    (folder / "c.eml").write_text(LETTER)
    (folder / "d.toml").write_text('action = "accept"\n')
    (folder / "e.eml").write_text(LETTER)
    (folder / "e.toml").write_text("action = \n")
    result = run(folder)
    assert result.exit_code == 2
    for told in (
        'a.toml: acton: unknown name "acton"; expected "action"',
        "a.toml: action: missing",
        'b.toml: action: "bounce"; expected "accept" or',
        'b.toml: client: "nowhere"; expected an IP address',
        "c.eml: nothing says what is expected of it; expected c.toml beside it",
        "d.toml: has no message beside it; expected d.eml",
        "e.toml: line 1",
    ):
        assert told in result.stderr


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_examples_is_2(folder: Path, *, made: bool) -> None:
    result = run(folder if made else folder / "none")
    assert result.exit_code == 2
    assert ("holds no example" if made else "can't be read (No such file") in result.stderr


def test_mailpolicy_test_is_the_same_test(folder: Path) -> None:
    add(folder, "own", f'action = "reject"\nlogin = "{CANBO1}"\n')
    arguments = ["test", "--site", str(folder.parent / "site.toml"), str(folder)]
    programs = Path(PROGRAM[0]).parent
    gate, policy = (
        subprocess.run([programs / name, *arguments], capture_output=True, text=True, check=False)
        for name in ("mailgate", "mailpolicy")
    )
    assert (policy.returncode, policy.stdout, policy.stderr) == (1, gate.stdout, gate.stderr)
