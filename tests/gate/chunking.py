# SPDX-License-Identifier: GPL-3.0-or-later
"""Feeding the scanner by hand."""

from collections.abc import Iterable, Iterator

from hypothesis import strategies as st

from mailgate.scanner import Scan, Scanner

Fields = list[tuple[str, bytes]]

cuts = st.lists(st.integers(1, 40), min_size=1, max_size=6)
"""Chunk sizes, to be used again and again."""


def chunked(data: bytes, cut: list[int]) -> Iterator[bytes]:
    """Cut data into chunks of these sizes."""
    at = turn = 0
    while at < len(data):
        yield data[at : at + cut[turn % len(cut)]]
        at += cut[turn % len(cut)]
        turn += 1


def whole_line_ends(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Leave each CR and its LF together, as what is fed to a decoder must."""
    cr = b""
    for chunk in chunks:
        data = cr + chunk
        cr = b"\r" if data.endswith(b"\r") else b""
        yield data.removesuffix(b"\r")
    yield cr


def scan(fields: Fields, body: bytes | Iterable[bytes] = b"") -> Scan:
    """Scan a message as a milter hands it over."""
    scanner = Scanner()
    for name, value in fields:
        scanner.header(name, value)
    for chunk in [body] if isinstance(body, bytes) else body:
        scanner.body(chunk)
    return scanner.finish()


def attached(scan: Scan) -> int:
    """The attached bytes, as the attachment cap counts them for a message."""
    return sum(part.decoded_size for part in scan.parts if part.attachment and not part.container)
