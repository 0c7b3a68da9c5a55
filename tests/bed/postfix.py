# SPDX-License-Identifier: GPL-3.0-or-later
"""The bed's Postfix: its folders and configuration, its start, and its queue."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bed.process import BedError, Processes
from bed.templates import fill

SHIPPED = Path(__file__).parents[2] / "deploy/postfix/main.cf.postwarden"
_SHIPPED_MILTER = "inet:127.0.0.1:8891"
_MASTER = "/usr/lib/postfix/sbin/master"

# The group that may hand mail over, as `postdrop` is on a real host. Dovecot's delivery runs in it.
_GROUP = "mail"

# Postfix's postfix-files(5): which folders of the queue belong to whom.
_OWN = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush"),
    *("hold", "incoming", "private", "saved", "trace"),
)
_SHARED = {"maildrop": 0o730, "public": 0o710}


class Postfix:
    """A Postfix whose every file lies in the bed's folder."""

    def __init__(self, folder: Path, mx_port: int, submission_port: int) -> None:
        self.config = folder / "postfix/etc"
        self.queue_folder = folder / "postfix/queue"
        self.log = folder / "log/mail.log"
        self.sendmail = folder / "postfix/bin/sendmail"
        self._folder = folder
        self.mx_port = mx_port
        self.submission_port = submission_port

    def write(self, domain: str, addresses: Iterable[str], milter: str | None, outside_port: int) -> None:
        """Make the folders and write main.cf, master.cf and the table of mailboxes."""
        self._make_folders()
        self._make_sendmail()
        addresses = sorted(addresses)
        domains = {domain, *(address.partition("@")[2] for address in addresses)}
        (self.config / "mailboxes").write_text("".join(f"{address} there\n" for address in addresses))
        values = {
            "FOLDER": self._folder,
            "GROUP": _GROUP,
            "DOMAIN": domain,
            "DOMAINS": " ".join(sorted(domains)),
            "OUTSIDE": outside_port,
        }
        ports = {"MX": self.mx_port, "SUBMISSION": self.submission_port}
        main = fill("main.cf.template", values) + shipped_settings(milter)
        (self.config / "main.cf").write_text(main, encoding="utf-8")
        (self.config / "master.cf").write_text(fill("master.cf.template", ports))
        for file in self.config.iterdir():
            _backdate(file)

    def _make_folders(self) -> None:
        self.config.mkdir(parents=True)
        (self.queue_folder / "pid").mkdir(parents=True)
        data = self._folder / "postfix/data"
        for folder, mode in [(data, 0o700), *((self.queue_folder / name, 0o700) for name in _OWN)]:
            folder.mkdir()
            folder.chmod(mode)
            shutil.chown(folder, "postfix")
        for name, mode in _SHARED.items():
            shared = self.queue_folder / name
            shared.mkdir()
            shutil.chown(shared, "postfix", _GROUP)
            shared.chmod(mode)

    def _make_sendmail(self) -> None:
        """A `sendmail` that hands mail to this Postfix, for Dovecot and for programs."""
        programs = self.sendmail.parent
        programs.mkdir()
        # The system's postdrop is set-gid and therefore refuses a configuration folder that /etc/postfix does
        # not name; a plain copy, run by a member of the queue's group, does not.
        shutil.copyfile("/usr/sbin/postdrop", programs / "postdrop")
        self.sendmail.write_text(f'#!/bin/sh\nMAIL_CONFIG={self.config} exec /usr/sbin/sendmail "$@"\n')
        for program in programs.iterdir():
            program.chmod(0o755)

    def start(self, processes: Processes) -> None:
        """Start Postfix; it takes mail once `is_up`."""
        processes.start("postfix", [_MASTER, "-c", str(self.config), "-s"], self._folder / "log/postfix.out")

    def is_up(self) -> bool:
        """Whether Postfix has said that it listens."""
        return self.log.exists() and b"daemon started" in self.log.read_bytes()

    def queue(self) -> list[dict[str, Any]]:
        """The messages in the queue as postqueue(1) -j tells them."""
        return [json.loads(line) for line in self.run("postqueue", "-j").splitlines()]

    def run(self, program: str, *arguments: str, text: bytes = b"") -> str:
        """Run one of Postfix's programs on this instance; what it printed, or BedError if it fails."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_CONFIG": os.fspath(self.config)}
        command = [program, *arguments]
        done = subprocess.run(
            command, input=text, capture_output=True, env=environment, timeout=20, check=False
        )
        if done.returncode != 0:
            raise BedError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode()


def _backdate(file: Path) -> None:
    """Postfix waits until a file is two seconds old before it trusts it; nobody writes this one again."""
    before = time.time() - 60
    os.utime(file, (before, before))


def shipped_settings(milter: str | None) -> str:
    """What deploy/ ships, with the gate's address replaced: `inet:host:port`, or None for no gate."""
    text = SHIPPED.read_text(encoding="utf-8")
    if _SHIPPED_MILTER not in text:
        raise BedError(f"{SHIPPED}: smtpd_milters is not {_SHIPPED_MILTER} any more")
    return text.replace(_SHIPPED_MILTER, milter or "")
