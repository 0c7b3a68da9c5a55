# SPDX-License-Identifier: GPL-3.0-or-later
"""MIME read slowly and obviously: all of it in memory, line after line, character after character.

It knows well-formed MIME with CRLF line ends, text around the parts, parts after the closing boundary, and
every way of breaking an encoding. The scanner must agree with it.
"""

import string
from dataclasses import dataclass

DIGITS = (string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/").encode()
HEX = string.hexdigits.encode()


@dataclass(frozen=True)
class Leaf:
    """A part that holds no parts."""

    path: str
    type: str
    encoding: str
    encoded_size: int
    decoded_size: int


def read(message: bytes) -> list[Leaf]:
    """Return a message's leaves in order."""
    return read_message(message, prefix="")


def read_message(message: bytes, prefix: str) -> list[Leaf]:
    """Read a header and what follows. A message's one part is numbered 1, its multipart's parts from 1."""
    header, body = split_header(message)
    return read_part(header, body, leaf_path=prefix + "1", children_prefix=prefix, default="text/plain")


def split_header(entity: bytes) -> tuple[dict[str, str], bytes]:
    """Return the fields, names in lower case, and the body."""
    lines = entity.split(b"\r\n")
    end = lines.index(b"") if b"" in lines else len(lines)
    fields = [line.decode("latin-1").partition(": ") for line in lines[:end]]
    return {name.lower(): value for name, _, value in fields}, b"\r\n".join(lines[end + 1 :])


def read_part(
    header: dict[str, str], body: bytes, leaf_path: str, children_prefix: str, default: str
) -> list[Leaf]:
    """Read a part: its own parts, or itself."""
    media_type, _, parameters = header.get("content-type", default).partition("; ")
    encoding = header.get("content-transfer-encoding", "7bit")
    if media_type.startswith("multipart/"):
        boundary = parameters.removeprefix("boundary=").strip('"').encode()
        inner = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        return read_multipart(body, boundary, children_prefix, inner)
    decoded = decode(body, encoding)
    if media_type == "message/rfc822":
        return read_message(decoded, leaf_path + ".")
    return [Leaf(leaf_path, media_type, encoding, len(body), len(decoded))]


def read_multipart(body: bytes, boundary: bytes, prefix: str, default: str) -> list[Leaf]:
    """Read what stands between the boundary lines."""
    delimiter, closing = b"--" + boundary, b"--" + boundary + b"--"
    sections: list[tuple[bytes, list[bytes]]] = [(b"", [])]
    for line in body.split(b"\r\n"):
        if line.rstrip(b" \t") in (delimiter, closing):
            sections.append((line.rstrip(b" \t"), []))
        else:
            sections[-1][1].append(line)
    found: list[Leaf] = []
    number = 0
    for opened_by, lines in sections:
        content = b"\r\n".join(lines)
        if opened_by == delimiter:
            number += 1
            header, part = split_header(content)
            path = f"{prefix}{number}"
            found += read_part(header, part, path, path + ".", default)
        elif opened_by == closing and content.strip():
            number += 1
            found.append(Leaf(f"{prefix}{number}", "text/plain", "7bit", len(content), len(content)))
    return found


def decode(content: bytes, encoding: str) -> bytes:
    """Undo a transfer encoding."""
    if encoding == "base64":
        return decode_base64(content)
    if encoding == "quoted-printable":
        return decode_quoted_printable(content)
    return content


def decode_base64(content: bytes) -> bytes:
    """Four digits are three bytes. Padding that completes a four ends it; everything else is skipped."""
    out = bytearray()
    four: list[int] = []
    pads = 0
    for character in content:
        if character in DIGITS:
            four.append(DIGITS.index(character))
            pads = 0
        elif character == ord("=") and len(four) >= 2:
            pads += 1
        if len(four) + pads == 4:
            out += four_to_bytes(four)
            four, pads = [], 0
    return bytes(out + four_to_bytes(four))


def four_to_bytes(four: list[int]) -> bytes:
    """The whole bytes in up to four base64 digits."""
    bits = "".join(f"{digit:06b}" for digit in four)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))


def decode_quoted_printable(content: bytes) -> bytes:
    """No white space ends a line, no line end follows "=", two hexadecimal digits after it are a byte."""
    out = bytearray()
    *lines, last = content.split(b"\n")
    for line in lines:
        end = b"\r\n" if line.endswith(b"\r") else b"\n"
        text = line.removesuffix(b"\r").rstrip(b" \t")
        out += escapes(text[:-1]) if text.endswith(b"=") else escapes(text) + end
    return bytes(out + escapes(last.rstrip(b" \t").removesuffix(b"=")))


def escapes(text: bytes) -> bytes:
    """Undo =XX; any other "=" stays."""
    out = bytearray()
    at = 0
    while at < len(text):
        digits = text[at + 1 : at + 3]
        if text[at] == ord("=") and len(digits) == 2 and all(digit in HEX for digit in digits):
            out.append(int(digits, 16))
            at += 3
        else:
            out.append(text[at])
            at += 1
    return bytes(out)
