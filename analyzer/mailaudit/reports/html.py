# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report as one HTML file: for a screen, a phone and paper, with nothing to fetch from elsewhere."""

import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from mailaudit.reports import layout, picture
from mailaudit.reports.document import Block, Cell, Document, Picture

TEMPLATES = Path(__file__).parent / "templates"
ROWS = 3000
"""So many rows of a table a page holds at most: phones have to lay them out."""
DOTS = re.compile(r"…{2,}(?: \(đơn vị điền\))?")


def page(document: Document, template: str = "page.html", rows: int = ROWS) -> str:
    """Return the page; every text in it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"marked": marked, "kind": kind_of, "svg": _svg, "sort_key": _sort_key}
    return environment.get_template(template).render(
        head=document.head,
        motto=layout.MOTTO,
        kind=layout.KIND,
        day_line=layout.day_line(document),
        blocks=layout.main_blocks(document),
        annexes=layout.annexes(document),
        rows=rows,
    )


def marked(text: str) -> Markup:
    """Escape a text, and mark the blanks that people fill in."""
    return Markup(DOTS.sub(r'<span class="blank">\g<0></span>', str(escape(text))))  # noqa: S704  escaped


def kind_of(block: Block) -> str:
    """Return what kind of block it is, in lower case."""
    return type(block).__name__.lower()


def _svg(one: Picture) -> Markup:
    return Markup(picture.svg(one))  # noqa: S704  made here; its labels are escaped by who draws it


def _sort_key(value: Cell) -> str:
    return "" if value is None else str(value)
