# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox's Sieve scripts: kept beside its mail, and put back where they are missing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from mailaudit.enforcement.doveadm import Doveadm

SUFFIX = ".sieve"
ACTIVE_FILE = "active"  # holds the name of the active script


@dataclass(frozen=True, slots=True)
class Scripts:
    """Scripts by name, and the name of the active one, "" if none is."""

    texts: Mapping[str, str]
    active: str


def read(doveadm: Doveadm, user: str) -> Scripts:
    """Return the user's scripts; none where Dovecot has no Sieve. Raises EnforcementError."""
    if not doveadm.knows("sieve"):
        return Scripts({}, "")
    listed = _asked(doveadm, "list", "-u", user)
    texts = {
        row["script"]: _asked(doveadm, "get", "-u", user, row["script"])[0]["sieve script"] for row in listed
    }
    return Scripts(texts, "".join(row["script"] for row in listed if row["active"]))


def keep(folder: Path, scripts: Scripts) -> list[Path]:
    """Write scripts into a new folder; return the files. Raises OSError."""
    folder.mkdir(mode=0o700)
    files = {quote(name, safe="") + SUFFIX: text for name, text in scripts.texts.items()}
    if scripts.active:
        files[ACTIVE_FILE] = scripts.active
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return [folder / name for name in sorted(files)]


def put_back(doveadm: Doveadm, user: str, folder: Path) -> None:
    """Store the scripts whose names the user has not; if none is active, activate the one that was.

    Raises EnforcementError.
    """
    kept = {unquote(path.name.removesuffix(SUFFIX)): path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    if not kept:
        return
    there = read(doveadm, user)
    for name in kept.keys() - there.texts.keys():
        doveadm.run("sieve", "put", "-u", user, name, given=kept[name].read_bytes())
    active = folder / ACTIVE_FILE
    if active.exists() and not there.active:
        doveadm.run("sieve", "activate", "-u", user, active.read_text("utf-8"))


def _asked(doveadm: Doveadm, *arguments: str) -> list[dict[str, str]]:
    printed = doveadm.run("-f", "json", "sieve", *arguments)
    rows: list[dict[str, str]] = json.loads(printed or b"[]")
    return rows
