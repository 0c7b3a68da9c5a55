# SPDX-License-Identifier: GPL-3.0-or-later
"""The dated lists in data/: one entry on a line, what follows a "#" is a remark."""

from functools import cache
from importlib.resources import files


@cache
def entries(name: str) -> frozenset[str]:
    """Return the entries of data/NAME as they stand there, white space around them taken off."""
    text = files("mailpolicy").joinpath("data", name).read_text("utf-8")
    found = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(entry for entry in found if entry)
