# SPDX-License-Identifier: GPL-3.0-or-later
"""The Maildir that Dovecot backs a mailbox up to: which message is which file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailaudit.enforcement.backend import EnforcementError

UIDLIST = "dovecot-uidlist"
# Dovecot writes these anew whenever it opens a folder; nothing of them is mail.
PASSING = ("dovecot.", UIDLIST, "dovecot-uidvalidity", "maildirfolder")


@dataclass(frozen=True, slots=True)
class File:
    """A message's file, with its folder's guid and its own number there."""

    path: Path
    guid: str
    uid: int


def messages(root: Path) -> Iterator[File]:
    """Every message in a Maildir and its folders, however they lie.

    Raises EnforcementError if one is not in its folder's list.
    """
    for folder in sorted(path.parent for path in root.rglob("cur")):
        files = [path for name in ("new", "cur") for path in sorted((folder / name).glob("*"))]
        if files:
            guid, uids = _listed(folder / UIDLIST)
            for path in files:
                if (name := path.name.partition(":")[0]) not in uids:
                    raise EnforcementError(f"{path}: not in {UIDLIST}; nothing was done, run it again")
                yield File(path, guid, uids[name])


def others(root: Path) -> Iterator[Path]:
    """Every other file that is worth keeping: subscriptions, the names of keywords."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.parent.name not in ("new", "cur") and not path.name.startswith(PASSING):
            yield path


def _listed(path: Path) -> tuple[str, dict[str, int]]:
    """A folder's guid and its messages' numbers, as in `3 V1795331136 N1 G7026...` and `1 W79 :1795...`."""
    try:
        first, *rest = path.read_text("utf-8").splitlines()
        (guid,) = (part[1:] for part in first.split() if part.startswith("G"))
        uids = {
            name.partition(":")[0]: int(head.split()[0])
            for head, _, name in (line.partition(":") for line in rest)
        }
    except (OSError, ValueError, IndexError) as error:
        raise EnforcementError(f"{path}: not a list of messages; nothing was done, run it again") from error
    return guid, uids
