# SPDX-License-Identifier: GPL-3.0-or-later
"""The usual forms of lines: literal text and fields, which are read in one go from left to right.

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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from mailaudit.logs.fields import FIELDS, INTEGER, NUMBER, STRING

_FIELD = re.compile(
    r"\{(?P<edge>[<>])?(?P<name>[a-z_]*)(?:(?P<least>\d*)\+)?(?:!(?P<without>[^}]+)|:(?:(?P<count>\d+)\*|"
    r"(?P<stops>[^|}]*))\|?(?P<allowed>[^}]*))?\}"
)
_ALLOWED = {INTEGER: "0-9", NUMBER: "0-9."}


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that must stand there."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Field:
    """A stretch of `least` bytes or more up to the first that stops it, or of `count` bytes.

    Of `allowed` bytes only, if that is not None. It never goes past the line's end.
    """

    name: str
    least: int
    stops: frozenset[int]
    allowed: frozenset[int] | None
    count: int | None


@dataclass(frozen=True, slots=True)
class Rest:
    """All that is left but `left` bytes of the literal that ends the form, without some text in it."""

    name: str
    least: int
    without: bytes
    left: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a field of several parts begins or ends."""

    name: str
    begins: bool


Step = Literal | Field | Rest | Edge
Form = tuple[Step, ...]


@cache
def form(text: str) -> Form:
    """Return the steps of a form.

    Raises ValueError if a field does not stop where the next text begins, or has not both of two edges.
    """
    steps: list[Step] = []
    at = 0
    for match in _FIELD.finditer(text):
        if match.start() > at:
            steps.append(Literal(text[at : match.start()].encode()))
        steps.append(_step(match))
        at = match.end()
    if at < len(text):
        steps.append(Literal(text[at:].encode()))
    return _closed(text, steps)


def _closed(text: str, steps: list[Step]) -> Form:
    """Let the rest of the line end before the last literal."""
    if len(steps) > 1 and isinstance(closing := steps[-1], Literal) and isinstance(rest := steps[-2], Rest):
        steps[-2] = replace(rest, left=len(closing.text))
    followed = [step for step in steps if not isinstance(step, Edge)]
    if not all(_ends(step, following) for step, following in pairwise(followed)):
        raise ValueError(f"a field does not end where the next text begins: {text}")
    if not _have_two_ends([step for step in steps if isinstance(step, Edge)]):
        raise ValueError(f"a field without beginning or end: {text}")
    return tuple(steps)


def _have_two_ends(edges: Sequence[Edge]) -> bool:
    """Whether each field that begins ends later on, and the other way round."""
    names = {edge.name for edge in edges}
    return all([each.begins for each in edges if each.name == name] == [True, False] for name in names)


def _ends(step: Step, following: Step) -> bool:
    """Whether it is known where a step ends that another follows."""
    if isinstance(step, Field) and step.count is None:
        return isinstance(following, Literal) and following.text[0] in step.stops
    return not isinstance(step, Rest) or step.left > 0


def _step(match: re.Match[str]) -> Step:
    name, least = match["name"], 0 if match["least"] is None else int(match["least"] or 1)
    if match["edge"]:
        return Edge(name, match["edge"] == "<")
    if match["stops"] is None and match["count"] is None:
        return Rest(name, least, (match["without"] or "").encode())
    allowed = match["allowed"] or _ALLOWED.get(type_of(name), "")
    return Field(
        name,
        least,
        _characters(match["stops"] or ""),
        _characters(allowed) if allowed else None,
        int(match["count"]) if match["count"] else None,
    )


def type_of(name: str) -> str:
    """Return the type of a field; of one that is only a part of another, a string's."""
    return FIELDS[name].type if name in FIELDS else STRING


def _characters(text: str) -> frozenset[int]:
    ranges = re.findall(r"(.)(?:-(.))?", text, re.DOTALL)
    return frozenset(each for first, last in ranges for each in range(ord(first), ord(last or first) + 1))
