# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes TNEF files, Outlook's winmail.dat ([MS-OXTNEF]), for the tests and as seeds of the fuzzer."""

import struct

MESSAGE, ATTACHMENT = 1, 2
TITLE, DATA, PROPERTIES, RENDERING, CODE_PAGE, VERSION = (
    0x00018010, 0x0006800F, 0x00069005, 0x00069002, 0x00069007, 0x00089006,
)  # fmt: skip


def attribute(level: int, identity: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(name: bytes, kind: int) -> bytes:
    """Two properties: how the file is attached (a number), and its long name."""
    padded = name + b"\0" * (-len(name) % 4)
    how = struct.pack("<HHI", 0x0003, 0x3705, 1)
    return struct.pack("<I", 2) + how + struct.pack("<HHII", kind, 0x3707, 1, len(name)) + padded


def file(title: bytes, long_name: bytes = b"", kind: int = 0x001F, data: bytes = b"x" * 100) -> bytes:
    found = attribute(ATTACHMENT, RENDERING, b"\0" * 14) + attribute(ATTACHMENT, TITLE, title + b"\0")
    found += attribute(ATTACHMENT, DATA, data)
    return found + (attribute(ATTACHMENT, PROPERTIES, properties(long_name, kind)) if long_name else b"")


def tnef(*attributes: bytes, code_page: int = 1258) -> bytes:
    pages = struct.pack("<II", code_page, 0)
    head = attribute(MESSAGE, VERSION, struct.pack("<I", 0x10000)) + attribute(MESSAGE, CODE_PAGE, pages)
    return struct.pack("<IH", 0x223E9F78, 1) + head + b"".join(attributes)
