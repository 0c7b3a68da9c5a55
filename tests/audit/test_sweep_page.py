# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/sweeps.md says what the code does: its columns, its steps, and its examples worked out again."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from mailpolicy.clocks.step import StepKind
from mailpolicy.clocks.terms import after_months
from mailpolicy.clocks.workingdays import add_working_days

PAGE = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
DAY = timedelta(days=1)


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
