# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes that are folders of files, archived, removed and restored as mailaudit.enforcement.backend asks.

For killing a sweep at hundreds of moments, where the real Dovecot would take hours.
"""

import hashlib
import shutil
from datetime import date
from pathlib import Path

from mailaudit.enforcement.backend import Archive, EnforcementError


class FolderStorage:
    """`mail`/ADDRESS/ holds a mailbox's messages, `archives`/ADDRESS/DAY what was archived of it."""

    def __init__(self, folder: Path) -> None:
        self.mail = folder / "mail"
        self.archives = folder / "archives"
        self.archives.mkdir(parents=True, exist_ok=True)

    def check(self) -> None:
        if not self.mail.is_dir():
            raise EnforcementError(f"{self.mail}: not there")

    def archive(self, address: str, day: date) -> Archive:
        home = self.archives / address
        number = 1
        while (folder := home / f"{day}-{number}").exists():
            if set(self.messages(address)) <= set(_texts(folder)):
                return _archive(folder)
            number += 1
        unfinished = home / ".unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(self.mail / address, unfinished)
        unfinished.rename(folder)
        return _archive(folder)

    def remove(self, address: str, archive: Archive) -> None:
        if _archive(archive.folder) != archive:
            raise EnforcementError(f"{archive.folder}: changed")
        if not set(self.messages(address)) <= set(_texts(archive.folder)):
            raise EnforcementError(f"{address}: mail came since")
        for message in (self.mail / address).iterdir():
            message.unlink()

    def restore(self, folder: Path, address: str) -> int:
        there = self.messages(address)
        kept = _texts(folder)
        for number, text in enumerate(kept):
            if text not in there:
                (self.mail / address / f"restored{number}").write_text(text)
        return len(kept)

    def messages(self, address: str) -> list[str]:
        """What is in the mailbox, sorted."""
        return _texts(self.mail / address)

    def fill(self, address: str, *texts: str) -> None:
        (self.mail / address).mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (self.mail / address / f"m{number}").write_text(text)


def _texts(folder: Path) -> list[str]:
    return sorted(file.read_text() for file in folder.iterdir())


def _archive(folder: Path) -> Archive:
    texts = _texts(folder)
    whole = "\n".join(texts).encode()
    return Archive(folder, len(texts), len(whole), hashlib.sha256(whole).hexdigest())
