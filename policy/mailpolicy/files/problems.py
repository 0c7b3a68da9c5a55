# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in files that people write: file, key, what is wrong and what was expected, all in one go."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `key` is the way to it, as in `duty[3].attachment-cap.parameters.limit_mb`.

    Positions are counted from 1.
    """

    file: str
    key: str
    wrong: str
    expected: str

    def __str__(self) -> str:
        """One line, whatever the file has in it: what can't be printed is written as an escape."""
        line = f"{self.file}: {self.key}: {self.wrong}; expected {self.expected}"
        return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)


class BadFile(Exception):  # noqa: N818 - it names what the reader must mend
    """A file with mistakes. `problems` holds all of them, in the order found; its text is one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UnreadableFile(BadFile):
    """A file that could not be read at all: it isn't there, is a directory, or may not be opened."""


class Problems:
    """The mistakes found so far in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, key: str, wrong: str, expected: str) -> None:
        """Note one mistake."""
        self.found.append(Problem(self.file, key, wrong, expected))

    def unknown(self, key: str, name: str, known: Iterable[str]) -> None:
        """Note a name that means nothing here, with the nearest that does."""
        self.add(key, f'unknown name "{name}"', suggestion(name, known))

    def raise_if_any(self) -> None:
        """Raise BadFile if anything was found."""
        if self.found:
            raise BadFile(self.found)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say what was expected in place of an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    if near := difflib.get_close_matches(name, names, n=1):
        return f'"{near[0]}"'
    return f"one of {', '.join(names)}" if names else "nothing here"
