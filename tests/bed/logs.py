# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder in which a bed's servers write their logs and whatever they print."""

from pathlib import Path

_TAIL = 25  # lines of each file in the message of a failure


def find_line(folder: Path, text: str) -> str | None:
    """The first line of any log that holds `text`."""
    lines = (line for file in _files(folder) for line in file.read_text(errors="replace").splitlines())
    return next((line for line in lines if text in line), None)


def tails(folder: Path) -> str:
    """The last lines of every log."""
    parts = ([f"--- the end of {file.name}", *_last_lines(file)] for file in _files(folder))
    return "\n".join(line for part in parts for line in part)


def _last_lines(file: Path) -> list[str]:
    return file.read_text(errors="replace").splitlines()[-_TAIL:]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())
