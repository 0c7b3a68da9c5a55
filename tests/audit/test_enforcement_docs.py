# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/enforcement.md against the code: keys, defaults, the program's questions, examples, deploy/dovecot."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from mailaudit import enforcement
from mailaudit.directory import office
from mailaudit.enforcement import denyfile, doveadm
from mailaudit.enforcement.settings import (
    CommandKeys,
    DovecotKeys,
    EnforcementSettings,
    LdapKeys,
    LockKeys,
    SqlKeys,
    StorageKeys,
)

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/enforcement.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
MODELS: dict[str, type[BaseModel]] = {
    "enforcement": EnforcementSettings,
    "dovecot": DovecotKeys,
    "sql": SqlKeys,
    "ldap": LdapKeys,
    "command": CommandKeys,
    "storage": StorageKeys,
}


def keys(name: str) -> dict[str, str]:
    """The keys that the page tells of a table, with their defaults."""
    table = PAGE[PAGE.index(f"| key of `{name}` |") :].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {row[0].strip("`"): row[1] for row in rows}


@pytest.mark.parametrize("name", MODELS)
def test_the_keys_and_their_defaults_are_those_that_hold(name: str) -> None:
    told = keys(name)
    assert list(told) == list(MODELS[name].model_fields)
    for key, field in MODELS[name].model_fields.items():
        if field.default is PydanticUndefined:
            assert told[key] == "needed"
        elif field.default is None:
            assert told[key] == "none"
        else:
            assert tomllib.loads(f"value = {told[key].strip('`')}")["value"] == field.default


def test_each_way_of_closing_has_a_section_and_an_example() -> None:
    for name in LockKeys.model_fields:
        assert f"[audit.enforcement.lock.{name}]" in "".join(EXAMPLES)
        assert f"| key of `{name}` |" in PAGE


@pytest.mark.parametrize("example", EXAMPLES, ids=["dovecot", "sql", "ldap", "command", "storage"])
def test_each_example_is_a_whole_site_file(tmp_path: Path, example: str) -> None:
    secrets = tmp_path / "password"
    secrets.write_text("x")
    (tmp_path / "site.toml").write_text(
        re.sub(r'"/etc/postwarden/[\w-]+-password"', f'"{secrets}"', example), "utf-8"
    )
    settings = office.load(tmp_path / "site.toml").audit.enforcement
    assert settings
    assert enforcement.open(settings, tmp_path)


def test_the_questions_to_a_program_are_as_it_is_asked() -> None:
    told = [json.loads(line) for line in re.findall(r"^(\{\"do\".*\})$", PAGE, re.MULTILINE)]
    assert [question["do"] for question in told] == ["lock", "unlock", "list"]
    assert [list(question) for question in told] == [["do", "address", "reason"], ["do", "address"], ["do"]]


def test_the_page_names_what_the_deny_file_and_the_probe_are() -> None:
    assert denyfile.PROBE in PAGE
    assert all(f"`{login}`" in PAGE for login in doveadm.LOGINS)


@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_what_deploy_ships_for_each_dovecot_does_the_same(version: str) -> None:
    text = (PROJECT / f"deploy/dovecot/{version}/postwarden-locked.conf").read_text("utf-8")
    settings = {line.strip() for line in text.splitlines() if " = " in line and not line.startswith("#")}
    assert {"driver = passwd-file", "deny = yes", "skip = authenticated"} <= settings
    assert "/etc/dovecot/postwarden-locked" in text
    assert "userdb {" not in text
