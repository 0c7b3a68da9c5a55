# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for people: short ones in its width on a terminal, else lines of aligned columns, never cut off."""

from collections.abc import Iterator, Sequence

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table

from mailpolicy.console import console
from mailpolicy.printable import printable

Row = Sequence[str]
FOR_SCREENS = 500
"""The most rows that Rich lays out for a terminal. Each takes it a thousandth of a second."""


def show_table(title: str, header: Row, rows: Sequence[Row]) -> None:
    """Print a table under its title, or without one if that is empty."""
    here = console()
    shown = [[printable(cell) for cell in row] for row in rows]
    if here.is_terminal and len(rows) <= FOR_SCREENS:
        table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD)
        for name in header:
            table.add_column(name, overflow="fold")
        for cells in shown:
            table.add_row(*cells)
        here.print(table)
        return
    lines = _aligned([header, *shown])
    typer.echo("\n".join([title, *lines, ""] if title else lines))


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    columns = zip(*rows, strict=True)
    for cells in zip(*map(_padded, columns), strict=True):
        yield "  ".join(cells).rstrip()


def _padded(column: Sequence[str]) -> list[str]:
    """The cells of a column, printable, each with so much space that all take as much of a screen."""
    widths = [len(cell) if cell.isascii() else cell_len(cell) for cell in column]
    widest = max(widths)
    return [cell + " " * (widest - width) for cell, width in zip(column, widths, strict=True)]
