# SPDX-License-Identifier: GPL-3.0-or-later
"""Reclaiming a mailbox's mail from Dovecot: copied, read back and compared before anything is removed."""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path

from mailaudit.enforcement import comparison, copying, maildir, manifest, scripts
from mailaudit.enforcement.backend import Archive, EnforcementError
from mailaudit.enforcement.doveadm import MAIL_SECONDS, Doveadm, Owner, plain
from mailaudit.enforcement.mailcontent import Stored, contents, folders
from mailaudit.enforcement.manifest import Kept, KeptMessage, Manifest

MAIL, SIEVE = "mail", "sieve"
ROOM = 1 << 20  # bytes beside the mail itself, for Dovecot's own files
ROUNDS = 3  # mail may come while it is copied


class DovecotStorage:
    """Archives below one folder: ADDRESS/DAY/ with mail/ (a Maildir++), sieve/ and manifest.json."""

    def __init__(self, doveadm: Doveadm, root: Path) -> None:
        self._doveadm = doveadm
        self._root = root.absolute()  # Dovecot takes other paths from the user's home

    def check(self) -> None:
        """Find out whether Dovecot answers and the archive can be written. Raises EnforcementError."""
        self._doveadm.run("-f", "tab", "who")
        with self._errors(), tempfile.TemporaryFile(dir=self._root):
            self._must_have_room(ROOM)

    def archive(self, address: str, day: date) -> Archive:
        """Copy all mail, compare the copy with the mailbox, write the manifest and read all files again.

        An archive of that day which holds all that is there now is taken as it is. Raises EnforcementError;
        then nothing is left of the copy.
        """
        user = plain(address)
        home = self._root / user
        with self._errors():
            self._doveadm.owner(user)
            home.mkdir(exist_ok=True)
            home.chmod(0o711)
            for unfinished in home.glob(".*"):
                shutil.rmtree(unfinished)
            for folder in _names(home, day):
                if not folder.exists():
                    return self._new(user, day, folder)
                if found := self._that_holds_all(user, folder):
                    return found
        raise AssertionError("names never end")

    def remove(self, address: str, archive: Archive) -> None:
        """Remove the messages that the archive holds, if it is as it was and holds them all.

        Folders and Sieve scripts stay. Raises EnforcementError; then nothing was removed, unless Dovecot
        failed in between: run again, it goes on.
        """
        user = plain(address)
        held, now = manifest.read(archive.folder)
        if (now, held.address) != (archive, user):
            raise EnforcementError(
                f"{archive.folder}: not the archive that was verified; nothing was removed"
            )
        manifest.verify(archive.folder, held)
        there = contents(self._doveadm, user)
        if new := comparison.beyond(there, held.texts()):
            where = ", ".join(sorted({message.folder for message in new}))
            wrong = f"{len(new)} messages in {where} are not in {archive.folder}"
            raise EnforcementError(f"{user}: {wrong}; nothing was removed: archive it again")
        self._expunge(user, there)

    def restore(self, folder: Path, address: str) -> int:
        """Bring back what the mailbox has not, in whatever folder; return how many messages the archive has.

        They are all in the mailbox then, however often it is run. Raises EnforcementError.
        """
        user, folder = plain(address), folder.absolute()
        held, _ = manifest.read(folder)
        manifest.verify(folder, held)
        if missing := comparison.missing(held, contents(self._doveadm, user)):
            with self._lent(folder / MAIL, user):
                copying.bring_back(self._doveadm, user, folder / MAIL, held.layout, missing)
        if lost := comparison.missing(held, contents(self._doveadm, user)):
            raise EnforcementError(
                f"{user}: {len(lost)} messages did not come back from {folder}; run it again"
            )
        scripts.put_back(self._doveadm, user, folder / SIEVE)
        return held.messages

    def _new(self, user: str, day: date, folder: Path) -> Archive:
        self._must_have_room(ROOM + sum(one.size for one in folders(self._doveadm, user)))
        unfinished = Path(tempfile.mkdtemp(prefix=f".{day.isoformat()}.", dir=folder.parent))
        try:
            unfinished.chmod(0o711)
            made = self._copy(user, day, unfinished)
            manifest.write(unfinished, made)
            os.sync()
            manifest.verify(unfinished, made)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        _sync(folder.parent)
        return manifest.read(folder)[1]

    def _copy(self, user: str, day: date, folder: Path) -> Manifest:
        """Copy until nothing has come in between, and say what the copy is."""
        (folder / MAIL).mkdir(mode=0o700)
        kept = scripts.keep(folder / SIEVE, scripts.read(self._doveadm, user))
        for _ in range(ROUNDS):
            with self._lent(folder / MAIL, user):
                layout = copying.copy(self._doveadm, user, folder / MAIL)
            there = contents(self._doveadm, user)
            copied = [_kept_message(folder, file) for file in maildir.messages(folder / MAIL)]
            if comparison.same(copied, there):
                break
        else:
            counts = f"the copy has {len(copied)} messages, the mailbox {len(there)}"
            raise EnforcementError(f"{user}: {counts}, and they are not the same; nothing was removed")
        return Manifest(
            address=user, day=day, layout=layout, messages=len(copied), mail=tuple(copied),
            size=sum((folder / one.file).stat().st_size for one in copied),
            folders={one.guid: one.name for one in folders(self._doveadm, user)},
            other=tuple(_kept(folder, path) for path in (*maildir.others(folder / MAIL), *kept)),
        )  # fmt: skip

    def _that_holds_all(self, user: str, folder: Path) -> Archive | None:
        held, archive = manifest.read(folder)
        if comparison.beyond(contents(self._doveadm, user), held.texts()):
            return None
        manifest.verify(folder, held)
        return archive

    def _expunge(self, user: str, messages: Sequence[Stored]) -> None:
        for guid, uids in comparison.by_folder((one.guid, one.uid) for one in messages):
            self._doveadm.run("expunge", "-u", user, "mailbox-guid", guid, "uid", uids, seconds=MAIL_SECONDS)
        self._doveadm.run("purge", "-u", user, seconds=MAIL_SECONDS)
        gone = {one.digest for one in messages}
        if stayed := [one for one in contents(self._doveadm, user) if one.digest in gone]:
            where = (
                f"{len(stayed)} messages are still there, as in {stayed[0].folder}, though they were removed"
            )
            raise EnforcementError(f"{user}: {where}; run it again")

    @contextlib.contextmanager
    def _lent(self, folder: Path, user: str) -> Iterator[None]:
        """Dovecot writes and reads an archive as whom the mailbox belongs to: so long it is his."""
        with self._errors():
            _give(folder, self._doveadm.owner(user))
        try:
            yield
        finally:
            with self._errors():
                _give(folder, Owner(os.geteuid(), os.getegid()))

    def _must_have_room(self, wanted: int) -> None:
        if (free := shutil.disk_usage(self._root).free) < wanted:
            said = f"{free} bytes are free and {wanted} needed"
            raise EnforcementError(f"{self._root}: {said}; nothing was done: make room and run it again")

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = f"{error.filename or self._root}: {error.strerror}"
            raise EnforcementError(f"{said}; nothing was removed: mend it and run it again") from error


def _give(folder: Path, owner: Owner) -> None:
    """Change whom a folder and all below it belong to. Raises EnforcementError for anything else there."""
    for path in (folder, *folder.rglob("*")):
        found = path.lstat()
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)) or (
            path.is_file() and found.st_nlink > 1
        ):
            raise EnforcementError(
                f"{path}: neither folder nor a file of its own; nothing was done: look at it"
            )
        if (found.st_uid, found.st_gid) != (owner.uid, owner.gid):
            os.lchown(path, owner.uid, owner.gid)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _names(home: Path, day: date) -> Iterator[Path]:
    """DAY, DAY-2, DAY-3 and so on: what is archived is never written over."""
    yield home / day.isoformat()
    yield from (home / f"{day.isoformat()}-{number}" for number in count(2))


def _kept(folder: Path, path: Path) -> Kept:
    return Kept(file=str(path.relative_to(folder)), sha256=manifest.sums(path)[0])


def _kept_message(folder: Path, file: maildir.File) -> KeptMessage:
    sha256, text, _ = manifest.sums(file.path)
    path = str(file.path.relative_to(folder))
    return KeptMessage(file=path, sha256=sha256, guid=file.guid, uid=file.uid, text=text)
