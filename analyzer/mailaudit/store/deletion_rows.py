# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored of mail that owners removed. Times are microseconds since the epoch, days the office's."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Deletion(NamedTuple):
    """Mail deleted from folders of one use, on a day, and its first line.

    `folder` is a mailaudit.violations.folders.Use, `how` a mailaudit.violations.removals.How.
    """

    day: str
    mailbox: str
    folder: str
    how: str
    messages: int
    time: int
    source_id: int
    position: int
    message_id: str | None


class CopiedMail(NamedTuple):
    """A mail that was copied into a folder, and not yet expunged where it was."""

    mailbox: str
    mail: str
    folder: str
    time: int
    source_id: int
    position: int


@dataclass(slots=True)
class Removals:
    """What a batch shows: deletions, and which copies it begins and ends to wait for."""

    deletions: list[Deletion] = field(default_factory=list)
    copied: list[CopiedMail] = field(default_factory=list)
    settled: list[CopiedMail] = field(default_factory=list)
