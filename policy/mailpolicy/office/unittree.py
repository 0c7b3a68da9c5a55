# SPDX-License-Identifier: GPL-3.0-or-later
"""Which units a unit belongs to."""

from collections.abc import Iterator

from mailpolicy.directory import Directory

LEVELS = (
    12  # a tree that is deeper is a mistake of the directory, such as units that are each other's parents
)


def units_above(name: str, directory: Directory) -> Iterator[str]:
    """Return the names of a unit and of those it belongs to, from below; nothing for ""."""
    for _ in range(LEVELS):
        if not name:
            return
        yield name
        unit = directory.unit(name)
        name = unit.parent if unit else ""
