# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding marks that stand the way a seal does: alone on a line, or in brackets, or at a title's head."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailpolicy.secretmarks.readings import readings
from mailpolicy.secretmarks.seals import AROUND, MAX_SEAL, Mark, marks, seal

LABELLED = "do-mat"
"""The name of a form's field that gives one level, as in `Độ mật: Tối mật`."""
_MAX_LINES = 500  # of one text; a seal stands on a document's first page
_MAX_LINE = 2_000  # characters; a longer line has no seal on it
_CELLS = re.compile(r"[\t|│┃║]|   +")
_BRACKETED = re.compile(r"[\[({*«]([^\[\](){}*«»]{1,60})[\])}*»]")
_PIECES = re.compile(r"[:;|–—]| - ")
_REPLIES = ("re", "fw", "fwd", "tl", "trả lời", "chuyển tiếp")
_WORDS = re.compile(r"[\s_.\-]+")
_SECRET_SERIES = re.compile(r"Số:? {0,3}\d{1,6}/[A-ZĐ-]{1,30}\(M\)")  # a habit of some offices, no rule


@dataclass(frozen=True, slots=True)
class Found:
    """The names of the marks in one text, and whether they are certain to be marks."""

    names: tuple[str, ...] = ()
    certain: bool = False


def in_text(text: str, *, small_capitals: bool = False) -> Found:
    """Find the marks of a text, as it is shown."""
    return _best(_in_lines(reading) for reading in readings(text, small_capitals=small_capitals))


def in_title(text: str) -> Found:
    """Find the marks of a subject: all of it, a piece between stops, or in brackets."""
    return _best(map(_in_one_title, readings(text)))


def in_file_name(name: str) -> Found:
    """Find the marks of a file's name: in brackets, all of it, or its first words."""
    stem = name.rpartition(".")[0] or name
    return _best(map(_in_one_name, readings(stem)))


def _best(found: Iterable[Found]) -> Found:
    return max(found, key=lambda one: (one.certain, len(one.names)))


def _in_lines(text: str) -> Found:
    lines = [line for line in text.splitlines() if line.strip()][:_MAX_LINES]
    seen = dict.fromkeys(mark for number in range(len(lines)) for mark in _on_line(lines, number))
    labelled = any(map(_labelled, lines))
    names = tuple(mark.name for mark in seen) + ((LABELLED,) if labelled else ())
    return Found(names, bool(names) and _certain(seen, labelled, text))


def _certain(seen: Iterable[Mark], labelled: bool, text: str) -> bool:
    """A document has one level: where several stand in a text it is a list of them, or an empty form."""
    found = list(seen)
    levels = [mark for mark in found if mark.level]
    if len(levels) > 1:
        return False
    if any(mark.certain == "alone" for mark in found) or (levels and len(found) > 1):
        return True
    return (labelled or any(mark.certain == "document" for mark in found)) and _is_document(text)


def _on_line(lines: list[str], number: int) -> Iterator[Mark]:
    """Give the seals that fill a line or a cell of it; behind some a term is written, as in `...: 20 năm`."""
    line = lines[number]
    if len(line) > _MAX_LINE:
        return
    for cell in (line, *_CELLS.split(line)):
        if mark := seal(cell):
            if mark.certain == "alone" or not (mark.level and _is_cut_word(lines, number)):
                yield mark
        elif (mark := seal(cell.partition(":")[0])) and not mark.level:
            yield mark


def _is_cut_word(lines: list[str], number: int) -> bool:
    """Whether MẬT is what a line break left of another word, such as MẬT KHẨU."""
    before = lines[number - 1].casefold().split() if number else []
    after = lines[number + 1].casefold().split() if number + 1 < len(lines) else []
    known = marks()
    return (bool(before) and before[-1].strip(AROUND) in known.before) or (
        bool(after) and after[0].strip(AROUND) in known.after
    )


def _labelled(line: str) -> bool:
    if len(line) > MAX_SEAL or "mật" not in (folded := line.casefold()):
        return False
    label, colon, value = folded.strip(AROUND).partition(":")
    return bool(colon) and label.strip().endswith("độ mật") and value.strip(AROUND) in marks().levels


def _is_document(text: str) -> bool:
    """Whether an official document is around: a motto of the State or the Party, or two of its fields."""
    known = marks()
    if any(motto in text for motto in known.mottoes):
        return True
    fields = sum(name in text for name in known.fields)
    return fields + bool(_SECRET_SERIES.search(text)) >= 2


def _in_one_title(title: str) -> Found:
    inner, pieces = _BRACKETED.findall(title), _PIECES.split(title)
    while len(pieces) > 1 and pieces[0].strip().casefold() in _REPLIES:
        del pieces[0]
    bracketed = _seals(inner)
    alone = [mark for mark in _seals(pieces) if mark.certain == "alone"]
    small = [mark for mark in _seals([pieces[0].upper()]) if mark.certain == "alone"]
    weaker = [*_seals(pieces[:1]), *_seals(map(str.upper, inner)), *small]
    certain = bool(alone) or any(mark.level for mark in bracketed)
    return _named([*bracketed, *alone, *weaker], certain=certain)


def _in_one_name(stem: str) -> Found:
    words = _WORDS.split(stem.strip(AROUND))
    head = "".join(words[:2])
    first_two = [mark for mark in _seals([head, head.upper()]) if mark.certain == "alone"]
    cut = len(words) > 1 and words[1].casefold() in marks().after
    first = [] if cut else _seals(words[:1])
    title = _in_one_title(stem.replace("_", " "))
    named = _named([*first_two, *first], certain=bool(first_two) and head.isupper())
    return Found(tuple(dict.fromkeys([*title.names, *named.names])), title.certain or named.certain)


def _seals(pieces: Iterable[str]) -> list[Mark]:
    return [mark for piece in pieces if (mark := seal(piece))]


def _named(found: list[Mark], *, certain: bool) -> Found:
    """Several levels in one title are a choice between them, as a form offers it."""
    levels = {mark for mark in found if mark.level}
    return Found(tuple(dict.fromkeys(mark.name for mark in found)), certain and len(levels) == 1)
