# SPDX-License-Identifier: GPL-3.0-or-later
"""What the template for word processors is put together from: lines in the middle, rules, cells."""

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

CENTER = WD_ALIGN_PARAGRAPH.CENTER


def line(
    where: Any,
    text: str,
    *,
    size: int = 13,
    bold: bool = False,
    italic: bool = False,
    before: int = 0,
    after: int = 0,
) -> Any:
    """Add a line of text in the middle, sizes in points; return the format of its paragraph."""
    paragraph = where.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = CENTER, Pt(before), Pt(after)
    return shape


def thin(shape: Any) -> None:
    """Make a paragraph of this format so low that no page begins for its sake."""
    shape.line_spacing, shape.space_before, shape.space_after = Pt(1), Pt(0), Pt(0)


def rule(where: Any, indent: Any) -> None:
    """Draw a line in the middle: the upper edge of an empty paragraph that is indented on both sides."""
    shape = line(where, "", size=4)
    shape.left_indent = shape.right_indent = indent
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    where.paragraphs[-1]._element.get_or_add_pPr().append(borders)


def two_cells(document: Any, widths: tuple[Any, Any]) -> tuple[Any, Any]:
    """Add two cells of these widths beside each other, without borders, and return them, empty."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER  # both heads find room only a little beyond the margins
    cells = table.rows[0].cells
    for cell, column, width in zip(cells, table.columns, widths, strict=True):
        cell.width = column.width = width
        cell._element.remove(cell.paragraphs[0]._element)
    return cells[0], cells[1]


def mark_row(row: Any, mark: str) -> None:
    """Give a table's row a property that holds by being there, as `w:tblHeader`."""
    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def set_cell_margins(table: Any, width: Any) -> None:
    """Set the margins within a table's cells, left and right: ten columns have to find room on a page."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(width.twips))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)
