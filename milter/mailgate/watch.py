# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that people and programs replace: whether they have changed, and whether their writer has done."""

from collections.abc import Iterable
from pathlib import Path

Look = tuple[tuple[int, ...] | None, ...]


def _look(path: Path) -> tuple[int, ...] | None:
    """What tells one state of a file from another; None if there is no such file.

    The time of the last change of the inode is there too: a file that is put back under its old name has
    all the rest as before.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class Watch:
    """Looks at files from time to time. `files` may be set anew at any time."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self.files = tuple(files)
        self._read: Look = ()
        self._last: Look = ()

    def note(self) -> None:
        """Remember how the files are: they are about to be read."""
        self._read = self._last = self._looks()

    def changed(self) -> bool:
        """Whether the files are not as they were when they were noted."""
        return self._looks() != self._read

    def due(self) -> bool:
        """Whether they have changed, and have stayed as they are since this was asked last.

        A file that is written in place is half there for a while, and half a TOML file may well be valid.
        """
        looks = self._looks()
        rests, self._last = looks == self._last, looks
        return rests and looks != self._read

    def _looks(self) -> Look:
        return tuple(map(_look, self.files))
