# SPDX-License-Identifier: GPL-3.0-or-later
"""Regulations as people and programs read them: tables for a console, plain values for JSON."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailpolicy.dutytable import Cell, Row
from mailpolicy.implemented import exists
from mailpolicy.parameters import Parameters
from mailpolicy.regulation import Duty, How, Regulation


def regulation_values(regulation: Regulation) -> dict[str, Any]:
    """Return the title block as JSON values. Dates are ISO 8601 or null."""
    return {
        "name": regulation.name,
        "short": regulation.short,
        "number": regulation.number,
        "title": regulation.title,
        "title_en": regulation.title_en,
        "issuer": regulation.issuer,
        "issuer_en": regulation.issuer_en,
        "date": regulation.date and regulation.date.isoformat(),
        "effective": regulation.effective and regulation.effective.isoformat(),
        "status": regulation.status,
        "domains": list(regulation.domains),
        "account_suffix": regulation.account_suffix,
        "citation_vi": regulation.citation_vi,
        "citation_en": regulation.citation_en,
    }


def duty_values(duty: Duty) -> dict[str, Any]:
    """Return a duty as JSON values. `exists` tells for each way of meeting it whether the code is there."""
    return {
        "code": duty.code,
        "row": duty.row,
        "article": duty.article,
        "articles": list(duty.articles),
        "how": list(duty.how),
        "exists": {how: exists(duty.code, how) for how in duty.how},
        "parameters": duty.parameters.model_dump(mode="json", exclude_unset=True),
        "sentence": duty.sentence,
        "gloss": duty.gloss,
    }


def row_values(row: Row) -> dict[str, Any]:
    """Return a row of the duty table as JSON values; null for a regulation that is silent on the duty."""
    cells = {name: cell and _cell_values(cell) for name, cell in row.cells.items()}
    return {"row": row.number, "code": row.code, "regulations": cells}


def _cell_values(cell: Cell) -> dict[str, Any]:
    return {
        "article": cell.duty.article,
        "articles": list(cell.duty.articles),
        "how": list(cell.duty.how),
        "exists": dict(cell.exists),
        "not_enforced": cell.not_enforced or None,
    }


def regulations_table(regulations: Iterable[Regulation]) -> Table:
    """Return one line for each regulation."""
    table = _table("name", "short", "number", "issuer", "title", "duties")
    for one in regulations:
        table.add_row(one.name, one.short, one.number, one.issuer, one.title, str(len(one.duties)))
    return table


def print_regulation(regulation: Regulation, console: Console) -> None:
    """Print the title block, the table of duties, and what each duty says."""
    console.print(_title_block(regulation))
    console.print(_duties_table(regulation.duties))
    console.print(_tally(regulation.duties))
    for duty in regulation.duties:
        console.print(_said(duty))


def print_duty_table(rows: Sequence[Row], regulations: Sequence[Regulation], console: Console) -> None:
    """Print the table regulation x duty, what its letters mean, and why some duties are not enforced."""
    table = _table("row", "duty", *(one.short for one in regulations))
    for row in rows:
        cells = (_cell_text(row.cells[one.name]) for one in regulations)
        table.add_row(str(row.number), row.code, *cells)
    console.print(table)
    held = [cell for row in rows for cell in row.cells.values() if cell]
    console.print(_LEGEND, soft_wrap=True)
    console.print(_tally(cell.duty for cell in held))
    console.print(Text("Enforced elsewhere, but not here:", style="bold"))
    for row in rows:
        for one in regulations:
            if (cell := row.cells[one.name]) and cell.not_enforced:
                where = f"  {row.code}, {one.short} {cell.duty.article}"
                console.print(f"{where}: {cell.not_enforced}", soft_wrap=True)


_LEGEND = (
    "\nArticle, then how the duty is met: E enforced at the door, S swept from the logs, R reported, "
    "P provisioned. + the code is there, - not yet."
)


def _cell_text(cell: Cell | None) -> str:
    """A cell, as in `5.4 S+ E+`; "-" where the text is silent."""
    if cell is None:
        return "-"
    ways = (f"{how[0].upper()}{'+' if there else '-'}" for how, there in cell.exists.items())
    return " ".join((cell.duty.article, *ways))


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _title_block(regulation: Regulation) -> RenderableType:
    block = Table.grid(padding=(0, 2))
    dates = [f"signed {regulation.date}"] if regulation.date else []
    dates += [f"in effect from {regulation.effective}"] if regulation.effective else []
    suffix = f" (accounts end in {regulation.account_suffix})" if regulation.account_suffix else ""
    for label, value in (
        ("regulation", f"{regulation.name} ({regulation.short})"),
        ("title", regulation.title),
        ("", regulation.title_en),
        ("issuer", regulation.issuer),
        ("", regulation.issuer_en),
        ("number", regulation.number),
        ("status", ", ".join([regulation.status, *dates])),
        ("domains", ", ".join(regulation.domains) + suffix),
        ("cited as", regulation.citation_vi),
        ("", regulation.citation_en),
    ):
        block.add_row(Text(label, style="bold"), value)
    return Padding(block, (0, 0, 1, 0), expand=False)


def _duties_table(duties: Iterable[Duty]) -> Table:
    table = _table("article", "duty", "parameters", "how it is met, and whether the code exists yet")
    for duty in duties:
        ways = ", ".join(f"{how}: {_yet(exists(duty.code, how))}" for how in duty.how)
        table.add_row(duty.article, duty.code, parameters_text(duty.parameters), ways)
    return table


def parameters_text(parameters: Parameters) -> str:
    """Return the parameters that are set, written as in the file."""
    given = sorted(parameters.model_fields_set, key=list(type(parameters).model_fields).index)
    return "; ".join(f"{name} = {_value(getattr(parameters, name))}" for name in given)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _yet(there: bool) -> str:
    return "yes" if there else "not yet"


def _tally(duties: Iterable[Duty]) -> RenderableType:
    ways = [(how, exists(duty.code, how)) for duty in duties for how in duty.how]
    asked = Counter(how for how, _ in ways)
    met = Counter(how for how, there in ways if there)
    counts = ", ".join(f"{how} {met[how]} of {asked[how]}" for how in How if asked[how])
    return Padding(Text(f"Code exists for: {counts}"), (1, 0), expand=False)


def _said(duty: Duty) -> RenderableType:
    return Group(
        Text(f"{duty.article} {duty.code}", style="bold"),
        Padding(Text(duty.sentence), (0, 0, 0, 2), expand=False),
        Padding(Text(duty.gloss, style="italic"), (0, 0, 1, 2), expand=False),
    )
