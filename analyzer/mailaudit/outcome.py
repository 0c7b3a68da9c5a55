# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ingest tells its caller: how far it is, and what came of each path."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Outcome:
    """What came of one path: its new lines, how many of them could not be parsed, or why it failed."""

    path: Path
    lines: int = 0
    unparsed: int = 0
    notes: list[str] = field(default_factory=list)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Whom to tell how many bytes there are, and how many more of them were read."""

    total: Callable[[int], None] = lambda _: None
    read: Callable[[int], None] = lambda _: None
