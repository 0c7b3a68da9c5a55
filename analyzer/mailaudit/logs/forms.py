# SPDX-License-Identifier: GPL-3.0-or-later
"""The usual forms of lines: literal text and fields, written so that a column of lines is read at once.

`to=<{recipient:<>"}>, size={size+:,}, {}` is text with fields in braces:

    {name:STOPS}     what stands before the first character that is one of STOPS, or before the line's end, if
                     the form ends there
    {name+:STOPS}    the same, and not empty; {name5+:STOPS}: of five bytes at least
    {name:STOPS|a-z} the same, of the characters after `|` only
    {:3*0-9}         so many characters of these
    {name}           the rest of the line, or what stands before the literal that ends the form
    {name!>,}        the same, if it does not hold `>,`
    {<name} {>name}  begin and end of a field that is made of text and of other fields

A field without a name is skipped; one whose type is a number has to be one. Which line has a form is decided
without going back: text is compared, and a field goes as far as it can.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.fields import FIELDS, INTEGER, NUMBER, STRING

MARKS = b"\n\"'()*,:;<=>[] "
"""The characters at which a field may stop."""
Characters = NDArray[np.bool_]
"""For each of the 256 bytes whether it is one of some characters."""

_FIELD = re.compile(
    r"\{(?P<edge>[<>])?(?P<name>[a-z_]*)(?:(?P<least>\d*)\+)?(?:!(?P<without>[^}]+)|:(?:(?P<count>\d+)\*|"
    r"(?P<stops>[^|}]*))\|?(?P<allowed>[^}]*))?\}"
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which bytes a field may hold, and which two bytes, as a number of 16 bits."""

    bytes: Characters
    pairs: Characters


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that must stand there, in words of eight bytes with a mask for the last, and its MARKS."""

    text: bytes
    words: tuple[tuple[int, np.uint64, np.uint64], ...]  # offset, mask, value
    marks: int


@dataclass(frozen=True, slots=True)
class Field:
    """A stretch up to the first of some characters, or of `count` characters."""

    name: str
    least: int
    stops: Characters
    allowed: Allowed | None
    count: int | None
    type: str  # of the field


@dataclass(frozen=True, slots=True)
class Rest:
    """All that is left before the literal that ends the form, without some text in it."""

    name: str
    least: int
    closing: Literal | None
    without: bytes | None


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a field of several parts begins or ends."""

    name: str
    begins: bool


Step = Literal | Field | Rest | Edge
Form = tuple[Step, ...]


@cache
def form(text: str) -> Form:
    """Return the steps of a form. Raises ValueError if a field does not stop where the next text begins."""
    steps: list[Step] = []
    at = 0
    for match in _FIELD.finditer(text):
        if match.start() > at:
            steps.append(_literal(text[at : match.start()]))
        steps.append(_step(match))
        at = match.end()
    if at < len(text):
        steps.append(_literal(text[at:]))
    return _closed(text, steps)


def _closed(text: str, steps: list[Step]) -> Form:
    """Let the rest of the line end before the last literal."""
    if len(steps) > 1 and isinstance(steps[-1], Literal) and isinstance(rest := steps[-2], Rest):
        steps[-2:] = [Rest(rest.name, rest.least, steps[-1], rest.without)]
    followed = [step for step in steps if not isinstance(step, Edge)]
    for step, following in pairwise(followed):
        stops_there = isinstance(following, Literal) and isinstance(step, Field)
        if isinstance(step, Rest) or (
            isinstance(step, Field)
            and step.count is None
            and not (stops_there and step.stops[following.text[0]])  # type: ignore[union-attr]
        ):
            raise ValueError(f"a field does not end where the next text begins: {text}")
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    name, least = match["name"], 0 if match["least"] is None else int(match["least"] or 1)
    if match["edge"]:
        return Edge(name, match["edge"] == "<")
    if match["stops"] is None and match["count"] is None:
        return Rest(name, least, None, match["without"].encode() if match["without"] else None)
    if not set((match["stops"] or "").encode()) <= set(MARKS):
        raise ValueError(f"no place to stop at: {match[0]}")
    type_ = FIELDS[name].type if name in FIELDS else STRING
    allowed = match["allowed"] or {INTEGER: "0-9", NUMBER: "0-9."}.get(type_, "")
    return Field(
        name,
        least,
        _characters((match["stops"] or "") + "\n"),
        _allowed(allowed) if allowed else None,
        int(match["count"]) if match["count"] else None,
        type_,
    )


def _characters(text: str) -> Characters:
    found = np.zeros(256, np.bool_)
    for first, last in re.findall(r"(.)(?:-(.))?", text, re.DOTALL):
        found[ord(first) : ord(last or first) + 1] = True
    return found


@cache
def _allowed(text: str) -> Allowed:
    found = _characters(text)
    return Allowed(found, np.logical_and.outer(found, found).ravel())


def _literal(text: str) -> Literal:
    encoded = text.encode()
    words = []
    for offset in range(0, len(encoded), 8):
        word = encoded[offset : offset + 8]
        mask = (1 << 8 * len(word)) - 1
        words.append((offset, np.uint64(mask), np.uint64(int.from_bytes(word, "little"))))
    return Literal(encoded, tuple(words), sum(byte in MARKS for byte in encoded))
