# SPDX-License-Identifier: GPL-3.0-or-later
"""Attached files larger than the regulation allows, by their decoded size."""

from typing import cast

from mailpolicy.context import Context
from mailpolicy.message import Message, Part
from mailpolicy.parameters import AttachmentCap
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding

MB = 1024 * 1024  # the regulations' "MB", in bytes


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find a message whose attached files, together or one of them, exceed the cap.

    A nested mail counts by the decoded size of all it holds; per file it also counts as one file.
    """
    cap = cast(AttachmentCap, duty.parameters)
    per_file = cap.per == "file"
    counted = [part for part in message.parts if part.attachment and (per_file or not part.container)]
    size = max((part.decoded_size for part in counted), default=0) if per_file else _total(counted)
    if size <= cap.limit_mb * MB:
        return None
    largest = max(counted, key=lambda part: part.decoded_size)
    return Finding(
        duty.code,
        duty.article,
        f"attached {size / MB:.1f} MB per {cap.per}, allowed {cap.limit_mb} MB",
        {
            "decoded_bytes": size,
            "limit_bytes": cap.limit_mb * MB,
            "per": cap.per,
            "attachments": len(counted),
            "largest_part": largest.path,
        },
    )


def _total(parts: list[Part]) -> int:
    return sum(part.decoded_size for part in parts)
