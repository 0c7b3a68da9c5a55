# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the template of reports for word processors, templates/report.docx, which an office may edit:
`python -m mailaudit.reports.wordtemplate FILE`. Its tags are docxtpl's; docs/reports.md lists them.

Margins, letters and the order of things are those of Decree 30/2020/NĐ-CP, Phụ lục I.
"""

import sys
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from mailaudit.reports.layout import KIND, MOTTO
from mailaudit.reports.wordshapes import CENTER, line, mark_row, rule, set_cell_margins, thin, two_cells

FONT = "Times New Roman"
"""Decree 30 names it; where it is missing, Liberation Serif takes its place, letter for letter as wide."""
TABLE_STYLE = "Bảng số liệu"
A4 = (Mm(210), Mm(297))
MARGINS = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(20)}


def make() -> Any:
    """Return the template as a document."""
    document = docx.Document()
    for paragraph in document.paragraphs:
        paragraph._element.getparent().remove(paragraph._element)
    _styles(document)
    _page(document.sections[0])
    _head(document)
    _title(document)
    _blocks(document, "blocks")
    _signature(document)
    _annexes(document)
    return document


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    body = document.styles.add_style("Nội dung", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.first_line_indent = Mm(10)
    body.paragraph_format.space_before, body.paragraph_format.space_after = Pt(3), Pt(4)
    body.paragraph_format.line_spacing = 1.1
    for level, size in ((1, 13), (2, 13)):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = None
        fonts = style.element.rPr.rFonts
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
        color = style.element.rPr.find(qn("w:color"))
        if color is not None:
            style.element.rPr.remove(color)
        style.paragraph_format.first_line_indent = Mm(10)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(6)
    cell = document.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style, cell.font.size = normal, Pt(10)


def _page(section: Any, *, landscape: bool = False) -> None:
    width, height = A4
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    for name, size in MARGINS.items():
        setattr(section, name, size)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = not landscape
    if not landscape:
        _page_number(section.header.paragraphs[0])


def _page_number(paragraph: Any) -> None:
    """In the middle above, from the second page on."""
    paragraph.alignment = CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)


def _head(document: Any) -> None:
    left, right = two_cells(document, (Mm(69), Mm(103)))
    line(left, "{{ head.superior }}", size=12)
    line(left, "{{ head.body }}", size=12, bold=True)
    rule(left, Mm(25))
    line(left, "{{ head.number }}", size=13)
    line(right, MOTTO[0], size=12, bold=True)
    line(right, MOTTO[1], size=13, bold=True)
    rule(right, Mm(25))
    line(right, "{{ day_line }}", size=13, italic=True)


def _title(document: Any) -> None:
    line(document, KIND, size=14, bold=True, before=14)
    line(document, "{{ head.title }}", size=14, bold=True)
    rule(document, Mm(52))
    line(document, "{{ head.subtitle }}", size=13, italic=True, after=8)
    line(document, "Kính gửi: {{ head.to }}", size=14, after=10)


def _blocks(document: Any, name: str) -> None:
    """The loop over blocks: each kind has its paragraph, for a word processor to change."""
    document.add_paragraph(f"{{%p for block in {name} %}}")
    for level in (1, 2):
        document.add_paragraph(f'{{%p if block.kind == "heading{level}" %}}')
        document.add_paragraph("{{ block.text }}", style=f"Heading {level}")
        document.add_paragraph("{%p endif %}")
    document.add_paragraph('{%p if block.kind == "paragraph" %}')
    document.add_paragraph("{{ block.text }}", style="Nội dung")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph('{%p if block.kind == "choices" %}')
    boxes = document.add_paragraph("☐ {{ block.first }}\t☐ {{ block.second }}")
    boxes.paragraph_format.left_indent = Mm(10)
    boxes.paragraph_format.tab_stops.add_tab_stop(Mm(85))
    boxes.paragraph_format.space_after = Pt(3)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph('{%p if block.kind == "picture" %}')
    line(document, "{{ block.image }}")
    line(document, "{{ block.caption }}", size=12, italic=True, after=8)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph('{%p if block.kind == "table" %}')
    line(document, "{{ block.caption }}", size=12, bold=True, before=8, after=3).keep_with_next = True
    document.add_paragraph("{%p if block.said %}")
    line(document, "{{ block.said }}", size=11, italic=True, after=3)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if block.rows %}")
    _table(document)
    thin(line(document, "", size=1))  # between two tables there must be a paragraph
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")


def _table(document: Any) -> None:
    """A table of any number of columns: loops over cells stand in cells of their own, as docxtpl wants it."""
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    loops = ("{%tc for column in block.columns %}", "{{ column }}", "{%tc endfor %}")
    cells = ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}")
    for number, texts in enumerate((loops, ("{%tr for row in block.rows %}", "", ""), cells)):
        for cell, text in zip(table.rows[number].cells, texts, strict=True):
            _cell(cell, text, bold=number == 0)
    _cell(table.rows[3].cells[0], "{%tr endfor %}")
    mark_row(table.rows[0], "w:tblHeader")  # on every page that the table reaches
    mark_row(table.rows[2], "w:cantSplit")
    set_cell_margins(table, Mm(0.9))


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = TABLE_STYLE
    paragraph.add_run(text).bold = bold


def _signature(document: Any) -> None:
    line(document, "", size=8)
    left, right = two_cells(document, (Mm(78), Mm(82)))
    mark_row(document.tables[-1].rows[0], "w:cantSplit")
    left.add_paragraph("{%p if head.maker %}")
    line(left, "{{ head.maker }}", size=13, bold=True)
    line(left, "{{ head.maker_note }}", size=13, italic=True)
    left.add_paragraph("{%p else %}")
    given = left.add_paragraph()
    run = given.add_run("Nơi nhận:")
    run.bold = run.italic = True
    run.font.size = Pt(12)
    left.add_paragraph("{%p for one in recipients %}")
    left.add_paragraph().add_run("- {{ one }}").font.size = Pt(11)
    left.add_paragraph("{%p endfor %}")
    left.add_paragraph("{%p endif %}")
    line(right, "{{ head.signer }}", size=13, bold=True)
    line(right, "{{ head.signer_note }}", size=13, italic=True)
    for _ in range(4):
        line(right, "")


def _annexes(document: Any) -> None:
    """On pages that lie, after the pages that stand."""
    _page(document.add_section(WD_SECTION.NEW_PAGE), landscape=True)
    thin(document.paragraphs[-1].paragraph_format)  # it ends the pages that stand
    document.add_paragraph("{%p for annex in annexes %}")
    title = line(document, "{{ annex.title }}", size=13, bold=True, after=6)
    title.keep_with_next = True
    _blocks(document, "annex.blocks")
    document.add_paragraph("{%p endfor %}")


if __name__ == "__main__":
    make().save(Path(sys.argv[1]))
