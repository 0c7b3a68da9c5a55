# SPDX-License-Identifier: GPL-3.0-or-later
"""One sender of letters at a time for a store, wherever its analyzers run."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailaudit.store import Store

_SENDERS_LOCK = 0x6E6F7465  # "note": any number that all senders share


class OtherSenderError(Exception):
    """Another process is sending this store's letters."""

    def __init__(self, store: Store) -> None:
        super().__init__(f"{store.home}: another mailaudit is sending notices here; wait for it")


@contextmanager
def only_one_sender(store: Store) -> Iterator[None]:
    """Be the only one that sends; the lock is let go when the process ends, however it ends.

    Raises OtherSenderError.
    """
    with _lock_file(store), store.holding(_SENDERS_LOCK) as is_held:
        if not is_held:
            raise OtherSenderError(store)
        yield


@contextmanager
def _lock_file(store: Store) -> Iterator[None]:
    store.home.mkdir(parents=True, exist_ok=True)
    with Path(store.home / "notices.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OtherSenderError(store) from None
        yield
