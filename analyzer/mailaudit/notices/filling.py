# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets a letter's rendered text in lines, so that names and dates of any length leave it readable."""

import re
import textwrap
import unicodedata

WIDTH = 76  # RFC 5322, 2.1.1 wants at most 78
_ITEM = re.compile(r"- ")


def fill(subject: str, body: str) -> tuple[str, str]:
    """Return a subject in one line and a body in paragraphs, both in NFC.

    Lines that follow each other are one paragraph; one that begins with "- " begins an item of a list.
    """
    paragraphs = re.split(r"\n\s*\n", unicodedata.normalize("NFC", body).strip())
    text = "\n\n".join("\n".join(map(_lines, _items(paragraph))) for paragraph in paragraphs)
    return unicodedata.normalize("NFC", subject), f"{text}\n"


def _items(paragraph: str) -> list[str]:
    items: list[str] = []
    for line in filter(None, map(str.strip, paragraph.splitlines())):
        if not items or _ITEM.match(line):
            items.append(line)
        else:
            items[-1] += f" {line}"
    return items


def _lines(item: str) -> str:
    """A word that is longer than a line, as an address may be, stays whole."""
    indent = "  " if _ITEM.match(item) else ""
    return textwrap.fill(
        item, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
