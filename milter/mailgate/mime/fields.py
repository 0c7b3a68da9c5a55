# SPDX-License-Identifier: GPL-3.0-or-later
"""A part's header block, cut into its Content-* fields; and where some readers no longer take it for one."""

from collections.abc import Iterable
from dataclasses import dataclass

Fields = list[tuple[str, bytes]]
"""(name in lower case, raw value with its folding)"""

CONTENT_FIELDS = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "content-id"})
"""The fields that tell what a part is."""

_NOT_IN_NAME = bytes(range(33)) + b"\x7f"  # RFC 5322, 2.2
_FROM = (b"From ", b">From ")  # an mbox line on top of an attached message


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
    fields: list[list[bytes]] = []
    broken_at, offset = -1, 0
    disputed = b"\rcontent-" in block.lower()
    for line in block.split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields and not line.isspace():
            fields[-1].append(line)
        elif is_field(line):
            fields.append([line])
            disputed |= broken_at >= 0 and _is_content(line)
        elif line and broken_at < 0 and not (offset == 0 and line.startswith(_FROM)):
            broken_at = offset
        offset += len(line) + 1
    return Block(content_fields(map(_field, fields)), broken_at, disputed)


def content_fields(fields: Iterable[tuple[str, bytes]]) -> Fields:
    """Of all fields, those that tell what a part is."""
    named = [(name.strip().lower(), value) for name, value in fields if name[:8].lower() == "content-"]
    return [field for field in named if field[0] in CONTENT_FIELDS]


def is_field(line: bytes) -> bool:
    """Whether a line begins a header field (RFC 5322, 2.2); white space before the colon is let pass."""
    name, colon, _ = line.partition(b":")
    name = name.rstrip(b" \t")
    return bool(name and colon) and len(name.translate(None, _NOT_IN_NAME)) == len(name)


def _is_content(line: bytes) -> bool:
    return line[:8].lower() == b"content-"


def _field(lines: list[bytes]) -> tuple[str, bytes]:
    name, _, value = b"\n".join(lines).partition(b":")
    return name.decode("latin-1"), value
