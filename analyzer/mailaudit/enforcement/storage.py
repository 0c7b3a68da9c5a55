# SPDX-License-Identifier: GPL-3.0-or-later
"""Reclaiming a mailbox's mail from Dovecot: copied, read back and compared before anything is removed."""

import contextlib
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path

from mailaudit.enforcement import maildir, manifest, scripts
from mailaudit.enforcement.backend import Archive, EnforcementError
from mailaudit.enforcement.doveadm import MAIL_SECONDS, Doveadm, plain
from mailaudit.enforcement.mailcontent import Stored, contents, digests, folders
from mailaudit.enforcement.manifest import Kept, KeptMessage, Manifest

MAIL, SIEVE = "mail", "sieve"
ROOM = 1 << 20  # bytes beside the mail itself, for Dovecot's own files
ROUNDS = 3  # mail may come while it is copied
# An archive's files are its own, and read without Dovecot. 2.3 and 2.4 each pass over the other's setting.
PLAIN_COPIES = (
    *("-o", "maildir_copy_with_hardlinks=no"),
    *("-o", "plugin/zlib_save="),
    *("-o", "mail_compress_write_method="),
)
AT_ONCE = 1000  # ranges of messages in one call


class DovecotStorage:
    """Archives below one folder: ADDRESS/DAY/ with mail/ (a Maildir++), sieve/ and manifest.json."""

    def __init__(self, doveadm: Doveadm, root: Path) -> None:
        self._doveadm = doveadm
        self._root = root

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
            home.mkdir(mode=0o711, exist_ok=True)
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
        if new := _beyond(there, held.texts()):
            where = ", ".join(sorted({message.folder for message in new}))
            wrong = f"{len(new)} messages in {where} are not in {archive.folder}"
            raise EnforcementError(f"{user}: {wrong}; nothing was removed: archive it again")
        self._expunge(user, there)

    def restore(self, folder: Path, address: str) -> int:
        """Bring back what the mailbox has not, in whatever folder; return how many messages the archive has.

        They are all in the mailbox then, however often it is run. Raises EnforcementError.
        """
        user = plain(address)
        held, _ = manifest.read(folder)
        manifest.verify(folder, held)
        missing = _missing(held, contents(self._doveadm, user))
        if missing:
            with self._errors():
                self._give_to_owner(folder / MAIL, user)
            self._import(user, folder / MAIL, missing)
        if lost := _missing(held, contents(self._doveadm, user)):
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
        os.sync()
        return manifest.read(folder)[1]

    def _copy(self, user: str, day: date, folder: Path) -> Manifest:
        (folder / MAIL).mkdir(mode=0o700)
        self._give_to_owner(folder / MAIL, user)
        kept = scripts.keep(folder / SIEVE, scripts.read(self._doveadm, user))
        for _ in range(ROUNDS):
            place = f"maildir:{folder / MAIL}"
            self._doveadm.run(*PLAIN_COPIES, "backup", "-u", user, place, seconds=MAIL_SECONDS)
            there = contents(self._doveadm, user)
            copied = [_kept_message(folder, file) for file in maildir.messages(folder / MAIL)]
            if Counter((one.guid, one.text) for one in copied) == Counter(
                (one.guid, one.digest) for one in there
            ):
                break
        else:
            wrong = (
                f"the copy has {len(copied)} messages, the mailbox {len(there)}, and they are not the same"
            )
            raise EnforcementError(f"{user}: {wrong}; nothing was removed")
        return Manifest(
            address=user, day=day, messages=len(copied), mail=tuple(copied),
            size=sum((folder / one.file).stat().st_size for one in copied),
            folders={one.guid: one.name for one in folders(self._doveadm, user)},
            other=tuple(_kept(folder, path) for path in (*maildir.others(folder / MAIL), *kept)),
        )  # fmt: skip

    def _that_holds_all(self, user: str, folder: Path) -> Archive | None:
        held, archive = manifest.read(folder)
        if _beyond(contents(self._doveadm, user), held.texts()):
            return None
        manifest.verify(folder, held)
        return archive

    def _expunge(self, user: str, messages: Sequence[Stored]) -> None:
        for guid, uids in _by_folder((one.guid, one.uid) for one in messages):
            self._doveadm.run("expunge", "-u", user, "mailbox-guid", guid, "uid", uids, seconds=MAIL_SECONDS)
        self._doveadm.run("purge", "-u", user, seconds=MAIL_SECONDS)
        gone = {(one.guid, one.uid) for one in messages}
        if stayed := [one for one in contents(self._doveadm, user) if (one.guid, one.uid) in gone]:
            raise EnforcementError(
                f"{user}: {len(stayed)} messages stayed though they were removed; run it again"
            )

    def _import(self, user: str, mail: Path, missing: Iterable[KeptMessage]) -> None:
        for guid, uids in _by_folder((one.guid, one.uid) for one in missing):
            query = ("mailbox-guid", guid, "uid", uids)
            self._doveadm.run("import", "-s", "-u", user, f"maildir:{mail}", "", *query, seconds=MAIL_SECONDS)

    def _give_to_owner(self, folder: Path, user: str) -> None:
        """Dovecot writes and reads a mailbox's copy as whom the mailbox belongs to."""
        owner = self._doveadm.owner(user)
        for path in (folder, *folder.rglob("*")):
            if (path.stat().st_uid, path.stat().st_gid) != (owner.uid, owner.gid):
                os.chown(path, owner.uid, owner.gid)

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


def _beyond(there: Iterable[Stored], held: Counter[str]) -> list[Stored]:
    """The messages that are there more often than they are held."""
    left = held.copy()
    beyond = []
    for message in there:
        if left[message.digest] == 0:
            beyond.append(message)
        else:
            left[message.digest] -= 1
    return beyond


def _missing(held: Manifest, there: Iterable[Stored]) -> list[KeptMessage]:
    """The messages that are held more often than they are there."""
    left = digests(there)
    missing = []
    for message in held.mail:
        if left[message.text] == 0:
            missing.append(message)
        else:
            left[message.text] -= 1
    return missing


def _by_folder(numbers: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Folders' guids with their messages, as in `1:5,8`, no more in one than a command line takes."""
    uids: dict[str, list[int]] = defaultdict(list)
    for guid, uid in numbers:
        uids[guid].append(uid)
    for guid, several in uids.items():
        ranges = _ranges(sorted(several))
        for start in range(0, len(ranges), AT_ONCE):
            yield guid, ",".join(ranges[start : start + AT_ONCE])


def _ranges(uids: Sequence[int]) -> list[str]:
    found: list[list[int]] = []
    for uid in uids:
        if found and uid == found[-1][1] + 1:
            found[-1][1] = uid
        else:
            found.append([uid, uid])
    return [f"{first}:{last}" for first, last in found]
