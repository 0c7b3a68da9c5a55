# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a Word file: read back, in official layout, from a template that an office may change."""

import io
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as Word
from docx.shared import Mm

from audit.reportoffice import UNIT, document
from mailaudit.reports import wordtemplate
from mailaudit.reports.document import Table
from mailaudit.reports.docx import NAME, SHIPPED, as_docx
from mailpolicy.files.problems import BadFile


@pytest.fixture(scope="module")
def word() -> Word:
    return docx.Document(io.BytesIO(as_docx(document())))


def texts(word: Word) -> list[str]:
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in word.paragraphs), *cells]


def test_its_text_is_that_of_the_report_in_nfc(word: Word) -> None:
    said = "\n".join(texts(word))
    assert unicodedata.is_normalized("NFC", said)
    for block in document().blocks:
        if text := getattr(block, "text", ""):
            assert text in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "{{" not in said
    assert "{%" not in said


def test_its_tables_have_every_row_and_the_sum(word: Word) -> None:
    by_head = {tuple(cell.text for cell in table.rows[0].cells): table for table in word.tables}
    shown = [one for one in document().blocks if isinstance(one, Table) and one.rows]
    assert shown
    for one in shown:
        table = by_head[tuple(column.title for column in one.columns)]
        rows = [*one.rows, *([one.total] if one.total else [])]
        assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [
            [column.shown(cell) for cell, column in zip(row, one.columns, strict=True)] for row in rows
        ]


def test_its_pages_have_the_margins_of_official_writing(word: Word) -> None:
    sections: Any = word.sections
    upright, lying = sections
    assert (round(upright.page_width / Mm(1)), round(upright.page_height / Mm(1))) == (210, 297)
    assert (round(lying.page_width / Mm(1)), round(lying.page_height / Mm(1))) == (297, 210)
    assert 30 <= round(upright.left_margin / Mm(1)) <= 35
    assert 15 <= round(upright.right_margin / Mm(1)) <= 20
    font = word.styles["Normal"].font
    assert (font.name, font.size and font.size.pt) == ("Times New Roman", 13)


def test_the_template_is_what_its_script_makes(tmp_path: Path) -> None:
    wordtemplate.make().save(tmp_path / "made.docx")
    for part in ("word/document.xml", "word/styles.xml"):
        made, shipped = (zipfile.ZipFile(file).read(part) for file in (tmp_path / "made.docx", SHIPPED))
        assert made == shipped


def test_an_offices_own_template_goes_before_ours(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("Hộp thư: {{ mailboxes }}, đăng nhập: {{ logins }}, của {{ unit }}")
    own.save(str(tmp_path / NAME))
    said = texts(docx.Document(io.BytesIO(as_docx(document(UNIT), tmp_path))))
    facts = document(UNIT).facts
    assert said == [f"Hộp thư: {facts['mailboxes']}, đăng nhập: {facts['logins']}, của {UNIT}"]


def test_a_template_that_makes_no_report_is_told_by_its_name(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("{{ mailboxes")
    own.save(str(tmp_path / NAME))
    with pytest.raises(BadFile, match=NAME):
        as_docx(document(), tmp_path)
