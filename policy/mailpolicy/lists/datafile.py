# SPDX-License-Identifier: GPL-3.0-or-later
"""The dated lists in data/: each is read when it is first needed, and can be replaced as a whole."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar

from mailpolicy.files.problems import BadFile, Problem

FOLDER = Path(str(files("mailpolicy"))) / "data"
T = TypeVar("T")


class DataFile(Generic[T]):
    """What data/NAME says. Called, it gives what `parse` made of the file's text."""

    def __init__(self, name: str, parse: Callable[[str], T]) -> None:
        self.path = FOLDER / name
        self._parse = parse
        self._value: T | None = None
        _files[name] = self

    def __call__(self) -> T:
        """Return what the file said when it was read, or what was put in its place."""
        if self._value is None:
            self._value = self.read()
        return self._value

    def read(self) -> T:
        """Read the file as it is now. Raises BadFile."""
        try:
            return self._parse(self.path.read_text("utf-8"))
        except (OSError, ValueError, LookupError, TypeError) as error:
            wrong = f"can't be read ({type(error).__name__}: {error})"
            raise BadFile([Problem(str(self.path), "file", wrong, "the list as it was shipped")]) from error

    def put(self, value: T) -> None:
        """Replace what the file said."""
        self._value = value


_files: dict[str, DataFile[Any]] = {}


def read_all() -> dict[str, object]:
    """Read every list that is in use as it is now, by the file's name. Raises BadFile."""
    return {name: file.read() for name, file in _files.items()}


def put_all(values: Mapping[str, object]) -> None:
    """Let these lists, as `read_all` gave them, be the ones that rules ask."""
    for name, value in values.items():
        _files[name].put(value)


def entries(text: str) -> frozenset[str]:
    """Read one entry on a line, white space around it taken off; what follows a "#" is a remark."""
    found = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(entry for entry in found if entry)
