# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for spreadsheets, and as CSV. What a stranger wrote stays text: no cell becomes a formula.

CSV has commas, CRLF and, so that Excel takes it for UTF-8, a byte order mark. Excel in Vietnam parts cells by
semicolons: XLSX (mailaudit.workbook) is for it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Cell = str | int | float | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula when it reads CSV (OWASP, CSV Injection)."""


class Form(StrEnum):
    """How a column's numbers are shown in XLSX."""

    TEXT = ""
    NUMBER = "#,##0"
    SHARE = "0.0%"
    HOURS = "#,##0.0"
    DAY = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and form."""

    title: str
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under a name of up to 31 characters. Shares are from 0 to 1; None is an empty cell."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheet: Sheet) -> bytes:
    """Return one table as CSV; a text that would be taken for a formula has an apostrophe before it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.title for column in sheet.columns)
    for row in sheet.rows:
        writer.writerow(_harmless(cell) if isinstance(cell, str) else cell for cell in row)
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
