# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sweep asks of a server: each way of doing it is a module beside this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol


class EnforcementError(Exception):
    """A server refused or can't be reached; the text says which, what it answered, and what to do."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A reclaimed mailbox's mail, as it was read back: `folder` holds it and its manifest.

    `sha256` is of the manifest, which lists every file with its own.
    """

    folder: Path
    messages: int
    size: int
    sha256: str


class Lock(Protocol):
    """Closes mailboxes to their users. Each method may be repeated: doing it twice is doing it once.

    A locked user can't log in and has no session left open; mail for him still arrives.
    """

    @property
    def name(self) -> str:
        """How the operator knows it, as in `dovecot`."""

    def check(self) -> None:
        """Find out whether it can work, before anything is done. Raises EnforcementError."""

    def lock(self, address: str, reason: str) -> None:
        """Close this mailbox. Raises EnforcementError."""

    def unlock(self, address: str) -> None:
        """Open it again. Raises EnforcementError."""

    def locked(self) -> Sequence[str]:
        """Return the addresses it holds closed, sorted. Raises EnforcementError."""


class Storage(Protocol):
    """Archives, removes and restores mailboxes. Raises EnforcementError."""

    def check(self) -> None:
        """Find out whether it can work: the server answers, the archive's folder is there with room."""

    def archive(self, address: str, day: date) -> Archive:
        """Copy all mail into a folder named after address and day, and verify it by reading it back.

        A copy that an earlier, killed run left unfinished is made anew.
        """

    def remove(self, address: str, archive: Archive) -> None:
        """Remove the mailbox's mail, if the archive still is as it was verified and nothing came since."""

    def restore(self, folder: Path, address: str) -> int:
        """Bring an archive's mail back into this mailbox; return how many messages. Never twice one mail."""
