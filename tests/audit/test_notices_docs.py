# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/notices.md against the code, both ways."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from pydantic_core import PydanticUndefined

from audit.letters import DAY, person, settings_of, site_of
from cli_names import arguments_and_options
from mailaudit.cli import app
from mailaudit.directory import office
from mailaudit.notices import templates
from mailaudit.notices.facts import Facts, facts
from mailaudit.notices.matter import Matter, Occasion
from mailaudit.notices.outbox import FIRST_WAIT, LONGEST_WAIT, State
from mailaudit.notices.recipients import AUDIENCE
from mailaudit.notices.samples import full
from mailaudit.notices.settings import NoticeSettings
from mailaudit.notices.writer import Writer

PAGE = (Path(__file__).parents[2] / "docs/notices.md").read_text("utf-8")


def rows(header: str) -> list[list[str]]:
    """The cells of the table whose header line begins like this."""
    table = PAGE[PAGE.index(f"| {header} |") :].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def firsts(header: str) -> list[str]:
    return [row[0].strip("`") for row in rows(header)]


def named(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


def test_the_settings_are_those_there_are_with_their_defaults() -> None:
    known = {field.alias or name: field for name, field in NoticeSettings.model_fields.items()}
    assert firsts("key") == list(known)
    for key, default, _ in rows("key"):
        value = known[key.strip("`")].default
        assert default.startswith("`") == isinstance(value, str)
        assert default.strip("`") == value or value in (None, PydanticUndefined)
        assert (default == "required") == (value is PydanticUndefined)


def test_the_occasions_are_those_there_are_with_who_is_told() -> None:
    told = {row[0].strip("`"): row[1].split(", ") for row in rows("occasion")}
    usual = {str(occasion): [str(role) for role in roles] for occasion, roles in AUDIENCE.items()}
    assert told == usual | {str(Occasion.PLAN): ["approver"]}


def test_the_states_are_those_there_are_and_the_waits_are_right() -> None:
    assert firsts("state") == list(State)
    assert (FIRST_WAIT.total_seconds(), LONGEST_WAIT.total_seconds()) == (5 * 60, 4 * 3600)


def test_the_commands_are_those_there_are_with_what_they_can_be_given() -> None:
    group = typer.main.get_command(app).commands["notices"]  # type: ignore[attr-defined]
    documented = {row[0].strip("`"): set(named(row[1])) for row in rows("command")}
    assert documented == {
        name: arguments_and_options(command) - {"--help"} for name, command in group.commands.items()
    }


def test_the_templates_are_those_there_are() -> None:
    letters = [name for row in rows("letters") for name in named(row[0])]
    parts = [name for row in rows("letters") for name in named(row[1])]
    assert sorted(letters) == list(templates.names())
    assert sorted(parts) == sorted(file.stem for file in templates.SHIPPED.glob("_*.txt"))


def test_the_variables_are_those_there_are() -> None:
    assert firsts("variable") == [field.name for field in fields(Facts)]
    site = site_of("CT")
    said = [facts(matter, site, settings_of(site)) for matter, _ in full(site, DAY)]
    for name in ("violations", "listed"):
        [described] = [row[1] for row in rows("variable") if row[0] == f"`{name}`"]
        keys = {key for one in said for item in getattr(one, name) for key in item}
        assert set(named(described)) == keys


def test_a_number_the_text_does_not_give_is_0_and_a_day_that_is_not_known_empty() -> None:
    site = site_of("ST")
    said = facts(Matter("key", Occasion.UNLOCKED, person(site), DAY), site, settings_of(site))
    assert (said.lock_months, said.working_days, said.last_used, said.answer_by) == (0, 0, "", "")


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_the_example_is_a_site_file(tmp_path: Path, example: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(example, "utf-8")
    here = office.load(file)
    assert here.audit.notices
    assert Writer(here.site, here.audit.notices, file).settings.approver == "lanhdao.sottt@cantho.gov.vn"
