# SPDX-License-Identifier: GPL-3.0-or-later
"""The usual forms of all producers' texts, as the tables that mailaudit.logs.compiled.quick reads by."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.compiled.quick import Byte, Grammar, Number, Op
from mailaudit.logs.fields import INTEGER, NUMBER
from mailaudit.logs.forms import Edge, Field, Form, Literal, Rest, Step, form, type_of
from mailaudit.logs.kinds import LineKind, Producer, UsualHead
from mailaudit.logs.parse import NUMBERED, PRODUCERS
from mailaudit.logs.stamp import Flags

NOT_SO = -1
_STEP = {
    "op": 0,
    "place": NOT_SO,
    "least": 0,
    "count": NOT_SO,
    "meanings": 0,
    "number": 0,
    "text": 0,
    "length": 0,
    "left": 0,
    "begins": 0,
}
_FORM = ("first", "last", "fields", "following")
_NUMBERS = {INTEGER: Number.INTEGER, NUMBER: Number.DECIMAL}


@dataclass(frozen=True, slots=True)
class Usual:
    """The grammar of all usual texts, the kind of each of its forms, and the names of all their fields.

    `places` has a row for each form, in which is where each field stands among what is found of a text, its
    head's fields first. A form without the field has NOT_SO, as has a head of all.
    """

    grammar: Grammar
    kinds: NDArray[np.int16]
    names: list[str]
    are_numbers: Flags
    places: NDArray[np.int32]


@cache
def usual() -> Usual:
    """Return the grammar of all producers in PRODUCERS, by their places there."""
    tables = _Tables([[] for _ in PRODUCERS])
    for place, producer in enumerate(PRODUCERS):
        heads = [(form(each.form), _forms(producer, each)) for each in producer.usual_heads]
        tables.choose(place, [(tables.head(head, forms), head) for head, forms in heads])
    return tables.usual()


def _forms(producer: Producer, head: UsualHead) -> Iterator[tuple[int, Form]]:
    """The kinds of texts with a head, by their numbers, and their forms."""
    for number, (whose, kind) in NUMBERED.items():
        services = kind.services if isinstance(kind, LineKind) else ()
        if whose is producer and (not services or head.service in services):
            yield from ((number, form(each)) for each in kind.usual)


@dataclass(slots=True)
class _Tables:
    """What a Grammar is made of, as it grows. A chain of each set's are the forms that begin with a byte."""

    chains: list[list[int]]
    candidates: list[int] = field(default_factory=list)
    forms: list[tuple[int, int, int, int]] = field(default_factory=list)
    steps: list[tuple[int, ...]] = field(default_factory=list)
    meanings: dict[bytes, int] = field(default_factory=dict)
    texts: bytearray = field(default_factory=bytearray)
    kinds: list[int] = field(default_factory=list)
    names: list[list[str]] = field(default_factory=list)  # of the fields of each form, its head's first

    def head(self, head: Form, forms: Iterator[tuple[int, Form]]) -> int:
        """Add a head with the set of the forms that can follow it, and return its number."""
        following = len(self.chains)
        self.chains.append([])
        number = self._add(head, following=following)
        own = [(self._add(each, kind, head=self.names[number]), each) for kind, each in forms]
        self.choose(following, own)
        return number

    def choose(self, chosen: int, among: Sequence[tuple[int, Form]]) -> None:
        """Let a set have these forms, by their numbers: the first is taken that a text has."""
        beginning: list[list[int]] = [[] for _ in range(256)]
        for number, each in among:
            for byte in _beginnings(each):
                beginning[byte].append(number)
        for numbers in beginning:
            self.chains[chosen].append(len(self.candidates))
            self.candidates += [*numbers, NOT_SO]

    def usual(self) -> Usual:
        """Return what has been added."""
        grammar = Grammar(
            np.array(self.steps, [(name, np.int32) for name in _STEP]),
            np.frombuffer(b"".join(self.meanings), np.uint8).reshape(-1, 256),
            bytes(self.texts),
            np.array(self.forms, [(name, np.int32) for name in _FORM]),
            np.array(self.chains, np.int32),
            np.array(self.candidates, np.int32),
            len(PRODUCERS),
            max(map(len, self.names)),
        )
        names = sorted({name for names in self.names for name in names})
        places = np.full((len(self.forms), len(names)), NOT_SO, np.int32)
        for number, kind in enumerate(self.kinds):
            for place, name in enumerate(self.names[number] if kind != NOT_SO else ()):
                places[number, names.index(name)] = place
        are_numbers = np.array([type_of(name) in _NUMBERS for name in names])
        return Usual(grammar, np.array(self.kinds, np.int16), names, are_numbers, places)

    def _add(self, added: Form, kind: int = NOT_SO, following: int = NOT_SO, head: Sequence[str] = ()) -> int:
        named = (step.name for step in added if not isinstance(step, Literal))
        names = list(filter(None, dict.fromkeys(named)))
        first = len(self.steps)
        self.steps += [tuple((_STEP | self._step(step, names)).values()) for step in added]
        self.forms.append((first, len(self.steps), len(names), following))
        self.names.append([*head, *names])
        self.kinds.append(kind)
        return len(self.forms) - 1

    def _step(self, step: Step, names: Sequence[str]) -> dict[str, int]:
        if isinstance(step, Literal):
            return {"op": Op.LITERAL} | self._text(step.text)
        place = {"place": names.index(step.name) if step.name else NOT_SO}
        if isinstance(step, Edge):
            return {"op": Op.EDGE, "begins": step.begins} | place
        if isinstance(step, Rest):
            rest = {"op": Op.REST, "least": step.least, "left": step.left}
            return rest | place | self._text(step.without)
        return place | {
            "op": Op.FIELD,
            "least": step.least,
            "count": NOT_SO if step.count is None else step.count,
            "meanings": self.meanings.setdefault(_meanings(step), len(self.meanings)),
            "number": _NUMBERS.get(type_of(step.name), Number.NONE),
        }

    def _text(self, text: bytes) -> dict[str, int]:
        self.texts += text
        return {"text": len(self.texts) - len(text), "length": len(text)}


@cache
def _meanings(step: Field) -> bytes:
    """What each of the 256 bytes is to a field."""
    return bytes(
        Byte.STOPS
        if byte in step.stops
        else Byte.GOES_ON
        if step.allowed is None or byte in step.allowed
        else Byte.WRONG
        for byte in range(256)
    )


def _beginnings(each: Form) -> Iterable[int]:
    """The bytes that what has a form can begin with; what is empty is taken to begin with any."""
    first = next((step for step in each if not isinstance(step, Edge)), None)
    if isinstance(first, Literal):
        return first.text[:1]
    if isinstance(first, Field) and first.least:
        return [byte for byte, meaning in enumerate(_meanings(first)) if meaning == Byte.GOES_ON]
    return range(256)
