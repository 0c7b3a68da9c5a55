# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as a document: its head, its paragraphs, tables and pictures in order, and who signs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mailaudit.reports import words

Cell = str | int | float | date | None


class Form(StrEnum):
    """How the values of a column are shown. Shares are from 0 to 1, sizes in bytes."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    SIZE = "size"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, form, and width compared with the others."""

    title: str
    form: Form = Form.TEXT
    width: float = 1.0

    def shown(self, value: Cell) -> str:
        """Return a value as offices write it; of None nothing."""
        match value:
            case None:
                return ""
            case str():
                return value
            case date():
                return words.day(value)
        if self.form is Form.SHARE:
            return words.percent(value)
        return words.size(value) if self.form is Form.SIZE else words.number(value)

    @property
    def is_text(self) -> bool:
        """Whether it is read from the left, unlike numbers and days."""
        return self.form is Form.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns. `total`, if there is one, is the last row; `empty` is said if there are none.

    `notable` are the numbers of the rows with something to say, where the others can be left out on paper.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    empty: str = "Không có."
    notable: Sequence[int] | None = None

    def at_most(self, limit: int) -> "tuple[Sequence[Sequence[Cell]], str]":
        """Return so many rows at most, and what must be said of those left out ("": none are)."""
        if len(self.rows) <= limit:
            return self.rows, ""
        chosen = [self.rows[n] for n in self.notable] if self.notable is not None else self.rows
        which = "có ghi chú" if self.notable is not None else "đầu"
        said = f"Ở đây chỉ nêu {words.number(min(limit, len(chosen)))} dòng {which} trong tổng số "
        said += f"{words.number(len(self.rows))} dòng; danh sách đầy đủ có trong tệp .xlsx của báo cáo này."
        return chosen[:limit], said


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 as in `I. ...`, level 2 as in `1. ...`."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences, or an item of a list as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Boxes to tick, one text each."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines and bars over the parts of the period."""

    name: str
    caption: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Annex:
    """From here on is an annex, which begins on a new page."""

    title: str


Block = Heading | Paragraph | Choices | Table | Picture | Annex


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and below the text, as Decree 30/2020/NĐ-CP, Phụ lục I orders it."""

    superior: str
    body: str
    number: str
    place: str
    title: str
    subtitle: str
    to: str
    signer: str
    signer_note: str
    recipients: Sequence[str] = ()
    maker: str = ""
    maker_note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `facts` are its numbers by name, `tables` all there are, shown or not."""

    head: Head
    blocks: Sequence[Block]
    tables: Sequence[Table]
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def annexes_at(self) -> int:
        """How many blocks come before the first annex: the signature stands there."""
        places = [number for number, one in enumerate(self.blocks) if isinstance(one, Annex)]
        return places[0] if places else len(self.blocks)
