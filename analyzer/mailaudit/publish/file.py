# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a snapshot: reading the last one, and putting a new one in its place in one step."""

import contextlib
import os
import tempfile
from pathlib import Path

from mailpolicy.snapshot.contents import Contents

MODE = 0o644  # a new file: the gate runs as a user of its own, whom systemd makes


def read(path: Path) -> Contents | None:
    """Return the snapshot there is, None if there is no file. Raises OSError or BadSnapshot."""
    try:
        return Contents(path.read_bytes())
    except FileNotFoundError:
        return None


def replace(path: Path, data: bytes) -> None:
    """Write a snapshot; readers see the old one whole or the new one whole, whatever happens. Raises OSError.

    Owner and mode stay those of the file that was there.
    """
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            _take_over(path, number)
            file.write(data)
            file.flush()
            os.fsync(number)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _take_over(path: Path, number: int) -> None:
    mode = MODE
    with contextlib.suppress(FileNotFoundError):
        before = path.stat()
        mode = before.st_mode & 0o777
        with contextlib.suppress(PermissionError):  # only root may give a file away
            os.fchown(number, before.st_uid, before.st_gid)
    os.fchmod(number, mode)
