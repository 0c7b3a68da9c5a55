# SPDX-License-Identifier: GPL-3.0-or-later
"""How far following has come, in HOME/follow.json, for whoever watches over it."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "follow.json"


@dataclass(frozen=True, slots=True)
class State:
    """A followed log: whether it is there, its newest line's time (since 1970), and what is unread."""

    path: str
    is_there: bool
    newest: float | None  # seconds
    unread: int  # bytes: half a line at most, unless something is wrong


def write(home: Path, logs: Sequence[State]) -> None:
    """Replace the file in one step."""
    looked = datetime.now(UTC).timestamp()
    text = json.dumps({"looked": looked, "logs": [asdict(log) for log in logs]})
    written = home / f"{FILE}.{os.getpid()}"
    written.write_text(text, "utf-8")
    written.replace(home / FILE)


def read(home: Path) -> tuple[float, list[State]] | None:
    """Return when following last looked (seconds since 1970), and at what; None if it never did."""
    try:
        found = json.loads((home / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found["looked"], [State(**log) for log in found["logs"]]
