# SPDX-License-Identifier: GPL-3.0-or-later
"""From rows of text to mailboxes and units: the same for every source, with every mistake said in one go."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mailaudit.directory.columns import MAILBOX, UNIT, Column
from mailpolicy.directory import Mailbox, Unit
from mailpolicy.files.problems import Problems

TOO_LIKE = 0.7  # of 1: a column called so is a misspelt one of ours

Item = TypeVar("Item", Mailbox, Unit)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column, no space around them. `where` is as a message says it: "line 3", "row 3", a DN."""

    where: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table(Generic[Item]):
    """A kind of table: its columns, which of them names a row and may be neither empty nor there twice."""

    columns: Mapping[str, Column]
    key: str
    make: Callable[..., Item]


MAILBOXES = Table(MAILBOX, "address", Mailbox)
UNITS = Table(UNIT, "name", Unit)


def check_names(names: Sequence[str], where: str, table: Table[Item], problems: Problems) -> bool:
    """Note columns repeated, missing or misspelt; return whether rows can be read at all.

    An office's own columns, whose names are like none of ours, are passed over.
    """
    for position, name in enumerate(names):
        place = f"{where}, column {position + 1}"
        if name in names[:position]:
            problems.add(place, f'a second column "{name}"', "each column once")
        elif name not in table.columns and (
            meant := difflib.get_close_matches(name, table.columns, 1, TOO_LIKE)
        ):
            problems.add(place, f'unknown column "{name}"', f'"{meant[0]}"')
    if table.key not in names:
        problems.add(where, f'no column "{table.key}"', f"a header with some of {', '.join(table.columns)}")
    return table.key in names


def read_rows(rows: Iterable[Row], table: Table[Item], problems: Problems) -> list[Item]:
    """Return what the rows say. Their mistakes are noted; a cell that is empty says nothing."""
    first_seen: dict[str, str] = {}
    items: list[Item] = []
    for row in rows:
        values = _values(row, table, problems)
        if table.key not in values:
            continue
        if (first := first_seen.setdefault(values[table.key], row.where)) is not row.where:
            wrong = f"{values[table.key]} is already at {first}"
            problems.add(f"{row.where}, {table.key}", wrong, "each once")
        items.append(table.make(**values))
    return items


def check_tree(units: Iterable[Unit], problems: Problems) -> Problems:
    """Note and return units that lie within themselves: nobody could say what is above them."""
    parents = {unit.name: unit.parent for unit in units}
    free = {""}  # those from which the way up is known to end
    for name in parents:
        way: dict[str, None] = {}
        while name not in free and name not in way:
            way[name] = None
            name = parents.get(name, "")  # noqa: PLW2901  the way up
        if name in way:
            problems.add(f"unit {name}, parent", "it lies within itself", "a parent that is not below it")
        free.update(way)
    return problems


def _values(row: Row, table: Table[Item], problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    cells = row.cells
    for name, column in table.columns.items():
        cell = cells.get(name, "")
        if not (cell or name == table.key):
            continue
        try:
            if not cell:
                raise ValueError
            values[name] = column.read(cell)
        except ValueError:
            problems.add(f"{row.where}, {name}", f'"{cell}"' if cell else "empty", column.expected)
    return values
