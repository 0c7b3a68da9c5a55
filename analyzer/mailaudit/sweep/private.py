# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a file that only its owner may read, whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_privately(path: Path, text: Iterable[str]) -> None:
    """Put a file of this text in the place of what was there. Raises OSError, and then that is unchanged."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.writelines(text)
            file.flush()
            os.fsync(number)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
