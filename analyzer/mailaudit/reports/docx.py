# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report as .docx, into our template or an office's own."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docxtpl
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.table import Table as WordTable

from mailaudit.reports import layout, picture
from mailaudit.reports.document import Block, Choices, Column, Document, Heading, Picture, Table
from mailpolicy.files.problems import BadFile, Problem

NAME = "report.docx"
SHIPPED = Path(__file__).parent / "templates" / NAME
ROWS = 300
"""So many rows of a table at most: word processors take minutes to lay out thousands."""
UPRIGHT, LYING = Mm(160), Mm(247)
"""How wide a table is on a page that stands, and on one that lies."""


def as_docx(document: Document, own: Path | None = None) -> bytes:
    """Return the file; `own` is an office's folder, where a report.docx goes before ours. Raises BadFile."""
    file = own / NAME if own and (own / NAME).exists() else SHIPPED
    try:
        template = docxtpl.DocxTemplate(file)
        template.render(_values(document, template), autoescape=True)
    except Exception as error:  # whatever a template's own tags run into
        wrong = str(error) or type(error).__name__
        expected = "a template as docs/reports.md describes it"
        raise BadFile([Problem(str(file), "file", wrong, expected)]) from error
    _lay_out(template.docx, document)
    data = io.BytesIO()
    template.docx.save(data)
    return data.getvalue()


def _values(document: Document, template: Any) -> dict[str, Any]:
    annexes = layout.annexes(document)
    return {
        **document.facts,
        "head": document.head,
        "recipients": _listed(document.head.recipients),
        "day_line": layout.day_line(document),
        "blocks": [_block(one, template) for one in layout.main_blocks(document)],
        "annexes": [
            {"title": one.title, "blocks": [_block(block, template) for block in one.blocks]}
            for one in annexes
        ],
    }


def _listed(names: Sequence[str]) -> list[str]:
    """Each but the last ends in a semicolon."""
    return [f"{name}{'.' if number == len(names) else ';'}" for number, name in enumerate(names, start=1)]


def _block(one: Block, template: Any) -> dict[str, Any]:
    """What the template's loop is given of a block."""
    match one:
        case Heading():
            return {"kind": f"heading{one.level}", "text": layout.clean(one.text)}
        case Choices():
            first, *others = one.texts
            return {"kind": "choices", "first": layout.clean(first), "second": layout.clean(" ".join(others))}
        case Picture():
            image = docxtpl.InlineImage(template, io.BytesIO(picture.png(one)), width=UPRIGHT)
            return {"kind": "picture", "image": image, "caption": layout.clean(one.caption)}
        case Table():
            return _table(one)
        case _:
            return {"kind": "paragraph", "text": layout.clean(getattr(one, "text", ""))}


def _table(one: Table) -> dict[str, Any]:
    shown, said = one.at_most(ROWS)
    rows = [*shown, *([one.total] if one.total and shown else [])]
    return {
        "kind": "table",
        "caption": one.caption,
        "said": said if one.rows else one.empty,
        "columns": [column.title for column in one.columns],
        "rows": [_cells(row, one.columns) for row in rows],
    }


def _cells(row: Sequence[Any], columns: Sequence[Column]) -> list[str]:
    return [layout.clean(column.shown(cell)) for cell, column in zip(row, columns, strict=True)]


def _lay_out(word: Any, document: Document) -> None:
    """Give the tables their columns' widths, and numbers their side: loops can't."""
    shown = [one for one in document.blocks if isinstance(one, Table) and one.rows]
    wide = {id(block) for annex in layout.annexes(document) for block in annex.blocks}
    titles = {tuple(column.title for column in one.columns): one for one in shown}
    for table in word.tables:
        head = tuple(cell.text for cell in table.rows[0].cells)
        if one := titles.get(head):
            _columns(table, one, LYING if id(one) in wide else UPRIGHT)
    if not wide:
        last = word.sections[-1]
        last.orientation = WD_ORIENT.PORTRAIT
        last.page_width, last.page_height = Mm(210), Mm(297)


def _columns(table: WordTable, one: Table, whole: int) -> None:
    sum_ = sum(column.width for column in one.columns)
    widths = [Length(int(whole * column.width / sum_)) for column in one.columns]
    table.autofit = False
    for grid, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        grid.w = width
    for number, row in enumerate(table._tbl.tr_lst):
        is_total = bool(one.total) and number == len(table._tbl.tr_lst) - 1
        for cell, width, column in zip(row.tc_lst, widths, one.columns, strict=True):
            cell.width = width
            if number == 0:
                _align(cell, "center")
            elif not column.is_text:
                _align(cell, "center" if column.form == "day" else "right")
            if is_total:
                _embolden(cell)


def _align(cell: Any, side: str) -> None:
    for paragraph in cell.p_lst:
        jc = OxmlElement("w:jc")
        jc.set(qn("w:val"), side)
        paragraph.get_or_add_pPr().append(jc)


def _embolden(cell: Any) -> None:
    for paragraph in cell.p_lst:
        for run in paragraph.r_lst:
            run.get_or_add_rPr().append(OxmlElement("w:b"))
