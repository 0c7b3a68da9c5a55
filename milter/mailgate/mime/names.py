# SPDX-License-Identifier: GPL-3.0-or-later
"""File names of a part, decoded for people: RFC 2231, RFC 2047 though it is forbidden here, bare UTF-8."""

import unicodedata
from collections.abc import Iterable

from mailgate.mime.bounds import MAX_NAME, MAX_NAMES
from mailgate.mime.parameters import Value, collect
from mailgate.mime.reasons import Reason
from mailpolicy.headertext import charset_text, composed, decode

MAX_RAW = 2_048  # bytes of a name that are decoded
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})  # controls, direction marks, line ends


def file_names(*values: Value | None, reasons: set[Reason]) -> tuple[str, ...]:
    """Every name once, in the order of the fields; in each, extended forms (RFC 2231) before plain ones."""
    names: dict[str, None] = {}
    for value in values:
        if value is not None and value.parameters:
            for readings, charset in (*collect(value, "filename"), *collect(value, "name")):
                if len(names) == MAX_NAMES:
                    reasons.add(Reason.NAME_OVERLONG)
                    return tuple(names)
                if name := _text(readings[0], charset, reasons):
                    names[name] = None
    return tuple(names)


def plain_name(raw: bytes, reasons: set[Reason]) -> str:
    """A name that stands in no header, as in uuencode's begin line."""
    return visible(decode(raw[:MAX_RAW]), reasons)


def _text(raw: bytes, charset: str | None, reasons: set[Reason]) -> str:
    if len(raw) > MAX_RAW:
        reasons.add(Reason.NAME_OVERLONG)
        raw = raw[:MAX_RAW]
    text = composed(charset_text(raw, charset)) if charset else decode(raw)
    return visible(text, reasons)


def visible(name: str, reasons: set[Reason]) -> str:
    """Return the name with what cannot be seen as U+FFFD, and bounded."""
    name = name.replace("\t", " ").strip()
    if not name.isascii() or not name.isprintable():
        name = "".join(_shown(name))
    if len(name) > MAX_NAME:
        reasons.add(Reason.NAME_OVERLONG)
    return name[:MAX_NAME]


def _shown(name: str) -> Iterable[str]:
    return ("\ufffd" if unicodedata.category(character) in _HIDDEN else character for character in name)
