# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report as PDF: A4 with the margins and letters of Decree 30/2020/NĐ-CP, Phụ lục I."""

from typing import Any, NoReturn

from weasyprint import HTML

from mailaudit.reports import html
from mailaudit.reports.document import Document

ROWS = 200
"""So many rows of a table are printed at most; whoever wants all of them has the workbook."""


def as_pdf(document: Document) -> bytes:
    """Return the file, with its fonts in it."""
    text = html.page(document, "paper.html", ROWS)
    made: Any = HTML(string=text, url_fetcher=_fetch_nothing).write_pdf()
    return bytes(made)


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a report fetches nothing, {url} neither")
