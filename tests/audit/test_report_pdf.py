# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as PDF: its text can be read back, its fonts are in it, its pages are A4."""

import io
import re
import unicodedata
from typing import Any

import pypdf
import pytest

from audit.reportoffice import document
from mailaudit.reports.document import Heading
from mailaudit.reports.pdf import as_pdf

A4 = (595, 842)


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(as_pdf(document())))


def plain(text: str) -> str:
    """Without the blanks and breaks of lines that a page puts in."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def test_its_text_is_that_of_the_report(pdf: pypdf.PdfReader) -> None:
    said = "".join(page.extract_text() for page in pdf.pages)
    assert unicodedata.is_normalized("NFC", said)
    assert plain("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") in plain(said)
    headings = [block.text for block in document().blocks if isinstance(block, Heading)]
    assert headings
    for text in (*headings, document().head.title, "Nơi nhận:", "Tổng cộng"):
        assert plain(text) in plain(said)


def test_its_fonts_are_in_it_and_one_is_a_serif(pdf: pypdf.PdfReader) -> None:
    fonts: dict[str, Any] = {}
    for page in pdf.pages:
        resources: Any = page["/Resources"].get_object()
        for font in resources.get("/Font", {}).values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[str(below["/BaseFont"])] = below["/FontDescriptor"].get_object()
    assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts.values())
    assert any("Serif" in name or "Times" in name for name in fonts)


def test_its_pages_are_a4_and_annexes_lie(pdf: pypdf.PdfReader) -> None:
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages]
    assert sizes[0] == A4
    assert sizes[-1] == A4[::-1]
    assert set(sizes) == {A4, A4[::-1]}


def test_pages_are_numbered_from_the_second_on(pdf: pypdf.PdfReader) -> None:
    numbers = [page.extract_text().split("\n")[0].strip() for page in pdf.pages]
    assert numbers[0] != "1"
    assert "2" in pdf.pages[1].extract_text().split()
