# SPDX-License-Identifier: GPL-3.0-or-later
"""The table regulation x duty: what each text asks, how it is met, and whether the code for it exists."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mailpolicy.implemented import exists
from mailpolicy.parameters import ROWS
from mailpolicy.regulation import Duty, How, Regulation


@dataclass(frozen=True, slots=True)
class Cell:
    """One duty of one regulation. `exists` tells of each way to meet it whether the code is there.

    `not_enforced` says why the gate enforces nothing here though it can elsewhere; "" where it does, or
    where nobody could.
    """

    duty: Duty
    exists: Mapping[How, bool]
    not_enforced: str


@dataclass(frozen=True, slots=True)
class Row:
    """One duty in all regulations, by their names; None where a text is silent on it."""

    number: int
    code: str
    cells: Mapping[str, Cell | None]


def duty_table(regulations: Sequence[Regulation]) -> list[Row]:
    """Return every duty there is, in the order of its number."""
    return [
        Row(number, code, {one.name: _cell(one, one.duty(code)) for one in regulations})
        for code, number in ROWS.items()
    ]


def _cell(regulation: Regulation, duty: Duty | None) -> Cell | None:
    if duty is None:
        return None
    reason = reasons().get(duty.code, {}).get(regulation.name, "")
    return Cell(duty, {how: exists(duty.code, how) for how in duty.how}, reason)


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    """Return the written reasons by duty code and regulation name."""
    data = files("mailpolicy").joinpath("data", "not-enforced.toml")
    return tomllib.loads(data.read_text("utf-8"))
