# SPDX-License-Identifier: GPL-3.0-or-later
"""Change a running bed's configuration as a postmaster does: add to the files and reload."""

import os
import signal
import time
from collections.abc import Sequence

from bed.bed import Bed
from bed.dovecot import version
from bed.process import wait_for

_TRUSTED_AGE = 60  # seconds; Postfix waits until a file is some seconds old before it reads it


def postfix(bed: Bed, settings: Sequence[str], master: str = "") -> None:
    """Make settings ("name = value") in main.cf, each in the place of the one before, and add to master.cf.

    A second line for a name would make every process warn at its start, postlogd too: in the worst case it
    waits for itself to take the warning.
    """
    bed.postfix.run("postconf", "-e", *settings)
    with (bed.postfix.config / "master.cf").open("a", encoding="utf-8") as out:
        out.write(f"\n{master}\n")
    before = time.time() - _TRUSTED_AGE
    for name in ("main.cf", "master.cf"):
        os.utime(bed.postfix.config / name, (before, before))
    reloads = _reloads(bed)
    os.kill(int((bed.postfix.queue_folder / "pid/master.pid").read_text()), signal.SIGHUP)
    wait_for(lambda: _reloads(bed) > reloads, 10, "Postfix to reload")


def dovecot(bed: Bed, settings: dict[str, str]) -> None:
    """Add settings, written for each version of Dovecot: {"2.3": ..., "2.4": ...}."""
    with bed.dovecot.config.open("a", encoding="utf-8") as out:
        out.write(f"\n{settings[version()]}\n")
    os.kill(int((bed.folder / "dovecot/run/master.pid").read_text()), signal.SIGHUP)
    bed.wait_for_log("SIGHUP received")


def _reloads(bed: Bed) -> int:
    return bed.postfix_log.read_text(errors="replace").count(": reload -- version")
