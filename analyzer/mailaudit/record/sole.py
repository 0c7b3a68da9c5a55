# SPDX-License-Identifier: GPL-3.0-or-later
"""One sweep at a time for a store, wherever its analyzers run; who opens a mailbox waits for it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from mailaudit.store import Store

_SWEEPS_LOCK = 0x73776565  # "swee": any number that all sweeps share


class OtherSweepError(Exception):
    """Another process is changing mailboxes by this store."""

    def __init__(self, store: Store) -> None:
        super().__init__(f"{store.home}: another mailaudit is locking or opening mailboxes; wait for it")


@contextmanager
def only_one_sweep(store: Store) -> Iterator[None]:
    """Be the only one that changes mailboxes; the lock is let go when the process ends, however it ends.

    Raises OtherSweepError.
    """
    with (store.home / "sweep.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OtherSweepError(store) from None
        with store.holding(_SWEEPS_LOCK) as is_held:
            if not is_held:
                raise OtherSweepError(store)
            yield
