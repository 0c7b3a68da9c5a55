# SPDX-License-Identifier: GPL-3.0-or-later
"""A message from a file, cut up as Postfix hands it to a milter."""

from collections.abc import Iterator

CHUNK = 65_535  # bytes of body in one event, as Postfix sends it
NOT_IN_A_NAME = frozenset(range(33)) | frozenset(range(127, 256))  # RFC 5322, 2.2


def split(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """Return the header fields and the body of a saved message. Any line ends are understood.

    One leading space is taken off a value, and its lines are joined by LF; the body's lines end in CRLF. The
    first line that is no field ends the header, as it does in Postfix. An mbox separator is passed over.
    """
    text = raw.replace(b"\r\n", b"\n")
    at = _line_end(text, 0) if text.startswith(b"From ") else 0
    fields: list[tuple[str, bytes]] = []
    while at < len(text) and text[at] != 0x0A:
        end = _line_end(text, at)
        line = text[at:end].removesuffix(b"\n")
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = name, value + b"\n" + line
        elif (field := _field(line)) is not None:
            fields.append(field)
        else:
            break
        at = end
    body = text[at + 1 :] if text[at : at + 1] == b"\n" else text[at:]
    return fields, body.replace(b"\n", b"\r\n")


def chunks(body: bytes) -> Iterator[bytes]:
    """Cut a body as Postfix does."""
    return (body[at : at + CHUNK] for at in range(0, len(body), CHUNK))


def _line_end(text: bytes, at: int) -> int:
    """Return where the next line begins."""
    return text.find(b"\n", at) + 1 or len(text)


def _field(line: bytes) -> tuple[str, bytes] | None:
    name, colon, value = line.partition(b":")
    name = name.rstrip(b" \t")
    if not colon or not name or not NOT_IN_A_NAME.isdisjoint(name):
        return None
    return name.decode("ascii"), value.removeprefix(b" ")
