# SPDX-License-Identifier: GPL-3.0-or-later
"""Structured header values (RFC 2045, 5.1): what stands first, and the parameters, in every reading.

Readers disagree on comments, on quotes that never close and on white space in unquoted values. A value is
taken apart in each of these ways, and all that comes out is returned.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from mailgate.mime.bounds import MAX_PARAMETERS, MAX_VALUE
from mailgate.mime.reasons import Reason

# Possessive throughout: nothing here can backtrack.
_PIECE = re.compile(rb'(?:[^;"]++|"(?:[^"\\]++|\\.?)*+"?)*+', re.DOTALL)
_QUOTED = re.compile(rb'"((?:[^"\\]++|\\.?)*+)("?)', re.DOTALL)
_COMMENT_MARK = re.compile(rb'[()"\\]')
_ANY_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_NEEDED_ESCAPE = re.compile(rb'\\(["\\])')


@dataclass(slots=True)
class Value:
    """One or several fields of a name, taken apart. `heads` are readings of what stands before the first ";".

    `parameters` are (lower-case name, readings of the value), in the order read, each once.
    """

    heads: list[bytes] = field(default_factory=list)
    parameters: dict[tuple[str, tuple[bytes, ...]], None] = field(default_factory=dict)


def parse(value: bytes, reasons: set[Reason]) -> Value:
    """Take a field's value apart, adding to `reasons` what is wrong with it."""
    text = value.replace(b"\r\n", b"").replace(b"\n", b"")
    if len(text) > MAX_VALUE:
        reasons.add(Reason.HEADER_OVERLONG)
        text = text[:MAX_VALUE]
    result = Value()
    for reading in _readings(text, reasons):
        _add(result, _pieces(reading, reasons), reasons)
    return result


def _readings(text: bytes, reasons: set[Reason]) -> list[bytes]:
    """The text as it stands; without its comments; with quotes that mean nothing."""
    found = [text]
    if b"(" in text:
        plain = without_comments(text)
        if plain != text:
            reasons.add(Reason.HEADER_COMMENT)
            found.append(plain)
    if any(match[2] == b"" for match in _QUOTED.finditer(text)):
        reasons.add(Reason.PARAMETER_BROKEN)
        found.append(text.replace(b'"', b""))
    return found


def without_comments(text: bytes) -> bytes:
    """Return the text without its comments (RFC 5322, 3.2.2), which nest; one left open runs to the end."""
    kept = []
    start = depth = 0
    quoted = False
    skip = -1  # an escaped character
    for match in _COMMENT_MARK.finditer(text):
        at, mark = match.start(), match[0]
        if at == skip:
            continue
        if mark == b"\\":
            skip = at + 1
        elif mark == b'"':
            quoted = quoted != (depth == 0)
        elif mark == b"(" and not quoted:
            if not depth:
                kept.append(text[start:at])
            depth += 1
        elif mark == b")" and depth:
            depth -= 1
            start = at + 1
    return b"".join(kept) + (b"" if depth else text[start:])


def _pieces(text: bytes, reasons: set[Reason]) -> Iterator[bytes]:
    """Cut at every ";" outside quotes."""
    at = 0
    for _ in range(MAX_PARAMETERS):
        match = _PIECE.match(text, at)
        if match is None:
            return
        yield match[0]
        at = match.end() + 1
        if at > len(text):
            return
    reasons.add(Reason.HEADER_OVERLONG)


def _add(result: Value, pieces: Iterator[bytes], reasons: set[Reason]) -> None:
    seen: dict[str, tuple[bytes, ...]] = {}
    for index, piece in enumerate(pieces):
        name, equals, raw = piece.partition(b"=")
        if not index:
            head, name = _head(name, bool(equals))
            result.heads.append(head)
            if head and name:
                reasons.add(Reason.PARAMETER_BROKEN)
        if name and equals:
            key = name.strip().lower().decode("latin-1")
            values = _values(raw.strip(), reasons)
            if seen.setdefault(key, values) != values:
                reasons.add(Reason.PARAMETER_REPEATED)
            result.parameters[key, values] = None


def _head(text: bytes, has_parameter: bool) -> tuple[bytes, bytes]:
    """Part what stands first from the name of a parameter that no ";" divides from it."""
    if not has_parameter:
        return text.strip(), b""
    *head, name = text.split() or [b""]
    return b" ".join(head), name


def _values(raw: bytes, reasons: set[Reason]) -> tuple[bytes, ...]:
    """The readings of a parameter's value, the likeliest first."""
    quoted = _QUOTED.match(raw)
    if quoted is None:
        return _distinct(raw, *raw.split(None, 1)[:1])
    inner, rest = quoted[1], raw[quoted.end() :].strip()
    found = [_NEEDED_ESCAPE.sub(rb"\1", inner), _ANY_ESCAPE.sub(rb"\1", inner)]
    if rest:
        reasons.add(Reason.PARAMETER_BROKEN)
        found.append(raw.replace(b'"', b""))
    return _distinct(*found)


def _distinct(*values: bytes) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(values))


def charset_of(value: Value) -> str:
    """The first charset parameter, or "us-ascii" (RFC 2045, 5.2)."""
    for name, values in value.parameters:
        if name in ("charset", "charset*"):
            return values[0].decode("latin-1").partition("'")[0].lower()
    return "us-ascii"


def collect(value: Value, base: str) -> Iterator[tuple[tuple[bytes, ...], str | None]]:
    """Every value of a parameter: its readings, and its charset in RFC 2231's form, which comes first."""
    segments: list[tuple[int, bool, bytes]] = []
    plain = []
    for name, values in value.parameters:
        first, star, rest = name.partition("*")
        if first.rstrip() != base:
            continue
        if not star:
            plain.append(values)
        elif not rest:
            yield _extended([(0, True, values[0])])
        elif (index := rest.removesuffix("*")).isdecimal() and len(index) < 4:
            segments.append((int(index), rest.endswith("*"), values[0]))
    if segments:
        yield _extended(sorted(segments, key=lambda segment: segment[0]))
    for values in plain:
        yield values, None


def _extended(segments: list[tuple[int, bool, bytes]]) -> tuple[tuple[bytes, ...], str | None]:
    """Join the segments of a parameter (RFC 2231, 3 and 4). The first may begin with charset'language'."""
    _, encoded, head = segments[0]
    charset = None
    if encoded:
        declared, quote, rest = head.partition(b"'")
        _, second, data = rest.partition(b"'")
        if quote and second:
            charset, head = declared.decode("latin-1"), data
        else:
            charset = ""
    parts = [(encoded, head), *((star, text) for _, star, text in segments[1:])]
    return (b"".join(unquote_to_bytes(text) if star else text for star, text in parts),), charset
