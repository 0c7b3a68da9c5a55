# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading TOML files that people write, on whatever editor."""

import re
import tomllib
from pathlib import Path
from typing import Any

from mailpolicy.files.problems import BadFile, Problem, UnreadableFile

POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises UnreadableFile if it can't be opened, BadFile if it isn't UTF-8 or TOML."""
    file = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        wrong = f"can't be read ({error.strerror or error})"
        raise UnreadableFile([Problem(file, "file", wrong, "a readable TOML file")]) from error
    try:
        return tomllib.loads(data.decode("utf-8-sig"))  # editors on Windows put a mark in front
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise BadFile([Problem(file, f"line {line}", wrong, "text saved as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadFile([_syntax_problem(file, str(error))]) from error


def _syntax_problem(file: str, message: str) -> Problem:
    found = POSITION.search(message)
    where = f"line {found[1]}, column {found[2]}" if found and found[1] else "end of file"
    return Problem(file, where, f"not TOML ({POSITION.sub('', message)})", "TOML 1.0")
