# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads texts by their usual forms as Python's patterns do, which the compiled reader is compared with."""

import re
from collections.abc import Mapping
from functools import cache

from mailaudit.logs.fields import INTEGER, STRING
from mailaudit.logs.forms import Edge, Field, Form, Literal, Rest, Step, form, type_of
from mailaudit.logs.kinds import LineKind, UsualHead
from mailaudit.logs.parse import NUMBERED, PRODUCERS

Value = str | int | float | None
Found = tuple[int, Mapping[str, Value]]

_NUMBER = re.compile(r"(?!\.)[0-9]*\.?[0-9]*(?<!\.)")
_MOST_DIGITS = 15


def read_slowly(text: bytes, producer: int) -> Found | None:
    """Return the kind of a text with a usual form, by its number, and its fields that are not empty."""
    for head in PRODUCERS[producer].usual_heads:
        if (match := _pattern(form(head.form)).match(text)) is None:
            continue
        for kind, own in _forms(producer, head):
            if (found := _read(text[match.end() :], own)) is not None:
                fields = {name: value.decode() for name, value in (match.groupdict() | found).items()}
                return kind, {name: _value(name, value) for name, value in fields.items() if value}
        return None
    return None


@cache
def _forms(producer: int, head: UsualHead) -> list[tuple[int, Form]]:
    found = []
    for number, (whose, kind) in NUMBERED.items():
        services = kind.services if isinstance(kind, LineKind) else ()
        if whose is PRODUCERS[producer] and (not services or head.service in services):
            found += [(number, form(usual)) for usual in kind.usual]
    return found


def _read(text: bytes, own: Form) -> dict[str, bytes] | None:
    if (match := _pattern(own).fullmatch(text)) is None:
        return None
    found = match.groupdict()
    rests = {step.name: step.without for step in own if isinstance(step, Rest) and step.without}
    numbers = [value.decode() for name, value in found.items() if type_of(name) != STRING]
    if any(without in found[name] for name, without in rests.items()):
        return None
    if any(not _NUMBER.fullmatch(number) or len(number) > _MOST_DIGITS for number in numbers):
        return None
    return found


def _value(name: str, value: str) -> Value:
    if (type_ := type_of(name)) == STRING:
        return value
    return int(value) if type_ == INTEGER else float(value)


@cache
def _pattern(of: Form) -> re.Pattern[bytes]:
    return re.compile(b"".join(map(_piece, of)), re.DOTALL)


def _piece(step: Step) -> bytes:
    if isinstance(step, Literal):
        return re.escape(step.text)
    if isinstance(step, Edge):
        return b"(?P<%s>" % step.name.encode() if step.begins else b")"
    if isinstance(step, Rest):
        return _group(step.name, b".{%d,}" % step.least)
    allowed = (step.allowed or frozenset(range(256))) - step.stops
    times = b"{%d,}+" % step.least if step.count is None else b"{%d}" % step.count
    return _group(step.name, _class(step, allowed) + times)


def _class(step: Field, allowed: frozenset[int]) -> bytes:
    if step.count is not None and step.allowed is None:
        return b"."
    return b"[%s]" % b"".join(b"\\x%02x" % byte for byte in sorted(allowed))


def _group(name: str, pattern: bytes) -> bytes:
    return b"(?P<%s>%s)" % (name.encode(), pattern) if name else b"(?:%s)" % pattern
