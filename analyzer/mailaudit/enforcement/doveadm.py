# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking Dovecot through its doveadm program, 2.3 or 2.4: logins, open sessions, users."""

import os
import re
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import IO

from mailaudit.enforcement.backend import EnforcementError

ANSWER_SECONDS = 60
MAIL_SECONDS = 6 * 3600  # for whatever reads or writes all of a mailbox
SAID_LETTERS = 500
HINTS = {  # for what Dovecot says
    "connect": "is Dovecot running?",
    "No space left": "make room and run it again",
    "Permission denied": "may the mail's owner go through every folder above it?",
}
KICKS, BETWEEN_KICKS = 20, 0.1  # a session may begin while the first kick is under way; seconds
LOGINS = ("imap", "pop3", "smtp", "submission", "sieve")  # as Dovecot and Postfix name what is logged in to
DENIED = b"code=user_disabled"
DELIVERY = "lmtp"  # listed as its recipient's session, under lmtp_user_concurrency_limit
NOBODY_KICKED = 68  # 2.3's exit status; 2.4's is 0
# What Dovecot's masks, options, a passwd-file and a folder's name take for more than a letter is not in it.
PLAIN_ADDRESS = re.compile(r"[a-z0-9_][a-z0-9._=+&'-]*@[a-z0-9][a-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a mailbox's files belong to."""

    uid: int
    gid: int


def plain(address: str) -> str:
    """Return the address as Dovecot knows it, in lower case. Raises EnforcementError for a peculiar one."""
    lowered = address.lower()
    if not PLAIN_ADDRESS.fullmatch(lowered):
        wrong = f"{address!a} has letters that Dovecot's commands take for more than letters"
        raise EnforcementError(f"{wrong}; this mailbox must be seen to by hand")
    return lowered


class Doveadm:
    """A Dovecot, asked by this program and its first arguments, as in ("doveadm", "-c", FILE)."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def run(self, *arguments: str, seconds: float = ANSWER_SECONDS, given: bytes = b"") -> bytes:
        """Return what it prints. Raises EnforcementError with its own words if it fails."""
        done = self._done(arguments, seconds, given)
        if done.returncode:
            raise self._failed(arguments, done.returncode, done.stderr)
        return done.stdout

    @contextmanager
    def reading(self, *arguments: str) -> Iterator[IO[bytes]]:
        """What it prints, as it prints it. Raises EnforcementError at the end if it failed."""
        with tempfile.TemporaryFile() as words:
            with self._started():
                process = subprocess.Popen(
                    [*self._command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=words, env=_environment(),
                )  # fmt: skip
            limit = Timer(MAIL_SECONDS, process.kill)
            limit.start()
            try:
                with process:
                    assert process.stdout  # noqa: S101  a pipe
                    yield process.stdout
            except BaseException:
                process.kill()
                raise
            finally:
                limit.cancel()
            if process.returncode:
                words.seek(0)
                raise self._failed(arguments, process.returncode, words.read())

    def denies(self, address: str) -> bool:
        """Whether a deny passdb keeps this address from logging in, whatever the password and protocol.

        The password that is tried is made up: where the address is denied, no other passdb gets to see it.
        All protocols are tried at once, as Dovecot answers a refused login late.
        """
        made_up = secrets.token_hex(8)
        logins = [("auth", "test", "-x", f"service={service}", address, made_up) for service in LOGINS]
        with ThreadPoolExecutor(len(LOGINS)) as threads:
            answers = list(threads.map(self._done, logins))
        return all(DENIED in answer.stdout for answer in answers)

    def flush(self, address: str) -> None:
        """Have the cached answers about this user forgotten. Raises EnforcementError."""
        arguments = ("auth", "cache", "flush", plain(address))
        done = self._done(arguments)
        if done.returncode or done.stderr.strip():  # it says that it can't reach Dovecot, and exits with 0
            raise self._failed(arguments, done.returncode, done.stderr)

    def end_sessions(self, address: str) -> None:
        """End the user's sessions until there is none. Raises EnforcementError if one stays."""
        user = plain(address)
        for _ in range(KICKS):
            arguments = ("kick", user)
            done = self._done(arguments)
            if done.returncode not in (0, NOBODY_KICKED):
                raise self._failed(arguments, done.returncode, done.stderr)
            if not self.sessions(user):
                return
            time.sleep(BETWEEN_KICKS)
        raise EnforcementError(
            f"sessions of {user} stay open in Dovecot though they were ended:"
            f" {', '.join(self.sessions(user))}; look with: {' '.join(self._command)} who {user}"
        )

    def sessions(self, address: str) -> list[str]:
        """The user's open sessions, as Dovecot lists them. Raises EnforcementError."""
        listed = self.run("-f", "tab", "who", plain(address)).decode("utf-8", "replace").splitlines()
        return [" ".join(line.split()) for line in listed[1:] if line.strip()]

    def owner_sessions(self, address: str) -> list[str]:
        """Those sessions but deliveries: somebody is in the mailbox just now. Raises EnforcementError."""
        return [session for session in self.sessions(address) if DELIVERY not in session.split()]

    def knows(self, command: str) -> bool:
        """Whether this Dovecot has such a command: Sieve's come with a package of their own."""
        return f"\n  {command} ".encode() in self.usage()

    def usage(self) -> bytes:
        """What it says of its commands and their options."""
        return self._done(()).stderr

    def owner(self, address: str) -> Owner:
        """Whom the mailbox's files belong to. Raises EnforcementError if Dovecot has no such mailbox."""
        user = plain(address)
        uid, gid = (self.run("user", "-f", field, user).decode().strip() for field in ("uid", "gid"))
        return Owner(int(uid), int(gid))

    def _done(
        self, arguments: Sequence[str], seconds: float = ANSWER_SECONDS, given: bytes = b""
    ) -> "subprocess.CompletedProcess[bytes]":
        command = [*self._command, *arguments]
        with self._started():
            return subprocess.run(
                command, input=given, capture_output=True, timeout=seconds, check=False, env=_environment()
            )

    @contextmanager
    def _started(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = f"{self._command[0]} can't be run ({error.strerror}); is doveadm in the site file right?"
            raise EnforcementError(said) from error
        except subprocess.TimeoutExpired as error:
            said = f"{' '.join(self._command)} gave no answer in {error.timeout:g} s; is Dovecot all right?"
            raise EnforcementError(said) from error

    def _failed(self, arguments: Sequence[str], status: int, words: bytes) -> EnforcementError:
        said = " ".join(words.decode("utf-8", "replace").split())[-SAID_LETTERS:] or f"exit status {status}"
        hints = [hint for phrase, hint in HINTS.items() if phrase in said]
        return EnforcementError(f"{self._command[0]} {_command_of(arguments)}: {'; '.join([said, *hints])}")


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _command_of(arguments: Sequence[str]) -> str:
    """The command's name, which comes behind the options that are for all commands."""
    rest = list(arguments)
    while rest and rest[0] in ("-o", "-f"):
        del rest[:2]
    return rest[0] if rest else ""
