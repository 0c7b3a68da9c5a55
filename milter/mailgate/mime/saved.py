# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved messages: header fields and body as a milter would get them, in bounded memory."""

from collections.abc import Iterable, Iterator
from itertools import chain

from mailgate.mime.bounds import MAX_HEADERS
from mailgate.mime.fields import is_field

_CHUNK = 65_535  # bytes, as Postfix cuts a body


def split_saved(raw: bytes | Iterable[bytes]) -> tuple[list[tuple[str, bytes]], Iterator[bytes]]:
    """Split a saved message into (name, value) fields and the body's chunks, which end lines with CRLF.

    An mbox "From " line on top is dropped. As with Postfix, the first line that is no field ends the header,
    one space after the colon is dropped, and folded lines are joined by LF.
    """
    chunks = _on_the_wire(_slices(raw) if isinstance(raw, bytes) else raw)
    head = b""
    for chunk in chunks:
        head += chunk
        if b"\r\n\r\n" in head or len(head) > MAX_HEADERS:
            break
    fields, at = _fields(head)
    return fields, chain((head[at:],), chunks)


def _slices(raw: bytes) -> Iterator[bytes]:
    return (raw[at : at + _CHUNK] for at in range(0, len(raw), _CHUNK))


def _on_the_wire(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give every line end the CR that it has in SMTP."""
    cr = b""
    for chunk in chunks:
        data = cr + chunk
        cr = b"\r" if data.endswith(b"\r") else b""
        data = data[: len(data) - len(cr)]
        yield data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    yield cr


def _fields(head: bytes) -> tuple[list[tuple[str, bytes]], int]:
    """The fields, and where the body begins."""
    fields: list[tuple[bytes, list[bytes]]] = []
    at = head.find(b"\r\n") + 2 if head.startswith((b"From ", b">From ")) and b"\r\n" in head else 0
    while at < len(head):
        end = head.find(b"\r\n", at)
        line = head[at : end if end >= 0 else len(head)]
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line)
        elif is_field(line):
            name, _, value = line.partition(b":")
            fields.append((name, [value.removeprefix(b" ")]))
        else:
            at += 0 if line else 2
            break
        at += len(line) + 2
    return [(name.strip().decode("latin-1"), b"\n".join(lines)) for name, lines in fields], min(at, len(head))
