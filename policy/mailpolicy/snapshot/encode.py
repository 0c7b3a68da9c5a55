# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a snapshot from mailboxes and units."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from mailpolicy.directory import Mailbox, Unit
from mailpolicy.snapshot.header import Header
from mailpolicy.snapshot.lines import mailbox_line, unit_line


def encode(mailboxes: Iterable[Mailbox], units: Iterable[Unit], made_at: datetime) -> bytes:
    """Return a whole snapshot. Raises ValueError if an address or a unit's name is there twice."""
    boxes = _sorted(mailbox_line(one) for one in mailboxes)
    rooms = _sorted(unit_line(one) for one in units)
    rest = b"".join(boxes + rooms)
    checksum = hashlib.sha256(rest).hexdigest()
    return Header(made_at, len(boxes), len(rooms), len(rest), checksum).encode() + rest


def _sorted(lines: Iterable[str]) -> list[bytes]:
    """Lines in the order of their first cells' bytes, each with its end."""
    by_key: dict[bytes, bytes] = {}
    for line in lines:
        encoded = line.encode() + b"\n"
        key = encoded.partition(b"\t")[0]
        if key in by_key:
            raise ValueError(f"{key.decode()} is there twice")
        by_key[key] = encoded
    return [by_key[key] for key in sorted(by_key)]
