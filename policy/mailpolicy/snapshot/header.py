# SPDX-License-Identifier: GPL-3.0-or-later
"""The first line of a snapshot, as JSON: when it was made, how much follows, and its checksum."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = "postwarden-snapshot"
VERSION = 1
LONGEST = 4096  # bytes; more is no header of ours


class BadSnapshot(Exception):  # noqa: N818 - as BadFile, it names what is wrong with the file
    """What was read is no snapshot, or not a whole one; the text says why."""


@dataclass(frozen=True, slots=True)
class Header:
    """`made_at` is in UTC. `mailboxes` and `units` count lines, `size` the bytes that follow.

    `sha256` is the checksum of all that follows, in hexadecimal.
    """

    made_at: datetime
    mailboxes: int
    units: int
    size: int
    sha256: str

    def encode(self) -> bytes:
        """Return the line, with its end."""
        when = {"made_at": self.made_at.astimezone(UTC).isoformat(timespec="seconds")}
        values = {"format": FORMAT, "version": VERSION, **asdict(self), **when}
        return json.dumps(values).encode() + b"\n"


def decode(line: bytes) -> Header:
    """Read a first line. Raises BadSnapshot."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not line.endswith(b"\n") or not isinstance(values, dict) or values.get("format") != FORMAT:
        raise BadSnapshot("its first line is not that of a snapshot")
    if values.get("version") != VERSION:
        raise BadSnapshot(f"is a snapshot of version {values.get('version')!r}; this program reads {VERSION}")
    try:
        return _header(values)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadSnapshot("its first line lacks something or is out of form") from error


def _header(values: dict[str, Any]) -> Header:
    made_at = datetime.fromisoformat(values["made_at"])
    mailboxes, units, size = counts = [values[name] for name in ("mailboxes", "units", "size")]
    if made_at.tzinfo is None or any(type(count) is not int or count < 0 for count in counts):
        raise ValueError(values)
    return Header(made_at.astimezone(UTC), mailboxes, units, size, str(values["sha256"]))
