# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in force: the terms of mail begun now, replaced as a whole while mail goes on.

One process checks and publishes; the workers read exactly what it checked.
"""

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mailgate.identity.means import Means
from mailgate.loading import Loaded
from mailgate.snapshot import Snapshot, identity
from mailgate.terms import Terms
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
    new.touch(mode=0o600)  # DKIM's private keys are in it
    new.write_bytes(pickle.dumps(published, pickle.HIGHEST_PROTOCOL))
    new.replace(folder / PUBLISHED)


class _ByDay:
    """Terms for the day it is. Each has its own, so that no thread brings back those that were replaced."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._last = (dt.date.min, terms)

    def on(self, today: dt.date) -> Terms:
        day, terms = self._last
        if day != today:
            terms = self._terms.on(today)
            self._last = (today, terms)
        return terms


class InForce:
    """What is in force in this process, for the day it is. Several threads may ask.

    Nothing is in force before the first look: the process that forks the workers shall hold on to no
    snapshot.
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
        loaded = published.loaded
        means = Means.of(loaded.settings.identity, loaded.keys)
        datafile.put_all(loaded.data)
        policy = loaded.policy
        if self._snapshot:
            policy = policy.with_directory(self._snapshot)
        self._by_day = _ByDay(Terms.of(policy, loaded.settings.signatures, means))

    def terms(self) -> Terms:
        """Return what holds for a message that begins now."""
        return self._by_day.on(self._today())
