# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as an XLSX workbook: numbers as numbers, texts as texts and never as formulas or links."""

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from rich.cells import cell_len
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mailaudit.sheets import Cell, Column, Form, Sheet
from mailpolicy.printable import printable

LONGEST = 32767  # characters that Excel allows in a cell
WIDTHS = (8, 60)


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return tables as a workbook, with a frozen header each."""
    data = io.BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(data, {"in_memory": True, **options}) as book:
        bold = book.add_format({"bold": True})
        formats = {form: book.add_format({"num_format": form}) for form in Form if form}
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for number, column in enumerate(sheet.columns):
                cells = [row[number] for row in sheet.rows]
                _write_column(page, number, column, cells, bold, formats.get(column.form))
    return data.getvalue()


def _write_column(  # noqa: PLR0917  what a column is made of
    page: Worksheet, number: int, column: Column, cells: Sequence[Cell], bold: Format, form: Format | None
) -> None:
    widest = max((cell_len(str(cell)) for cell in (column.title, *cells) if cell is not None), default=0)
    page.set_column(number, number, min(max(widest + 2, WIDTHS[0]), WIDTHS[1]))
    page.write_string(0, number, column.title, bold)
    for row, cell in enumerate(cells, start=1):
        match cell:
            case None:
                continue
            case str():
                page.write_string(row, number, printable(cell)[:LONGEST])
            case date():
                page.write_datetime(row, number, cell, form)
            case _:
                page.write_number(row, number, cell, form)
