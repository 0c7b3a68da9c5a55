# SPDX-License-Identifier: GPL-3.0-or-later
"""When an ingest last came to its end, in HOME/ingest.json, for whoever watches over it."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailaudit.outcome import Outcome

FILE = "ingest.json"


@dataclass(frozen=True, slots=True)
class Ingested:
    """When an ingest ended (seconds since 1970), how many logs it got, and how many it could not read."""

    ended: float
    logs: int
    failed: int


def write(home: Path, outcomes: Sequence[Outcome]) -> None:
    """Note an ingest that has just ended; the file is replaced in one step."""
    failed = sum(outcome.error is not None for outcome in outcomes)
    noted = Ingested(datetime.now(UTC).timestamp(), len(outcomes), failed)
    written = home / f"{FILE}.{os.getpid()}"
    written.write_text(json.dumps(asdict(noted)), "utf-8")
    written.replace(home / FILE)


def read(home: Path) -> Ingested | None:
    """Return what was noted last; None if nothing was."""
    try:
        return Ingested(**json.loads((home / FILE).read_text("utf-8")))
    except FileNotFoundError:
        return None
