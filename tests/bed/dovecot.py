# SPDX-License-Identifier: GPL-3.0-or-later
"""The bed's Dovecot, 2.3 or 2.4: its configuration, its users, their Sieve scripts and their Maildirs."""

import base64
import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from bed.process import BedError, Processes
from bed.templates import fill

_DEPLOY = Path(__file__).parents[2] / "deploy/dovecot"
_SHIPPED_SUBMISSION_HOST = re.compile(r"^submission_host = 127\.0\.0\.1:25$", re.MULTILINE)

_SHIPPED_CLOSED = re.compile(r"(?<= )/etc/dovecot/postwarden-locked$", re.MULTILINE)

MASTER = ("helpdesk", "Mo-ho-4")  # logs in as user*helpdesk: a master user and his password

# Mailboxes belong to Debian's own user for mail, who cannot log in and may not touch anything else.
_OWNER = "mail"


@dataclass(frozen=True)
class DovecotPorts:
    """Where the services listen on 127.0.0.1."""

    imap: int
    pop: int
    sieve: int
    submissiond: int


@cache
def version() -> str:
    """The installed Dovecot's configuration syntax: `2.3` or `2.4`; BedError for any other version."""
    asked = subprocess.run(["/usr/sbin/dovecot", "--version"], capture_output=True, text=True, check=True)
    short = ".".join(asked.stdout.split(".")[:2])
    if short not in ("2.3", "2.4"):
        raise BedError(f"the bed has configurations for Dovecot 2.3 and 2.4, not for {asked.stdout.strip()}")
    return short


def shipped_settings(sieve_port: int | None) -> str:
    """What deploy/ ships; Sieve redirects over SMTP to this port, or, if it is None, through sendmail."""
    file = _DEPLOY / version() / "postwarden.conf"
    road = f"submission_host = 127.0.0.1:{sieve_port}" if sieve_port else ""
    text, places = _SHIPPED_SUBMISSION_HOST.subn(road, file.read_text(encoding="utf-8"))
    if places != 1:
        raise BedError(f"{file}: no line `submission_host = 127.0.0.1:25` any more")
    return text


def lock_settings(closed: Path) -> str:
    """What deploy/ ships to keep the users in this file out."""
    shipped = (_DEPLOY / version() / "postwarden-locked.conf").read_text(encoding="utf-8")
    text, places = _SHIPPED_CLOSED.subn(str(closed), shipped)
    if places != 1:
        raise BedError("postwarden-locked.conf does not name its file once any more")
    return text


def hashed(password: str) -> str:
    """The password as a passwd-file holds it, in Dovecot's scheme SSHA256."""
    salt = os.urandom(8)
    return "{SSHA256}" + base64.b64encode(hashlib.sha256(password.encode() + salt).digest() + salt).decode()


class Dovecot:
    """A Dovecot whose every file lies in the bed's folder."""

    def __init__(self, folder: Path, ports: DovecotPorts) -> None:
        self.config = folder / "dovecot/etc/dovecot.conf"
        self.log = folder / "log/dovecot.log"
        self.ports = ports
        self._folder = folder
        self._mail = folder / "mail"

    def write(self, users: Mapping[str, str], values: Mapping[str, object], sieve_port: int | None) -> None:
        """Write the configuration and the users; `values` are the template's names for Postfix's side."""
        for folder in (self.config.parent, self._folder / "dovecot/run", self._folder / "dovecot/state"):
            folder.mkdir(parents=True)
        self._mail.mkdir()
        shutil.chown(self._mail, _OWNER, _OWNER)
        ports = {name.upper(): port for name, port in asdict(self.ports).items()}
        template = f"dovecot{version().replace('.', '')}.conf.template"
        text = fill(template, {"FOLDER": self._folder, **ports, **values})
        self.config.write_text(text, encoding="utf-8")
        (self.config.parent / "postwarden.conf").write_text(shipped_settings(sieve_port), encoding="utf-8")
        (self.config.parent / "locked.conf").write_text(lock_settings(self.closed), encoding="utf-8")
        self._write_secret("postwarden-locked", (_DEPLOY / "postwarden-locked").read_text().splitlines())
        self._write_users(users)

    def _write_users(self, users: Mapping[str, str]) -> None:
        owner = pwd.getpwnam(_OWNER)
        rest = f"{owner.pw_uid}:{owner.pw_gid}:"
        lines = [f"{user}:{hashed(word)}:{rest}:{self.home(user)}::" for user, word in users.items()]
        self._write_secret("users", lines)
        self._write_secret("masters", [f"{MASTER[0]}:{hashed(MASTER[1])}"])

    def _write_secret(self, name: str, lines: list[str]) -> None:
        file = self.config.parent / name
        file.touch(mode=0o640)
        shutil.chown(file, group="dovecot")
        file.write_text("".join(f"{line}\n" for line in lines))

    @property
    def closed(self) -> Path:
        """The file of users who may not log in."""
        return self.config.parent / "postwarden-locked"

    @property
    def doveadm(self) -> tuple[str, ...]:
        """How this Dovecot's doveadm is called."""
        return ("doveadm", "-c", str(self.config))

    def home(self, address: str) -> Path:
        """The folder of a user's mail and scripts."""
        name, _, domain = address.partition("@")
        return self._mail / domain / name

    def start(self, processes: Processes) -> None:
        """Start Dovecot; it takes logins once `is_up`."""
        command = ["/usr/sbin/dovecot", "-F", "-c", str(self.config)]
        processes.start("dovecot", command, self._folder / "log/dovecot.out")

    def is_up(self) -> bool:
        """Whether Dovecot has said that it listens."""
        return self.log.exists() and b"starting up for" in self.log.read_bytes()

    def write_sieve(self, address: str, script: str) -> None:
        """Make this the user's active Sieve script, as if it had always been there."""
        home = self.home(address)
        home.mkdir(parents=True, exist_ok=True)
        (home / ".dovecot.sieve").write_text(script, encoding="utf-8")
        for folder in (home.parent, home, home / ".dovecot.sieve"):
            shutil.chown(folder, _OWNER, _OWNER)

    def stored(self, address: str) -> list[bytes]:
        """The messages of a user's INBOX as they lie on disk, oldest first."""
        inbox = self.home(address) / "Maildir"
        files = [*inbox.glob("new/*"), *inbox.glob("cur/*")]
        return [file.read_bytes() for file in sorted(files, key=lambda file: file.name)]
