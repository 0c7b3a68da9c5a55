# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing a mailbox by a program of the site: what to do is one JSON object on its standard input.

{"do": "lock", "address": ADDRESS, "reason": TEXT}, {"do": "unlock", "address": ADDRESS} or {"do": "list"};
exit status 0 means done. For "list" it prints a JSON array of the addresses it holds closed.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from mailaudit.enforcement.backend import EnforcementError

ANSWER_SECONDS = 60
SAID_LETTERS = 500


class CommandLock:
    """A program, started without a shell in the folder of the site file."""

    name = "command"

    def __init__(self, run: Sequence[str], folder: Path, seconds: float = ANSWER_SECONDS) -> None:
        self._run = tuple(run)
        self._folder = folder
        self._seconds = seconds

    def check(self) -> None:
        """Have it list. Raises EnforcementError."""
        self.locked()

    def lock(self, address: str, reason: str) -> None:
        """Have it close this mailbox. Raises EnforcementError."""
        self._ask({"do": "lock", "address": address, "reason": reason})
        self._must_hold(address, closed=True)

    def unlock(self, address: str) -> None:
        """Have it open this mailbox. Raises EnforcementError."""
        self._ask({"do": "unlock", "address": address})
        self._must_hold(address, closed=False)

    def locked(self) -> Sequence[str]:
        """Return the addresses that it lists, sorted. Raises EnforcementError."""
        printed = self._ask({"do": "list"})
        try:
            listed = json.loads(printed)
        except ValueError:
            listed = None
        if not isinstance(listed, list) or not all(isinstance(address, str) for address in listed):
            raise self._error(f"printed no JSON array of addresses for list: {_short(printed)}")
        return sorted({address.strip().lower() for address in listed})

    def _must_hold(self, address: str, *, closed: bool) -> None:
        if (address.lower() in self.locked()) != closed:
            kept = "not" if closed else "still"
            raise self._error(f"said that it was done, but {address} is {kept} in its list")

    def _ask(self, question: Mapping[str, str]) -> bytes:
        try:
            done = subprocess.run(
                self._run, input=json.dumps(question, ensure_ascii=False).encode(), capture_output=True,
                timeout=self._seconds, check=False, cwd=self._folder,
            )  # fmt: skip
        except OSError as error:
            raise self._error(f"can't be run ({error.strerror})") from error
        except subprocess.TimeoutExpired as error:
            raise self._error(
                f"was stopped: {question['do']} took longer than {self._seconds:g} s"
            ) from error
        if done.returncode:
            raise self._error(f"{question['do']}: exit status {done.returncode}: {_short(done.stderr)}")
        return done.stdout

    def _error(self, wrong: str) -> EnforcementError:
        return EnforcementError(f"{self._run[0]}: {wrong}")


def _short(printed: bytes) -> str:
    text = "".join(char if char.isprintable() else " " for char in printed.decode("utf-8", "replace"))
    return " ".join(text.split())[-SAID_LETTERS:] or "nothing"
