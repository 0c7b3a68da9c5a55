# SPDX-License-Identifier: GPL-3.0-or-later
"""The seals that documents with state secrets carry, read from data/state-secret-marks.toml."""

import tomllib
from dataclasses import dataclass
from typing import Literal

from mailpolicy.lists.datafile import DataFile

MAX_SEAL = 120  # characters of a piece of text that may be a seal, frame and letter-spacing included
AROUND = " \t\xa0\"'`~!#*_=+-.,;:<>[](){}|/\\«»“”‘’„–—•·…│┃║─━═┌┐└┘├┤┬┴┼╔╗╚╝█▌▐"
"""What may be drawn around a seal."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One seal; the data file tells what its fields mean."""

    name: str
    text: str
    certain: Literal["alone", "document", "with"]
    plain: str = ""
    level: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The seals by their text without spaces, their levels in small letters, and what stands around them."""

    seals: dict[str, Mark]
    levels: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    mottoes: tuple[str, ...]
    fields: tuple[str, ...]


def _marks(text: str) -> Marks:
    data = tomllib.loads(text)
    known = [Mark(**table) for table in data["mark"]]
    return Marks(
        seals={text.replace(" ", ""): mark for mark in known for text in (mark.text, mark.plain) if text},
        levels=frozenset(mark.text.casefold() for mark in known if mark.level),
        before=frozenset(data["innocent"]["before"]),
        after=frozenset(data["innocent"]["after"]),
        mottoes=tuple(data["document"]["mottoes"]),
        fields=tuple(data["document"]["fields"]),
    )


marks = DataFile("state-secret-marks.toml", _marks)
"""The marks there are."""


def seal(piece: str) -> Mark | None:
    """Return the mark that a piece of text consists of, whatever frame is around it, letter-spaced or not."""
    if len(piece) > MAX_SEAL:
        return None
    return marks().seals.get("".join(piece.strip(AROUND).split()))
