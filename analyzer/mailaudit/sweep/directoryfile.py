# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening the file that holds an office's directory."""

from pathlib import Path

from mailpolicy.directory import Mailbox, read_directory
from mailpolicy.files.problems import BadFile, Problem, UnreadableFile


def read(path: Path) -> list[Mailbox]:
    """Read the directory in a CSV file. Raises BadFile with every mistake in it, or that it is unreadable."""
    file = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableFile(
            [Problem(file, "file", f"can't be read ({why})", "a readable CSV file")]
        ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{data[error.start]:02x} is not UTF-8"
        expected = 'UTF-8; Excel writes it as "CSV UTF-8 (Comma delimited)"'
        raise BadFile([Problem(file, f"line {line}", wrong, expected)]) from error
    return read_directory(text, file)
