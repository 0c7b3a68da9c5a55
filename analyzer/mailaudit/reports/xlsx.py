# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report as a workbook: its text on the first sheet, every table whole on one of its own."""

import io
import math
from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mailaudit.reports import layout
from mailaudit.reports.document import Annex, Cell, Choices, Column, Document, Form, Heading, Paragraph, Table

LONGEST = 32767  # characters that Excel allows in a cell
FORMS = {
    Form.TEXT: "",
    Form.NUMBER: "#,##0",
    Form.SHARE: "0.0%",
    Form.SIZE: "#,##0",
    Form.DAY: "dd/mm/yyyy",
}
"""Excel writes them with the points and commas of whose computer it is on."""
TITLE_ROW, HEADER_ROW = 0, 2
NO_TRICKS = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
FONT = {"font_name": "Times New Roman", "font_size": 12}
PAPER_A4 = 9
TEXT_WIDTH = 72
"""Of the text's only column, in characters: as wide as the page."""
WIDEST = 44
"""Of a column of a table."""
LINE = 16.5
"""A line's height in points. Programs differ in whether they see by themselves how high a row must be."""


def as_xlsx(document: Document) -> bytes:
    """Return the workbook. No text in it is a formula or a link."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, **NO_TRICKS}) as book:
        formats = _formats(book)
        _text_sheet(book.add_worksheet("bao-cao"), document, formats)
        for table in document.tables:
            if table.rows or table.name in {
                block.name for block in document.blocks if isinstance(block, Table)
            }:
                page = book.add_worksheet(table.name)
                _table_sheet(page, table, formats)
                if table.name == "dien-bien":
                    _chart(book, page, table)
    return data.getvalue()


def _formats(book: xlsxwriter.Workbook) -> Mapping[str, Format]:
    cell = {**FONT, "valign": "top", "border": 1}
    made = {str(form): book.add_format(cell | {"num_format": text}) for form, text in FORMS.items() if text}
    made[Form.TEXT] = book.add_format(cell | {"text_wrap": True})
    made |= {
        f"total {form}": book.add_format(cell | {"bold": True, "num_format": text or "General"})
        for form, text in FORMS.items()
    }
    wrapped = {**FONT, "text_wrap": True, "valign": "top"}
    return made | {
        "title": book.add_format(FONT | {"bold": True, "font_size": 14}),
        "center": book.add_format(wrapped | {"bold": True, "align": "center"}),
        "italic": book.add_format(wrapped | {"italic": True, "align": "center"}),
        "header": book.add_format(
            {
                **cell,
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#EEF2F7",
            }
        ),
        "heading": book.add_format(wrapped | {"bold": True}),
        "paragraph": book.add_format(wrapped),
    }


def _text_sheet(page: Worksheet, document: Document, formats: Mapping[str, Format]) -> None:
    """The report's text; where a table stands, the name of its sheet does."""
    page.set_column(0, 0, TEXT_WIDTH)
    page.set_paper(PAPER_A4)
    page.set_margins(left=0.8, right=0.6)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    head = document.head
    for row, (text, form) in enumerate([*_above(document), *_said(document), *_below(document)]):
        page.set_row(row, LINE * _lines(text, TEXT_WIDTH * 1.1))
        page.write_string(row, 0, layout.clean(text)[:LONGEST], formats[form])
    page.set_footer("&C&P")
    page.set_header(f"&R{layout.clean(head.number).replace('&', '&&')}")


def _above(document: Document) -> list[tuple[str, str]]:
    head = document.head
    named = (head.superior, head.body, *layout.MOTTO)
    return [
        *((text, "center") for text in named),
        (layout.day_line(document), "italic"),
        (head.number, "paragraph"),
        (f"{layout.KIND}: {head.title}", "center"),
        (head.subtitle, "italic"),
        (f"Kính gửi: {head.to}", "center"),
    ]


def _said(document: Document) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for block in document.blocks:
        match block:
            case Heading():
                said.append((block.text, "heading"))
            case Annex():
                said.append((block.title, "center"))
            case Paragraph():
                said.append((block.text, "paragraph"))
            case Choices():
                said += [(f"☐ {text}", "paragraph") for text in block.texts]
            case Table():
                said.append((f"{block.caption}: {_where(block)}", "paragraph"))
            case _:
                continue
    return said


def _where(table: Table) -> str:
    return f"xem trang tính {table.name}" if table.rows else table.empty


def _below(document: Document) -> list[tuple[str, str]]:
    head = document.head
    names = [(head.maker, head.maker_note)] if head.maker else []
    return [
        (text, form)
        for name, note in [*names, (head.signer, head.signer_note)]
        for text, form in ((name, "center"), (note, "italic"))
    ]


def _table_sheet(page: Worksheet, table: Table, formats: Mapping[str, Format]) -> None:
    page.write_string(TITLE_ROW, 0, table.caption, formats["title"])
    if not table.rows:
        page.write_string(TITLE_ROW + 1, 0, table.empty, formats["paragraph"])
    widths = [_width(table, number, column) for number, column in enumerate(table.columns)]
    for number, column in enumerate(table.columns):
        page.write_string(HEADER_ROW, number, title(column), formats["header"])
        page.set_column(number, number, widths[number])
    titles = [title(column) for column in table.columns]
    page.set_row(HEADER_ROW, LINE * _highest(titles, [width - 2 for width in widths]))
    for row, cells in enumerate(table.rows, start=HEADER_ROW + 1):
        if (lines := _highest(cells, widths)) > 1:
            page.set_row(row, LINE * lines)
        _row(page, row, cells, [formats[column.form] for column in table.columns])
    last = HEADER_ROW + len(table.rows)
    if table.total:
        _row(page, last + 1, table.total, [formats[f"total {column.form}"] for column in table.columns])
    page.freeze_panes(HEADER_ROW + 1, min(2, len(table.columns)))
    page.autofilter(HEADER_ROW, 0, max(last, HEADER_ROW), len(table.columns) - 1)
    page.set_landscape()
    page.set_paper(PAPER_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)
    page.set_footer("&C&P")


def title(column: Column) -> str:
    """Return what stands above a column: here sizes are whole bytes, to be added up."""
    return f"{column.title} (byte)" if column.form is Form.SIZE else column.title


def _row(page: Worksheet, row: int, cells: Sequence[Cell], forms: Sequence[Format]) -> None:
    for number, (cell, form) in enumerate(zip(cells, forms, strict=True)):
        match cell:
            case None | "":
                page.write_blank(row, number, None, form)
            case str():
                page.write_string(row, number, layout.clean(cell)[:LONGEST], form)
            case int() | float():
                page.write_number(row, number, cell, form)
            case _:
                page.write_datetime(row, number, cell, form)


def _width(table: Table, number: int, column: Column) -> float:
    """Of the title's longest word and of a sample of the cells, and no wider than can be read."""
    words = [len(word) + 3 for word in column.title.split()]  # beside it is the filter's button
    shown = [_length(row[number]) for row in (*table.rows[:200], *table.rows[-50:], *_sum(table))]
    return float(min(max(*words, *shown, 6) + 2, WIDEST))


def _sum(table: Table) -> Sequence[Sequence[Cell]]:
    return [table.total] if table.total else []


def _length(cell: Cell) -> int:
    """How many characters a cell takes: a share `100.0%`, a day `31/12/2026`."""
    match cell:
        case None:
            return 0
        case str():
            return len(cell)
        case int():
            return len(f"{cell:,}")
        case float():
            return len("100.0%")
    return len("31/12/2026")


def _highest(cells: Sequence[Cell], widths: Sequence[float]) -> int:
    texts = ((cell, width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str))
    return max((_lines(cell, width) for cell, width in texts), default=1)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; letters of this font are a little narrower than digits, words break."""
    return max(1, math.ceil(len(text) * 1.05 / width))


def _chart(book: xlsxwriter.Workbook, page: Worksheet, table: Table) -> None:
    """The trend as a picture that Excel draws of the cells."""
    chart = book.add_chart({"type": "column"})
    first, last = HEADER_ROW + 1, HEADER_ROW + len(table.rows)
    for number in (3, 4):
        chart.add_series(
            {
                "name": [table.name, HEADER_ROW, number],
                "categories": [table.name, first, 0, last, 0],
                "values": [table.name, first, number, last, number],
            }
        )
    chart.set_legend({"position": "top"})
    chart.set_size({"width": 640, "height": 220})
    page.insert_chart(last + 3, 0, chart)
