# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a workbook: every table whole, numbers as numbers, and no text a formula."""

import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from audit.reportoffice import HOSTILE, document
from mailaudit.reports.document import Cell, Paragraph, Table
from mailaudit.reports.xlsx import HEADER_ROW, as_xlsx, title


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(document())))


def test_every_table_has_a_sheet_with_all_its_rows(book: Workbook) -> None:
    whole = [table for table in document().tables if table.rows]
    assert {table.name for table in whole} <= set(book.sheetnames)
    for table in whole:
        rows = list(book[table.name].iter_rows(min_row=HEADER_ROW + 1, values_only=True))
        assert list(rows[0]) == [title(column) for column in table.columns]
        for said, row in zip(rows[1:], [*table.rows, *([table.total] if table.total else [])], strict=False):
            there = [cell.date() if isinstance(cell, datetime) else cell for cell in said]
            assert there == [None if cell == "" else _stored(cell) for cell in row]
        assert len(rows) >= len(table.rows) + 1


def _stored(cell: Cell) -> Cell:
    """A share as Excel keeps it: sixteen digits."""
    return float(f"{cell:.16G}") if isinstance(cell, float) else cell


def test_the_persons_and_their_details_are_there_though_the_form_does_not_show_them(book: Workbook) -> None:
    shown = {block.name for block in document().blocks if isinstance(block, Table)}
    assert "ca-nhan" not in shown
    assert {"ca-nhan", "chi-tiet"} <= set(book.sheetnames)


def test_no_cell_is_a_formula_or_a_link(book: Workbook) -> None:
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert HOSTILE in {cell.value for cell in cells}


def test_the_first_sheet_holds_the_text(book: Workbook) -> None:
    page = book.worksheets[0]
    said = [str(value) for (value,) in page.iter_rows(max_col=1, values_only=True) if value]
    assert said[:2] == [document().head.superior, document().head.body]
    assert all(block.text in said for block in document().blocks if isinstance(block, Paragraph))
