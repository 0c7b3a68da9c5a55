# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about the analyzer against the analyzer, both ways."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli_names import arguments_and_options
from mailaudit.cli import app
from mailaudit.logs.fields import FIELDS
from mailaudit.logs.gate import GATE, JsonKind
from mailaudit.logs.kinds import Kind, LineKind, Producer
from mailaudit.logs.parse import FACTS, PRODUCERS

DOCS = Path(__file__).parents[2] / "docs"
HEADINGS = {"postfix": "Postfix", "dovecot": "Dovecot", "gate": "The gate"}
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def section(page: str, heading: str) -> str:
    text = (DOCS / page).read_text("utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def fields(kind: Kind) -> list[str]:
    if isinstance(kind, LineKind):
        return list(kind.slots)
    assert isinstance(kind, JsonKind)
    return list(kind.keys.values())


@pytest.mark.parametrize("producer", PRODUCERS, ids=lambda producer: producer.name)
def test_the_page_lists_every_kind_of_line_with_its_fields(producer: Producer) -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| (.*) \|$", section("log-lines.md", HEADINGS[producer.name]), re.MULTILINE
    )
    assert {name: re.findall("`([^`]+)`", there) for name, there in rows} == {
        kind.name: fields(kind) for kind in producer.kinds
    }


def test_the_page_lists_every_column_of_the_facts() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| (.*) \|$", (DOCS / "facts-schema.md").read_text("utf-8"), re.MULTILINE
    )
    assert {name: type_ for name, type_, _ in rows} == dict(FACTS)
    assert {name: meaning for name, _, meaning in rows if name in FIELDS} == {
        name: field.meaning for name, field in FIELDS.items()
    }


def test_the_gate_writes_what_its_table_reads() -> None:
    page = (DOCS / "mailgate.md").read_text("utf-8")
    verdict = GATE.kinds[0]
    assert isinstance(verdict, JsonKind)
    assert set(verdict.keys) <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert "`queue_id`, `code`" in page


def test_the_command_lines_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS.parent)
    page = (DOCS / "mailaudit.md").read_text("utf-8")
    lines = re.findall(r"^\$ (mailaudit .+)$", page, re.MULTILINE)
    done = [CliRunner().invoke(app, shlex.split(line.replace("/tmp", str(tmp_path)))[1:]) for line in lines]
    assert [each.exit_code for each in done] == [0] * len(lines)
    assert "canbo6.stnmt@tphcm.gov.vn" in done[1].output


@pytest.mark.parametrize(
    "command",
    [
        "ingest",
        "follow",
        "last-login",
        "summary",
        "publish",
        "usage",
        "coverage",
        "trace",
        "violations",
        "metrics",
        "habits",
        "acknowledgement",
        "calendar",
        "signs",
        "report",
    ],
)
def test_the_page_names_every_argument_and_option(command: str) -> None:
    there = arguments_and_options(COMMANDS[command])
    documented = set(
        re.findall(r"^\| `([^`]+)` \|", section("mailaudit.md", f"mailaudit {command}"), re.MULTILINE)
    )
    assert documented | {"--help"} == there | {"--help"}


def test_the_page_has_a_section_for_every_command() -> None:
    page = (DOCS / "mailaudit.md").read_text("utf-8")
    assert set(re.findall(r"^## mailaudit (\S+)$", page, re.MULTILINE)) == set(COMMANDS)
