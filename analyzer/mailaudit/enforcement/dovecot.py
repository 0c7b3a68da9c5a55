# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing a mailbox in Dovecot itself: a deny passwd-file, and an end to its open sessions."""

import time
from collections.abc import Sequence
from pathlib import Path

from mailaudit.enforcement.backend import EnforcementError
from mailaudit.enforcement.denyfile import PROBE, DenyFile
from mailaudit.enforcement.doveadm import Doveadm, plain

NOT_READ = (
    "Dovecot does not keep {address} out though it stands in {file}:"
    " is deploy/dovecot/ in force, before every other passdb, and the file readable for Dovecot?"
)


class DovecotLock:
    """The users in one deny passwd-file; the mail system's other files stay as they are."""

    name = "dovecot"

    def __init__(self, file: Path, doveadm: Doveadm) -> None:
        self._file = DenyFile(file)
        self._doveadm = doveadm

    def check(self) -> None:
        """Find out whether the file is whole and Dovecot heeds it. Raises EnforcementError."""
        self._file.read()
        self._must_deny(PROBE)

    def lock(self, address: str, reason: str) -> None:
        """Write the file, make sure that Dovecot heeds it, end open sessions. Raises EnforcementError."""
        user = plain(address)
        with self._file.changing() as closed:
            closed.setdefault(user, reason)
        self._doveadm.flush(user)
        _let_it_be_seen()
        self._must_deny(user)
        self._doveadm.end_sessions(user)

    def unlock(self, address: str) -> None:
        """Take the address out of the file, and let Dovecot see it. Raises EnforcementError."""
        user = plain(address)
        with self._file.changing() as closed:
            was_closed = closed.pop(user, None) is not None
        self._doveadm.flush(user)
        if was_closed:
            _let_it_be_seen()

    def locked(self) -> Sequence[str]:
        """Return the addresses in the file, sorted. Raises EnforcementError."""
        return sorted(self._file.read())

    def _must_deny(self, address: str) -> None:
        if not self._doveadm.denies(address):
            raise EnforcementError(NOT_READ.format(address=address, file=self._file.path))


def _let_it_be_seen() -> None:
    """Wait for the next second: Dovecot looks at a passwd-file no more than once in each."""
    time.sleep(1.05 - time.time() % 1)
