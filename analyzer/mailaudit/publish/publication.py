# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be published, for people and for programs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailaudit.directory.cli import counted
from mailaudit.directory.listing import Listing
from mailaudit.publish.changes import Changes
from mailpolicy.directory import Status
from mailpolicy.printable import printable

SHOWN = 10  # addresses of each kind of change that a person is shown


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published: `changes` is None where there is no snapshot yet."""

    path: Path
    listing: Listing
    made_at: datetime
    changes: Changes | None
    findings: int


def lines(found: Publication) -> Iterator[str]:
    """What a person is told before anything is written."""
    listing = found.listing
    kinds = Counter(str(one.kind) for one in listing.mailboxes)
    closed = Counter(str(one.status) for one in listing.mailboxes if one.status is not Status.ACTIVE)
    yield f"{listing.source}: {counted(listing)}"
    yield ", ".join(f"{count} {name}" for name, count in [*sorted(kinds.items()), *sorted(closed.items())])
    if found.changes is None:
        yield "no snapshot yet: nothing to compare with"
    else:
        yield f"since the snapshot of {found.changes.since.astimezone():%Y-%m-%d %H:%M}:"
        yield from _changed("added", found.changes.added)
        yield from _changed("removed", found.changes.removed)
        yield from _changed("changed", found.changes.changed)
    if found.findings:
        yield f"{found.findings} to mend: `mailaudit directory check` lists them"


def _changed(word: str, addresses: Sequence[str]) -> Iterator[str]:
    listed = ", ".join(map(printable, addresses[:SHOWN]))
    more = f" and {len(addresses) - SHOWN} more" if len(addresses) > SHOWN else ""
    yield f"  {len(addresses)} {word}" + (f": {listed}{more}" if addresses else "")


def as_json_values(found: Publication, *, published: bool) -> dict[str, object]:
    """Values that the json module writes."""
    listing, changes = found.listing, found.changes
    return {
        "published": published,
        "snapshot": str(found.path),
        "made_at": found.made_at.isoformat(timespec="seconds"),
        "source": listing.source,
        "mailboxes": len(listing.mailboxes),
        "units": len(listing.units),
        "kinds": dict(Counter(str(one.kind) for one in listing.mailboxes)),
        "statuses": dict(Counter(str(one.status) for one in listing.mailboxes)),
        "since": changes.since.isoformat() if changes else None,
        "added": list(changes.added) if changes else [],
        "removed": list(changes.removed) if changes else [],
        "changed": list(changes.changed) if changes else [],
        "findings": found.findings,
    }
