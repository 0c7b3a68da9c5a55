# SPDX-License-Identifier: GPL-3.0-or-later
"""A part's header block, cut into its Content-* fields; and where some readers no longer take it for one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

Fields = list[tuple[str, bytes]]
"""(name in lower case, raw value with its folding)"""

CONTENT_FIELDS = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "content-id"})
"""The fields that tell what a part is."""

_NOT_IN_NAME = bytes(range(33)) + b"\x7f"  # RFC 5322, 2.2

# Nothing here can backtrack far: runs are possessive, and no group stands before anything that may fail.
# (Groups that are possessive themselves go wrong in early Python 3.11.)
_FIELD = rb"[^\x00-\x20\x7f:]++[ \t]*+:[^\n]*+"
_FOLDED = rb"[ \t](?![ \t\r\v\f]*+(?:\n|\Z))[^\n]*+"
_MBOX = rb"(?!%b)>?From [^\n]*+\n?" % _FIELD  # may stand on top of an attached message
_SOUND = re.compile(rb"(?:%b)?\n*(?:%b\n?(?:(?:%b|%b)\n?|\n)*)?" % (_MBOX, _FIELD, _FIELD, _FOLDED))
_CONTENT = re.compile(rb"^content-[^\x00-\x20\x7f:]*+[ \t]*+:", re.IGNORECASE | re.MULTILINE)
_TELLING = re.compile(
    rb"^(%b)[\x85\xa0]*+[ \t]*+:([^\n]*+(?:\n(?!%b)[^\n]*+)*)"
    % ("|".join(sorted(CONTENT_FIELDS)).encode(), _FIELD),
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A header block. `broken_at` is where the first line that is no field begins, -1 if all are.

    `disputed` is whether Content-* fields come after it, or after a bare CR: only some readers see them.
    """

    fields: Fields
    broken_at: int = -1
    disputed: bool = False


def split_block(block: bytes) -> Block:
    """Cut a header block, the empty line not included, at its line feeds."""
    sound = _SOUND.match(block)
    broken_at = sound.end() if sound and sound.end() < len(block) else -1
    low = block.lower()
    if b"content-" not in low:
        return Block([], broken_at)
    fields = [(match[1].lower().decode("ascii"), _unbroken(match[2])) for match in _TELLING.finditer(block)]
    late = broken_at >= 0 and _CONTENT.search(block, broken_at) is not None
    return Block(fields, broken_at, late or b"\rcontent-" in low)


def _unbroken(value: bytes) -> bytes:
    """Drop the lines that only stand between a field and what comes next."""
    first, *more = value.split(b"\n")
    return b"\n".join([first, *(line for line in more if line[:1] in (b" ", b"\t") and not line.isspace())])


def content_fields(fields: Iterable[tuple[str, bytes]]) -> Fields:
    """Of all fields, those that tell what a part is."""
    named = [(name.strip().lower(), value) for name, value in fields if name[:8].lower() == "content-"]
    return [field for field in named if field[0] in CONTENT_FIELDS]


def is_field(line: bytes) -> bool:
    """Whether a line begins a header field (RFC 5322, 2.2); white space before the colon is let pass."""
    name, colon, _ = line.partition(b":")
    name = name.rstrip(b" \t")
    return bool(name and colon) and len(name.translate(None, _NOT_IN_NAME)) == len(name)
