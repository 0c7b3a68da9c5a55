# SPDX-License-Identifier: GPL-3.0-or-later
"""Change a running bed's configuration as a postmaster does: add to the files and reload."""

import os
import signal
import time

from bed.bed import Bed
from bed.dovecot import version
from bed.process import wait_for

_TRUSTED_AGE = 60  # seconds; Postfix waits until a file is some seconds old before it reads it


def postfix(bed: Bed, main: str = "", master: str = "") -> None:
    """Add lines to main.cf and master.cf; the last setting of a name counts."""
    for name, lines in (("main.cf", main), ("master.cf", master)):
        file = bed.postfix.config / name
        with file.open("a", encoding="utf-8") as out:
            out.write(f"\n{lines}\n")
        before = time.time() - _TRUSTED_AGE
        os.utime(file, (before, before))
    reloads = _count(bed, "reload --")
    os.kill(int((bed.postfix.queue_folder / "pid/master.pid").read_text()), signal.SIGHUP)
    wait_for(lambda: _count(bed, "reload --") > reloads, 10, "Postfix to reload")


def dovecot(bed: Bed, settings: dict[str, str]) -> None:
    """Add settings, written for each version of Dovecot: {"2.3": ..., "2.4": ...}."""
    with bed.dovecot.config.open("a", encoding="utf-8") as out:
        out.write(f"\n{settings[version()]}\n")
    os.kill(int((bed.folder / "dovecot/run/master.pid").read_text()), signal.SIGHUP)
    bed.wait_for_log("SIGHUP received")


def _count(bed: Bed, text: str) -> int:
    return bed.postfix_log.read_text(errors="replace").count(text)
