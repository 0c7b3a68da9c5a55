# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/directory.md against the code: columns, keys, defaults, findings, the snapshot's cells, examples."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from cli_names import arguments_and_options
from mailaudit.cli import app
from mailaudit.directory import office
from mailaudit.directory.columns import MAILBOX, UNIT
from mailaudit.directory.finding import Fault
from mailaudit.directory.settings import CsvSource, LdapAttributes, LdapSource, SqlSource
from mailpolicy.snapshot.contents import BLOCK
from mailpolicy.snapshot.lines import MAILBOX_CELLS, UNIT_CELLS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "directory.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
MODELS: dict[str, type[BaseModel]] = {
    "csv": CsvSource,
    "sql": SqlSource,
    "ldap": LdapSource,
    "attributes": LdapAttributes,
}


def rows(header: str) -> list[list[str]]:
    """The cells of the table whose header line begins like this."""
    table = PAGE[PAGE.index(f"| {header} |") :].partition("\n\n")[0]
    return [
        [cell.strip() for cell in re.split(r"(?<!\()\|", line.strip("|"))] for line in table.splitlines()[2:]
    ]


def firsts(header: str) -> list[str]:
    return [row[0].strip("`") for row in rows(header)]


def test_the_columns_are_those_that_are_read() -> None:
    assert firsts("column") == list(MAILBOX)
    assert firsts("unit's column") == list(UNIT)


def test_the_findings_are_those_there_are() -> None:
    assert set(firsts("finding")) == set(Fault)


def test_the_cells_are_those_of_a_snapshot() -> None:
    mailbox, unit = (tuple(re.findall(r"`(\w+)`", row[1])) for row in rows("line of"))
    assert (mailbox, unit) == (MAILBOX_CELLS, UNIT_CELLS)
    assert f"one address in {BLOCK}." in PAGE


@pytest.mark.parametrize("name", MODELS)
def test_the_keys_and_their_defaults_are_those_that_hold(name: str) -> None:
    told = {row[0].strip("`"): row[1] for row in rows(f"key of `{name}`")}
    assert list(told) == list(MODELS[name].model_fields)
    for key, field in MODELS[name].model_fields.items():
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        if default is PydanticUndefined:
            assert told[key] == "needed"
        elif default is None:
            assert told[key] == "none"
        elif key != "attributes":
            assert tomllib.loads(f"value = {told[key].strip('`')}")["value"] == default


@pytest.mark.parametrize("example", EXAMPLES, ids=["csv", "sql", "ldap"])
def test_each_example_is_a_whole_site_file(tmp_path: Path, example: str) -> None:
    (tmp_path / "site.toml").write_text(example, "utf-8")
    assert office.load(tmp_path / "site.toml").directory


def test_the_page_of_the_program_names_what_the_check_can_be_given() -> None:
    page = (DOCS / "mailaudit.md").read_text("utf-8")
    section = page.partition("\n## mailaudit directory\n")[2].partition("\n## ")[0]
    group = typer.main.get_command(app).commands["directory"]  # type: ignore[attr-defined]
    there = arguments_and_options(group.commands["check"])
    assert set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)) | {"--help"} == there | {"--help"}
