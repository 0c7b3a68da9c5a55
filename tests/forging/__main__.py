# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks a bed and keeps its logs and the truth: `PYTHONPATH=tests python -m forging FOLDER`, as root.

tests/audit/forged/dovecot-2.3 and -2.4 are made so, each where that Dovecot is installed.
"""

import sys
from pathlib import Path

from bed import Bed
from forging.roads import SIEVE, USERS, Attack
from forging.texts import FEW, OFFICE

_TELLING = (
    b"lanhdao",
    b"login: ",
    b"Logged out",
    b"status=",
    b"client=",
    b"mailbox '",
    b"saved mail",
    b"forwarded",
)


def remake(folder: Path) -> None:
    """Write mail.log, dovecot.log and truth.json of a small attack, without the lines that show nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with Bed(OFFICE, USERS, sieve=SIEVE) as bed:
        Attack(bed, FEW).run().save(folder / "truth.json")
        for log in (bed.postfix_log, bed.dovecot_log):
            lines = log.read_bytes().replace(str(bed.folder).encode(), b"/srv/bed").split(b"\n")
            told = (line + b"\n" for line in lines if any(word in line for word in _TELLING))
            (folder / log.name).write_bytes(b"".join(told))


if __name__ == "__main__":
    remake(Path(sys.argv[1]))
