# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mailbox holds, read whole through Dovecot: each message's folder, number and digest."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from mailaudit.enforcement.backend import EnforcementError
from mailaudit.enforcement.doveadm import Doveadm

CHUNK = 1 << 18
FIELDS = (
    "mailbox mailbox-guid uid size.physical text"  # the size is what the text is read by, so it comes first
)
BETWEEN = b"\f\n"  # of two messages, in doveadm's format "pager"


class Digest:
    """SHA-256 of a message as it would be with single line feeds: stores differ in how they end lines."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._held = b""

    def add(self, piece: bytes) -> None:
        """Add the next bytes. A carriage return at the end waits for what follows it."""
        piece = self._held + piece
        self._held = b"\r" if piece.endswith(b"\r") else b""
        self._hash.update(piece.removesuffix(self._held).replace(b"\r\n", b"\n"))

    def hex(self) -> str:
        """Return the digest of all that was added."""
        last = self._hash.copy()
        last.update(self._held)
        return last.hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """A message in a mailbox. `guid` is its folder's, which stays when a folder is renamed."""

    folder: str
    guid: str
    uid: int
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a mailbox, with the count and the size, in bytes on the wire, that Dovecot gives."""

    name: str
    guid: str
    messages: int
    size: int


def folders(doveadm: Doveadm, user: str) -> list[Folder]:
    """Return the folders of a mailbox. Raises EnforcementError."""
    wanted = ("messages", "vsize", "guid")
    printed = doveadm.run("-f", "tab", "mailbox", "status", "-u", user, " ".join(wanted), "*").decode()
    names, *rows = [line.split("\t") for line in printed.splitlines()]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [Folder(row["mailbox"], row["guid"], int(row["messages"]), int(row["vsize"])) for row in found]


def contents(doveadm: Doveadm, user: str) -> list[Stored]:
    """Return every message, each read to its end.

    Raises EnforcementError, also if Dovecot counts others in a folder than it gives.
    """
    with doveadm.reading("-f", "pager", "fetch", "-u", user, FIELDS, "ALL") as stream:
        found = list(_messages(stream))
    counted = Counter(message.guid for message in found)
    for folder in folders(doveadm, user):
        if counted[folder.guid] != folder.messages:
            wrong = f"{counted[folder.guid]} messages could be read, Dovecot counts {folder.messages}"
            raise EnforcementError(f"{user}: {folder.name}: {wrong}; nothing was done, run it again")
    return found


def digests(messages: Iterable[Stored]) -> Counter[str]:
    """Return how often each message is there."""
    return Counter(message.digest for message in messages)


def _messages(stream: IO[bytes]) -> Iterator[Stored]:
    between = BETWEEN
    while fields := _fields(stream):
        if between != BETWEEN:
            raise EnforcementError("doveadm fetch prints something else than it used to; nothing was done")
        size = int(fields["size.physical"])
        digest = _text(stream, size)
        between = stream.read(len(BETWEEN))
        yield Stored(fields["mailbox"], fields["mailbox-guid"], int(fields["uid"]), size, digest)


def _fields(stream: IO[bytes]) -> dict[str, str]:
    """The lines before a message's text; empty at the end."""
    fields: dict[str, str] = {}
    while line := stream.readline():
        if line == b"text:\n":
            return fields
        name, _, value = line.decode().rstrip("\n").partition(": ")
        fields[name] = value
    if fields:
        raise EnforcementError("doveadm fetch broke off in the middle; nothing was done, run it again")
    return fields


def _text(stream: IO[bytes], size: int) -> str:
    digest = Digest()
    while size and (piece := stream.read(min(size, CHUNK))):
        digest.add(piece)
        size -= len(piece)
    return digest.hex()
