# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a regulation file (TOML). An office may write its own: all its mistakes are found at once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from mailpolicy.files.fields import ARRAY, DISTINCT, NOT_EMPTY, Domain, Line, Text
from mailpolicy.files.problems import BadFile, Problems, suggestion
from mailpolicy.files.tables import check, join, kind
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.parameters import PARAMETERS, ROWS, Parameters

Article = Annotated[
    str,
    Field(
        pattern=r"^(\d+(\.\d+)?[a-zđ]?|căn cứ)$",
        json_schema_extra={
            "expected": 'an article: "9", "9.3" (Điều 9 khoản 3), "4.2c" (điểm c) or "căn cứ" (legal basis)'
        },
    ),
]
HowWord = Literal["enforce", "sweep", "report", "provision"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Header(_Table):
    """The table [regulation]."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$", json_schema_extra={"expected": "small letters, digits and hyphens"}
    )
    """What programs call it, as in soctrang-59-2024."""
    short: str = Field(pattern=r"^[A-Z]{2,6}$", json_schema_extra={"expected": "2 to 6 capital letters"})
    """Its short name in tables."""
    number: Line
    """The decision's number."""
    title: Line
    """The Vietnamese title."""
    title_en: Line
    """The title in English."""
    issuer: Line
    """Who issued it, in Vietnamese."""
    issuer_en: Line
    """Who issued it, in English."""
    date: dt.date | None = None
    """When it was signed; a draft has no date."""
    effective: dt.date | None = None
    """From when it holds."""
    status: Literal["draft", "in force"]
    """What the text says of itself."""
    domains: Annotated[tuple[Domain, ...], ARRAY, DISTINCT, NOT_EMPTY]
    """The official mail domains."""
    account_suffix: str = Field(
        default="", pattern=r"^\.[a-z0-9-]+$", json_schema_extra={"expected": "a suffix, as in .stnmt"}
    )
    """What every account of the office ends in."""
    citation_vi: Line
    """How a refusal cites it, in Vietnamese, short."""
    citation_en: Line
    """How a refusal cites it, in English, short."""


class DutyTable(_Table):
    """One [[duty]]."""

    code: Line
    """The duty's code, one of those above."""
    row: int = Field(ge=1, le=len(PARAMETERS))
    """The code's row in the list of duties above."""
    articles: Annotated[tuple[Article, ...], ARRAY, DISTINCT, NOT_EMPTY]
    """Where the text says it, in the order a refusal cites it."""
    how: Annotated[tuple[HowWord, ...], ARRAY, DISTINCT, NOT_EMPTY]
    """How it is met."""
    sentence: Text
    """The text's own words."""
    gloss: Line
    """One line of English."""
    parameters: dict[str, Any] = {}
    """Figures and conditions, checked by the code's own model."""


@dataclass(frozen=True, slots=True)
class RegulationFile:
    """A regulation file without a mistake: its header, and each duty with its parameters."""

    header: Header
    duties: tuple[tuple[DutyTable, Parameters], ...]


def read(path: Path) -> RegulationFile:
    """Read and check a regulation file. Raises BadFile with every mistake in it, or UnreadableFile."""
    return parse(read_toml(path), Problems(str(path)))


def parse(document: Mapping[str, Any], problems: Problems) -> RegulationFile:
    """Check what was read from a regulation file. Raises BadFile."""
    for name in sorted(document.keys() - {"regulation", "duty"}):
        problems.unknown(name, name, ("regulation", "duty"))
    header = _header(document.get("regulation"), problems)
    duties = _duties(document.get("duty"), problems)
    if problems.found or header is None:
        raise BadFile(problems.found)
    return RegulationFile(header, duties)


def _header(table: object, problems: Problems) -> Header | None:
    if isinstance(table, Mapping):
        return check(table, Header, "regulation", problems)
    wrong = "missing" if table is None else f"is {kind(table)}"
    problems.add("regulation", wrong, "a table [regulation] that says what it is")
    return None


def _duties(tables: object, problems: Problems) -> tuple[tuple[DutyTable, Parameters], ...]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        wrong = "missing" if tables is None else f"is {kind(tables)}"
        problems.add("duty", wrong, "tables [[duty]], one for each duty")
        return ()
    checked = [_duty(table, position, problems) for position, table in enumerate(tables)]
    _note_duplicates([table.get("code") for table in tables], problems)
    return tuple(sorted((one for one in checked if one), key=lambda one: one[0].row))


def _duty(table: Mapping[str, Any], position: int, problems: Problems) -> tuple[DutyTable, Parameters] | None:
    code = table.get("code")
    key = join("duty", position, *([code] if isinstance(code, str) and code else []))
    duty = check(table, DutyTable, key, problems)
    if not isinstance(code, str):
        return None
    if code not in PARAMETERS:
        problems.add(join(key, "code"), f'there is no duty "{code}"', suggestion(code, PARAMETERS))
        return None
    if duty and duty.row != ROWS[code]:
        problems.add(join(key, "row"), str(duty.row), f"{ROWS[code]}, the row of {code}")
    given = table.get("parameters", {})
    if not isinstance(given, Mapping):
        return None
    parameters = check(given, PARAMETERS[code], join(key, "parameters"), problems)
    return (duty, parameters) if duty and parameters else None


def _note_duplicates(codes: list[object], problems: Problems) -> None:
    for position, code in enumerate(codes):
        if isinstance(code, str) and (first := codes.index(code)) < position:
            problems.add(
                join("duty", position, code, "code"),
                f'"{code}" is there twice (first as duty[{first + 1}])',
                "one [[duty]] for each code, with all its articles",
            )
