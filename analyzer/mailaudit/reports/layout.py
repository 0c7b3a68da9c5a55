# SPDX-License-Identifier: GPL-3.0-or-later
"""A document as pages are made of it: the text above the signature, the annexes below, and the day's line."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailaudit.reports import words
from mailaudit.reports.document import Annex, Block, Document
from mailpolicy.printable import printable

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
KIND = "BÁO CÁO"


@dataclass(frozen=True, slots=True)
class AnnexPages:
    """An annex: its title and what it holds."""

    title: str
    blocks: Sequence[Block]


def clean(text: str) -> str:
    """Return a text without the characters that XML does not allow or a reader would not see."""
    return words.NO_BREAK.join(map(printable, text.split(words.NO_BREAK)))


def main_blocks(document: Document) -> Sequence[Block]:
    """Return what stands above the signature."""
    return document.blocks[: document.annexes_at]


def annexes(document: Document) -> list[AnnexPages]:
    """Return what stands below it."""
    found: list[tuple[str, list[Block]]] = []
    for block in document.blocks[document.annexes_at :]:
        if isinstance(block, Annex):
            found.append((block.title, []))
        else:
            found[-1][1].append(block)
    return [AnnexPages(title, blocks) for title, blocks in found]


def day_line(document: Document) -> str:
    """Return place and date; the day and the month are left to who signs."""
    year = getattr(document.facts.get("made_on"), "year", "……")
    return f"{document.head.place}, ngày … tháng … năm {year}"
