# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in force: the policy that judges mail begun now, replaced as a whole while mail goes on.

One process checks and publishes; the workers read exactly what it checked.
"""

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mailgate.loading import Loaded
from mailgate.snapshot import Snapshot, identity
from mailpolicy.judge import Policy
from mailpolicy.lists import datafile

PUBLISHED = "in-force"


def local_day() -> dt.date:
    """Return today's date where the office is: a duty's day begins at the host's own midnight."""
    return dt.date.today()  # noqa: DTZ011 - local time is meant


@dataclass(frozen=True, slots=True)
class Published:
    """All that may change while the gate runs. `snapshot` is a copy that nobody writes to, or None."""

    loaded: Loaded
    snapshot: Path | None = None


def publish(folder: Path, published: Published) -> None:
    """Put something in force, in one step. Raises OSError."""
    new = folder / f"{PUBLISHED}.new"
    new.write_bytes(pickle.dumps(published, pickle.HIGHEST_PROTOCOL))
    new.replace(folder / PUBLISHED)


class _ByDay:
    """A policy for the day it is. Each has one of its own, so that no thread brings back one replaced."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._last = (dt.date.min, policy)

    def on(self, today: dt.date) -> Policy:
        day, policy = self._last
        if day != today:
            policy = self._policy.on(today)
            self._last = (today, policy)
        return policy


class InForce:
    """What is in force in this process, for the day it is. Several threads may ask.

    `loaded` is the site file as it was checked. Nothing is in force before the first look: the process that
    forks the workers shall hold on to no snapshot.
    """

    def __init__(self, folder: Path, today: Callable[[], dt.date] = local_day) -> None:
        self._file = folder / PUBLISHED
        self._today = today
        self._seen: object = ()
        self._failed: object = ()
        self._copy: Path | None = None
        self._snapshot: Snapshot | None = None

    def look(self) -> None:
        """Take what was published last, if it is new.

        Raises whatever goes wrong, once for each publication; then all stays as it is until it can be taken.
        """
        seen = identity(self._file)
        if seen == self._seen:
            return
        try:
            self._take()
        except Exception:
            again, self._failed = seen == self._failed, seen
            if not again:
                raise
        else:
            self._seen = seen

    def _take(self) -> None:
        # This gate wrote it, in a folder that is its alone.
        published: Published = pickle.loads(self._file.read_bytes())  # noqa: S301
        if published.snapshot != self._copy:
            self._snapshot = Snapshot.open(published.snapshot) if published.snapshot else None
            self._copy = published.snapshot
        datafile.put_all(published.loaded.data)
        policy = published.loaded.policy
        if self._snapshot:
            policy = policy.with_directory(self._snapshot)
        self._by_day = _ByDay(policy)
        self.loaded = published.loaded

    def policy(self) -> Policy:
        """Return what judges a message that begins now."""
        return self._by_day.on(self._today())
