# SPDX-License-Identifier: GPL-3.0-or-later
"""The passwd-file whose users Dovecot lets nobody be: read with suspicion, replaced in one step.

Postwarden alone writes it. Its first line says so, its last how many mailboxes are closed: a file cut short
or changed by hand is refused, as the next writing would open again whatever was lost.
"""

import contextlib
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from mailaudit.enforcement.backend import EnforcementError

FIRST = "# Postwarden: the mailboxes that Dovecot lets nobody log in to. mailaudit alone writes this file."
PROBE = "nobody@postwarden.invalid"  # always denied: shows that Dovecot reads the file. RFC 2606: nobody's
PROBE_LINE = f"{PROBE}::::"
LAST = re.compile(r"# (\d+) closed")
ENTRY = re.compile(r"([^:\s]+)::::([^:]*)")
REASON_LETTERS = 200


def parse(text: str) -> dict[str, str]:
    """Return the closed mailboxes' addresses and reasons. Raises ValueError, which says what is damaged."""
    lines = text.split("\n")
    if lines[:2] != [FIRST, PROBE_LINE]:
        raise ValueError("line 1: not the first lines of Postwarden's file")
    if lines[-1] or not (last := LAST.fullmatch(lines[-2])):
        raise ValueError(f"line {len(lines)}: the file's end is missing")
    found: dict[str, str] = {}
    for number, line in enumerate(lines[2:-2], start=3):
        if not (entry := ENTRY.fullmatch(line)) or entry[1] in found:
            raise ValueError(f"line {number}: not an address with a reason, each once")
        found[entry[1]] = entry[2]
    if len(found) != int(last[1]):
        raise ValueError(f"line {len(lines) - 1}: {last[1]} closed, but {len(found)} addresses before it")
    return found


def text_of(closed: Mapping[str, str]) -> str:
    """Return the file that holds these."""
    entries = [f"{address}::::{_on_one_line(closed[address])}" for address in sorted(closed)]
    return "\n".join([FIRST, PROBE_LINE, *entries, f"# {len(entries)} closed", ""])


class DenyFile:
    """The file at a path. Raises EnforcementError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        """Return addresses and reasons."""
        with self._errors():
            return parse(self.path.read_text("utf-8"))

    @contextlib.contextmanager
    def changing(self) -> Iterator[dict[str, str]]:
        """What the file holds, to be changed; then it is replaced. Two at once wait for each other."""
        with self._errors():
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            closed = self.read()
            before = dict(closed)
            yield closed
            if closed != before:
                with self._errors():
                    self._replace(text_of(closed).encode())
                    os.fsync(folder)
        finally:
            os.close(folder)

    def _replace(self, data: bytes) -> None:
        """Owner, group and mode stay. Dovecot tells files by their second and size, so the second is new."""
        before = self.path.stat()
        number, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(number, before.st_uid, before.st_gid)
                os.fchmod(number, before.st_mode & 0o777)
                file.write(data)
                file.flush()
                second = max(int(os.fstat(number).st_mtime), int(before.st_mtime) + 1)
                os.utime(number, (second, second))
                os.fsync(number)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            lost = isinstance(error, FileNotFoundError)
            hint = (
                "put deploy/dovecot/postwarden-locked there" if lost else "it is as it was; mend that first"
            )
            raise EnforcementError(f"{self.path}: {error.strerror}; {hint}") from error
        except ValueError as error:
            said = f"{self.path}: damaged, {error}; nobody but mailaudit may write it: put a whole copy back"
            raise EnforcementError(said) from error


def _on_one_line(reason: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in reason.replace(":", ","))
    return " ".join(printable.split())[:REASON_LETTERS]
