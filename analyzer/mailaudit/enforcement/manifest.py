# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest of an archived mailbox: every file with its SHA-256, every message with that of its text."""

import hashlib
import os
from collections import Counter
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mailaudit.enforcement.backend import Archive, EnforcementError
from mailaudit.enforcement.mailcontent import CHUNK, Digest

NAME = "manifest.json"
Array = Field(strict=False)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(_Part):
    """A file, by its path in the archive's folder."""

    file: str
    sha256: str


class KeptMessage(Kept):
    """A message's file. `guid` is its folder's, `uid` its number there, `text` the SHA-256 of its text."""

    guid: str
    uid: int
    text: str


class Layout(StrEnum):
    """How folders lie in a Maildir: `.A.B` beside each other, or `A/B` within each other."""

    DOTTED = "maildir++"
    NESTED = "fs"


class Manifest(_Part):
    """What was archived of a mailbox. `folders` are the names of its folders by their guid."""

    address: str
    day: date
    layout: Layout
    messages: int
    size: int
    folders: dict[str, str]
    mail: Annotated[tuple[KeptMessage, ...], Array]
    other: Annotated[tuple[Kept, ...], Array]

    def texts(self) -> Counter[str]:
        """Return how often each message is there."""
        return Counter(message.text for message in self.mail)


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, for nobody but this user to read. Raises OSError."""
    number = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(manifest.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(number)


def read(folder: Path) -> tuple[Manifest, Archive]:
    """Return the manifest and what it stands for. Raises EnforcementError if it is not there or damaged."""
    path = folder / NAME
    try:
        data = path.read_bytes()
        manifest = Manifest.model_validate_json(data)
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else "damaged"
        raise EnforcementError(f"{path}: {why}; {folder} is no archive to be relied on") from error
    sha256 = hashlib.sha256(data).hexdigest()
    return manifest, Archive(folder, manifest.messages, manifest.size, sha256)


def verify(folder: Path, manifest: Manifest) -> None:
    """Read every file again, from the disk where the system allows.

    Raises EnforcementError on any difference.
    """
    for kept in (*manifest.mail, *manifest.other):
        try:
            sha256, text, _ = sums(folder / kept.file)
        except OSError as error:
            raise EnforcementError(
                f"{folder / kept.file}: {error.strerror}; the archive is not whole"
            ) from error
        wanted = kept.text if isinstance(kept, KeptMessage) else text
        if (sha256, text) != (kept.sha256, wanted):
            raise EnforcementError(f"{folder / kept.file}: not as it was archived; nothing was done")
    if (len(manifest.mail), manifest.size) != (manifest.messages, _size(folder, manifest)):
        raise EnforcementError(f"{folder / NAME}: counts and files differ; nothing was done")


def sums(path: Path) -> tuple[str, str, int]:
    """Return a file's SHA-256, that of the message it holds, and its bytes. Raises OSError."""
    whole, text, size = hashlib.sha256(), Digest(), 0
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(CHUNK):
            whole.update(piece)
            text.add(piece)
            size += len(piece)
    return whole.hexdigest(), text.hex(), size


def _size(folder: Path, manifest: Manifest) -> int:
    return sum((folder / message.file).stat().st_size for message in manifest.mail)
