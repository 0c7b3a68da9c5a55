# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock kept elsewhere, and Dovecot told of it: cached logins are forgotten and open sessions end."""

from collections.abc import Sequence

from mailaudit.enforcement.backend import Lock
from mailaudit.enforcement.doveadm import Doveadm


class EndingSessions:
    """Another lock, followed by an end to what is open in Dovecot."""

    def __init__(self, lock: Lock, doveadm: Doveadm) -> None:
        self._lock = lock
        self._doveadm = doveadm

    @property
    def name(self) -> str:
        """The other lock's."""
        return self._lock.name

    def check(self) -> None:
        """Find out whether the lock works and Dovecot answers. Raises EnforcementError."""
        self._lock.check()
        self._doveadm.run("-f", "tab", "who")

    def lock(self, address: str, reason: str) -> None:
        """Close the mailbox, then end its sessions. Raises EnforcementError."""
        self._lock.lock(address, reason)
        self._doveadm.flush(address)
        self._doveadm.end_sessions(address)

    def unlock(self, address: str) -> None:
        """Open the mailbox, and have Dovecot forget that it was closed. Raises EnforcementError."""
        self._lock.unlock(address)
        self._doveadm.flush(address)

    def locked(self) -> Sequence[str]:
        """Return the addresses that the other lock holds closed."""
        return self._lock.locked()
