# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reports.md against the code, both ways; its commands are run."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.reportoffice import contents, document
from mailaudit.cli import app
from mailaudit.directory import office
from mailaudit.reports import docx, html, pdf
from mailaudit.reports.build import pictures
from mailaudit.reports.cli import Format
from mailaudit.reports.document import Head
from mailaudit.reports.facts import Facts
from mailaudit.reports.form import SHIPPED
from mailaudit.reports.settings import ReportSettings
from mailaudit.reports.span import read
from mailpolicy.regulation import names

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reports.md").read_text("utf-8")


def firsts(header: str) -> list[str]:
    """The first cells of the table whose header begins like this."""
    table = PAGE[PAGE.index(f"| {header} |") :].partition("\n\n")[0]
    return [line.strip("|").split("|")[0].strip().strip("`") for line in table.splitlines()[2:]]


def test_the_commands_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS.parent)
    lines = re.findall(r"^\$ (mailaudit .+)$", PAGE, re.MULTILINE)
    done = [CliRunner().invoke(app, shlex.split(line.replace("/tmp", str(tmp_path)))[1:]) for line in lines]
    assert [each.exit_code for each in done] == [0, 0, 0], [each.output for each in done]
    assert {file.suffix for file in (tmp_path / "postwarden-try").glob("report.*")} == {".docx", ".pdf"}


def test_the_settings_lines_names_and_variables_are_those_there_are() -> None:
    assert firsts("key") == list(ReportSettings.model_fields)
    assert firsts("line") == [
        *(field.name for field in fields(Head) if field.name not in ("recipients", "maker", "maker_note")),
        *("recipients", "maker", "maker_note"),
    ]
    there = {f"@{table.name}" for table in document().tables} | {f"!{name}" for name in pictures(contents())}
    assert set(firsts("name")) == there
    assert firsts("variable") == [field.name for field in fields(Facts)]


def test_the_forms_and_formats_are_those_there_are() -> None:
    forms = {file.stem for file in SHIPPED.glob("[!_]*.txt")}
    assert forms == {f"{name}-{who}" for name in firsts("regulation") for who in ("office", "unit")}
    assert set(firsts("regulation")) == set(names())
    assert set(firsts("format")) == set(Format)


def test_the_periods_are_periods_and_the_cuts_are_right() -> None:
    assert [read(text).kind for text in firsts("`--period`")] == ["quarter", "half-year", "year", "days"]
    cut = "at 200 rows in a PDF, 300 in a Word file, 3,000 in a page"
    assert cut in PAGE
    assert (pdf.ROWS, docx.ROWS, html.ROWS) == (200, 300, 3000)


def test_the_example_is_a_site_file(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "site.toml").write_text(example, "utf-8")
    assert office.load(tmp_path / "site.toml").audit.reports.templates == "reports"
