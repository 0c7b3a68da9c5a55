# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory as the audit last published it: a file mapped read-only, which all workers share."""

from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Self

from mailpolicy.directory import Mailbox, Unit
from mailpolicy.files.problems import BadFile, Problem, UnreadableFile
from mailpolicy.snapshot.contents import Contents
from mailpolicy.snapshot.header import BadSnapshot

EXPECTED = "a snapshot as `mailaudit publish` writes it"
Identity = tuple[int, int, int, int]


def identity(path: Path) -> Identity | None:
    """Device, inode, time of last change in nanoseconds and size of a file; None if it can't be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


class Snapshot:
    """A published directory. Implements `mailpolicy.directory.Directory`.

    Several threads may ask it and, after a fork, several processes. It does not change: a newer file is
    another Snapshot. The file is unmapped when nobody holds it any more.
    """

    known = True

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map a snapshot and check it from end to end.

        Raises UnreadableFile if it can't be read, BadFile if it is none, or not a whole one.
        """
        try:
            with path.open("rb") as file:
                mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
        except ValueError as error:  # mmap says so of an empty file
            raise BadFile([Problem(str(path), "file", "is empty", EXPECTED)]) from error
        except OSError as error:
            wrong = f"can't be read ({error.strerror or error})"
            raise UnreadableFile([Problem(str(path), "file", wrong, EXPECTED)]) from error
        try:
            return cls(Contents(mapped))
        except BadSnapshot as error:
            mapped.close()
            raise BadFile([Problem(str(path), "file", str(error), EXPECTED)]) from error

    @property
    def made_at(self) -> datetime:
        """When the audit made it, in UTC."""
        return self._contents.header.made_at

    @property
    def count(self) -> int:
        """How many mailboxes it has."""
        return self._contents.header.mailboxes

    def mailbox(self, address: str) -> Mailbox | None:
        """Return the mailbox of this address, in any case and spelling of the domain, or None."""
        return self._contents.mailbox(address)

    def unit(self, name: str) -> Unit | None:
        """Return the unit of this name, or None."""
        return self._contents.unit(name)

    def named(self, folded: str) -> Mailbox | None:
        """Return the official who goes by this folded display name, or None."""
        return self._contents.named(folded)
