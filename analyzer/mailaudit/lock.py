# SPDX-License-Identifier: GPL-3.0-or-later
"""One ingest at a time in a home folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockedError(Exception):
    """Another process is ingesting into the same folder."""


def holder(home: Path) -> int | None:
    """Return the process that holds or held the home folder's lock last, if any."""
    try:
        return int((home / "lock").read_text("utf-8"))
    except (OSError, ValueError):
        return None


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home folder's lock; the kernel lets it go when the process ends, however it ends.

    Raises LockedError, which names the process that holds it.
    """
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise LockedError(
                f"{home}: another mailaudit (process {holder}) is ingesting here; wait for it"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
