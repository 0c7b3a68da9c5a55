# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory in CSV files. Cells are parted by commas or, as Excel writes them in Vietnam, by semicolons."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from mailaudit.directory.listing import Listing
from mailaudit.directory.rows import MAILBOXES, UNITS, Item, Row, Table, check_names, check_tree, read_rows
from mailpolicy.directory import Mailbox
from mailpolicy.files.problems import BadFile, Problem, Problems, UnreadableFile


def read(mailboxes: Path, units: Path | None = None) -> Listing:
    """Read a file of mailboxes and, if there is one, a file of units. Raises BadFile with every mistake."""
    found: list[Problem] = []
    boxes = _read(mailboxes, MAILBOXES, found)
    rooms = _read(units, UNITS, found) if units else []
    found += check_tree(rooms, Problems(str(units))).found
    if found:
        raise BadFile(found)
    return Listing(str(mailboxes), boxes, rooms)


def read_mailboxes(text: str, file: str) -> list[Mailbox]:
    """Read mailboxes from CSV text. Raises BadFile with every mistake, a mailbox listed twice included."""
    return _parse(text, file, MAILBOXES)


def _read(path: Path, table: Table[Item], found: list[Problem]) -> list[Item]:
    try:
        return _parse(_text(path), str(path), table)
    except UnreadableFile:
        raise
    except BadFile as bad:
        found += bad.problems
        return []


def _text(path: Path) -> str:
    file = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        wrong = f"can't be read ({error.strerror or error})"
        raise UnreadableFile([Problem(file, "file", wrong, "a readable CSV file")]) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{data[error.start]:02x} is not UTF-8"
        expected = 'UTF-8; Excel writes it as "CSV UTF-8 (Comma delimited)"'
        raise BadFile([Problem(file, f"line {line}", wrong, expected)]) from error


def _parse(text: str, file: str, table: Table[Item]) -> list[Item]:
    """The header names some of the table's columns, in any order; empty lines are passed over."""
    problems = Problems(file)
    lines = _lines(text.removeprefix("\ufeff"), problems)
    where, header = next(lines, ("line 1", []))
    names = [name.lower() for name in header]
    items: list[Item] = []
    if check_names(names, where, table, problems):
        items = read_rows(_rows(lines, names, problems), table, problems)
    problems.raise_if_any()
    if not items:
        problems.add("file", "lists nothing", f"one line for each {table.key} below the header")
    problems.raise_if_any()
    return items


def _lines(text: str, problems: Problems) -> Iterator[tuple[str, list[str]]]:
    """Every line that isn't empty, with its place. Where the text stops being CSV they end."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield f"line {line}", stripped
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(f"line {line}", f"not CSV ({error})", 'cells parted by , or ; and "quotes" that close')


def _rows(lines: Iterator[tuple[str, list[str]]], names: Sequence[str], problems: Problems) -> Iterator[Row]:
    """Cells that a line lacks at its end are empty; cells it has too many are a mistake."""
    for where, cells in lines:
        if any(cells[len(names) :]):
            problems.add(where, f"{len(cells)} cells", f"at most {len(names)}, as in the header")
        else:
            yield Row(where, dict(zip(names, cells, strict=False)))
