# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/sweeps.md says what the code does: its columns, its steps, and its examples worked out again."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import typer

from cli_names import arguments_and_options
from mailaudit.cli import app
from mailaudit.sweep.apply import Outcome
from mailaudit.sweep.jsonform import step_as_json
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.clocks.terms import after_months
from mailpolicy.clocks.workingdays import add_working_days
from mailpolicy.directory import Mailbox

PAGE = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
DAY = timedelta(days=1)
GROUPS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
STEP = Step(Mailbox("a@b.vn"), StepKind.WAIT, "c", "1", None, None, None, None, None, "", "")


def rows(header: str) -> list[list[str]]:
    """The cells of the table whose header line begins like this."""
    table = PAGE[PAGE.index(header) :].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_steps_shown_are_those_there_are() -> None:
    assert {row[0].strip("`") for row in rows("| step |")} == set(StepKind)


@pytest.mark.parametrize("row", rows("| last used |"), ids=lambda row: row[0])
def test_the_months_in_the_examples_come_out_like_that(row: list[str]) -> None:
    used, term, full_on, due_on = row
    due = after_months(date.fromisoformat(used), int(re.match(r"\d+", term)[0]))  # type: ignore[index]
    assert [str(due - DAY), str(due)] == [full_on, due_on]


@pytest.mark.parametrize("row", rows("| agency notified |"), ids=lambda row: row[0])
def test_the_working_days_in_the_examples_come_out_like_that(row: list[str]) -> None:
    last = add_working_days(date.fromisoformat(row[0]), 15)
    assert [str(last), str(last + DAY)] == row[1:3]


COMMANDS = {
    "sweep plan": "mailaudit sweep plan",
    "sweep apply": "mailaudit sweep apply",
    "sweep undo": "mailaudit sweep undo",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_names_every_argument_and_option(command: str) -> None:
    section = PAGE.partition(f"\n## {COMMANDS[command]}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    group, name = command.split()
    there = arguments_and_options(GROUPS[group].commands[name])
    documented = set(re.findall(r"^\| `(--[a-z-]+|\[?PLAN\]?)` \|", section, re.MULTILINE))
    assert documented | {"--help"} == there | {"--help"}


def test_the_page_names_every_command_about_a_mailbox() -> None:
    section = PAGE.partition("\n## mailaudit mailbox\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(GROUPS["mailbox"].commands)
    assert set(GROUPS["sweep"].commands) == {"plan", "show", "apply", "undo"}


def test_the_outcomes_told_are_those_there_are() -> None:
    assert {row[0].strip("`") for row in rows("| outcome |")} == set(Outcome)


def test_the_page_names_every_key_of_a_step_in_the_plans_file() -> None:
    section = PAGE.partition("\n### The plan's file\n")[2].partition("\n## ")[0]
    assert set(step_as_json(STEP, None)) <= set(re.findall(r"`(\w+)`", section))
