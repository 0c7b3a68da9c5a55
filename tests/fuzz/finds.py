# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds: messages for which something does not hold, made small and kept as files that the tests replay."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from fuzz.target import Broken, examine

FOUND = Path(__file__).parent / "found"
TRIES = 3_000
CUTS = ([1], [7], [3, 40, 2], [1_000])
"""The chunkings in which a file is replayed."""


def replay(raw: bytes) -> None:
    """Examine a message in every chunking. Raises Broken."""
    for cuts in CUTS:
        examine(raw, cuts)


def broken_by(raw: bytes, cuts: Sequence[int]) -> str:
    """Return what does not hold, "" if all does."""
    try:
        examine(raw, cuts)
    except Broken as broken:
        return str(broken)
    return ""


def smaller(raw: bytes, still: Callable[[bytes], bool]) -> bytes:
    """Take away whatever can go while `still` holds: halves first, single bytes last, as far as TRIES go."""
    size, tries = len(raw) // 2, 0
    while size:
        at = 0
        while at < len(raw) and tries < TRIES:
            tries += 1
            without = raw[:at] + raw[at + size :]
            if still(without):
                raw = without
            else:
                at += size
        size //= 2
    return raw


def keep(raw: bytes, cuts: Sequence[int], what: str, origin: str, folder: Path = FOUND) -> Path:
    """Write a find, made small, and beside it what is wrong, where it came from and how to see it again."""
    file = write(raw, cuts, what, origin, folder)  # at once: what comes takes its time
    less = smaller(raw, lambda less: broken_by(less, cuts) == what)
    if less != raw:
        file.unlink()
        file.with_suffix(".txt").unlink()
    return write(less, cuts, what, origin, folder)


def write(raw: bytes, cuts: Sequence[int], what: str, origin: str, folder: Path) -> Path:
    """Write a find as it is."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{zlib.crc32(raw):08x}.eml"
    file.write_bytes(raw)
    story = f"{what}\nin chunks of {list(cuts)}, {origin}\n./dev fuzz tests/fuzz/found/{file.name}\n"
    file.with_suffix(".txt").write_text(story, encoding="utf-8")
    return file
