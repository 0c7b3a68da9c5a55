# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of an archive: maildirs, mbox files, folders of messages, single messages."""

import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mailgate.mime.fields import is_field

_SNIFFED = 4096  # bytes at the beginning of a file that tell what it is
_PIECE = 65_535  # bytes read at once
_MBOX = b"From "


class NoMailError(Exception):
    """A file that holds no mail; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message at rest: `size` bytes of `path` from `offset` on. `boxed`: one of several in an mbox file."""

    path: Path
    offset: int
    size: int
    boxed: bool = False

    def __str__(self) -> str:
        """Say where it is."""
        return f"{self.path}, byte {self.offset}" if self.boxed else str(self.path)

    def pieces(self) -> Iterator[bytes]:
        """Read it. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            left = self.size
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give every file that may hold mail, folder by folder in the order of names.

    Of a maildir (a folder with `cur`) only `cur`, `new` and the folders below count: what else lies there is
    an index.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.iterdir())
        if (path / "cur").is_dir():
            inside = [one for one in inside if one.is_dir() and one.name != "tmp"]
        yield from files(inside)


def messages(path: Path) -> Iterator[Stored]:
    """Give the messages of a file. Raises OSError, and NoMailError for a file that holds none."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
        first = head.lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")
        if first.startswith(_MBOX):
            yield from _boxed(path, file.fileno(), size)
        elif is_field(first) and first[:1].isalpha():  # a log's time stamp has a colon too
            yield Stored(path, 0, size)
        else:
            raise NoMailError(f"{path}: " + ("does not begin like a message" if head else "is empty"))


def _boxed(path: Path, number: int, size: int) -> Iterator[Stored]:
    """Cut an mbox file at its lines that begin with "From " after an empty one (RFC 4155)."""
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as text:
        begin = text.find(_MBOX)
        while begin < size:
            end = _next(text, begin, size)
            yield Stored(path, begin, end - begin, boxed=True)
            begin = end


def _next(text: mmap.mmap, begin: int, size: int) -> int:
    """Return where the next message begins, or the file ends."""
    at = text.find(b"\nFrom ", begin)
    while at >= 0:
        if text[at - 1 : at] == b"\n" or text[at - 2 : at] == b"\n\r":
            return at + 1
        at = text.find(b"\nFrom ", at + 1)
    return size
