# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker process: libmilter's threads, and one that sees to what is in force and to the end."""

import os
import select
import threading
import time

from mailgate import libmilter
from mailgate.loader import RELOAD

DRAIN_SECONDS = (
    30.0  # what a message under way has to come to its end; Postfix tries again with one that can't
)
SETTLE_SECONDS = 0.2  # after the end of the last message, until its answer is surely on its way
LOOK_SECONDS = 0.5  # between looks at what is in force


def run(door: libmilter.Door, listener: int, lifeline: int, ear: int) -> None:
    """Serve connections until the pipe `lifeline` ends, then drain.

    `ear` is closed when no more connections are taken. Raises OSError, and whatever keeps it from taking what
    is in force.
    """
    door.in_force.look()
    threading.Thread(target=_look_until_the_end, args=(door, listener, lifeline, ear), daemon=True).start()
    libmilter.serve()


def _look(door: libmilter.Door) -> None:
    """Take what is in force now; if that can't be done, go on with what there is and try again."""
    door.accounts.record.follow()
    try:
        door.in_force.look()
    except Exception as error:
        door.accounts.record.alarm(RELOAD, f"not taken by process {os.getpid()}: {error!r}")


def _look_until_the_end(door: libmilter.Door, listener: int, lifeline: int, ear: int) -> None:
    while not select.select([lifeline], [], [], LOOK_SECONDS)[0]:
        _look(door)
    libmilter.stop_accepting(listener)
    os.close(ear)
    _drain(door)
    os._exit(0)


def _drain(door: libmilter.Door) -> None:
    """Wait until no message has been under way for a moment."""
    deadline = time.monotonic() + DRAIN_SECONDS
    quiet_since = None
    while time.monotonic() < deadline:
        now = time.monotonic()
        quiet_since = None if door.busy else quiet_since or now
        if quiet_since and now - quiet_since > SETTLE_SECONDS:
            break
        time.sleep(0.02)
