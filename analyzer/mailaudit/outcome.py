# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ingest tells its caller: what came of each path."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Outcome:
    """What came of one path: its new lines, how many of them could not be parsed, or why it failed.

    `copies` are lines that another log had brought before.
    """

    path: Path
    lines: int = 0
    unparsed: int = 0
    copies: int = 0
    notes: list[str] = field(default_factory=list)
    error: str | None = None
