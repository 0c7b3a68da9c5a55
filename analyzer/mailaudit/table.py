# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for people: in its width on a terminal, lines of aligned columns, never cut off, anywhere else."""

from collections.abc import Iterator, Sequence

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table

from mailpolicy.console import console
from mailpolicy.printable import printable

Row = Sequence[str]


def show_table(title: str, header: Row, rows: Sequence[Row]) -> None:
    """Print a table under its title, or without one if that is empty.

    Rich makes tables for screens; for a hundred thousand rows in a pipe it is far too slow.
    """
    here = console()
    shown = [[printable(cell) for cell in row] for row in rows]
    if here.is_terminal:
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
