# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/regulations.md against the files and models it describes."""

from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mailpolicy.files.expectation import accepted
from mailpolicy.parameters import PARAMETERS, ROWS
from mailpolicy.regulation import load, load_all
from mailpolicy.regulationfile import DutyTable, Header

PAGE = (Path(__file__).parents[2] / "docs" / "regulations.md").read_text("utf-8")
SHORTS = ("HCM", "TS", "CT", "ST", "MR")


def _table(first_line: str) -> list[str]:
    """Return the rows of the table that begins with this line."""
    return PAGE.partition(first_line + "\n")[2].partition("\n\n")[0].splitlines()[1:]


def _needed(field: FieldInfo) -> str:
    return "yes" if field.is_required() else "no"


def _keys(model: type[BaseModel]) -> list[str]:
    return [
        f"| `{name}` | {_needed(field)} | {accepted(model, (name,))} | {field.description} |"
        for name, field in model.model_fields.items()
    ]


def test_the_table_of_articles_is_what_the_files_hold() -> None:
    held = {short: load(short) for short in SHORTS}
    rows = []
    for code, row in ROWS.items():
        duties = [held[short].duty(code) for short in SHORTS]
        rows.append(
            f"| {row} | `{code}` | " + " | ".join(duty.article if duty else "-" for duty in duties) + " |"
        )
    assert _table("| row | duty | HCM | TS | CT | ST | MR |") == rows


def test_every_shipped_regulation_is_introduced() -> None:
    for one in load_all():
        assert f"| {one.short} | `{one.name}` | {one.issuer} |" in PAGE


def test_the_page_describes_every_key_of_a_regulation_file_and_no_other() -> None:
    header, duty = PAGE.partition("The table `[regulation]`:")[2].partition("Each `[[duty]]`:")[::2]
    assert [line for line in header.splitlines() if line.startswith("| `")] == _keys(Header)
    duty = duty.partition("The parameters a duty may have.")[0]
    assert [line for line in duty.splitlines() if line.startswith("| `")] == _keys(DutyTable)


def test_the_page_describes_every_parameter_and_no_other() -> None:
    rows = [
        f"| `{code}` | `{name}` | {accepted(model, (name,))} | {field.description} |"
        for code, model in PARAMETERS.items()
        for name, field in model.model_fields.items()
    ]
    assert _table("| duty | parameter | value | what it is |") == rows
