# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ingest tells its caller: what came of each path."""

from dataclasses import dataclass, field
from pathlib import Path

from mailaudit.store.rows import Source


@dataclass(slots=True)
class Outcome:
    """What came of one path: its new lines, how many of them could not be parsed, or why it failed.

    `copies` are lines that another log had brought before; `source` is the log as the store knows it.
    """

    path: Path
    lines: int = 0
    unparsed: int = 0
    copies: int = 0
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    source: Source | None = None
