# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate reloaded again and again under a real Postfix: no transaction fails, no mail goes unjudged."""

import itertools
import signal
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from bed import Bed, wait_for
from gate.milterclient import LOOPBACK
from gate.running import Running

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
DESK, CITIZEN = f"xulythurac@{OFFICE}", "congdan@example.org"
ENFORCED, OBSERVED = 'spam-report.mode = "enforce"', 'spam-report.mode = "observe"'
SESSIONS, MESSAGES = 8, 600
LONG = 120.0  # seconds


def report(office: Bed, number: int) -> subprocess.Popen[str]:
    """Begin to send so many reports, each session keeping its connection, with Postfix's own program."""
    return subprocess.Popen(
        [
            *("smtp-source", "-d", "-s", str(min(number, SESSIONS)), "-m", str(number), "-l", "2000"),
            *("-f", CITIZEN, "-t", DESK, f"{LOOPBACK}:{office.postfix.mx_port}"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(source: subprocess.Popen[str]) -> None:
    """smtp-source ends with an error as soon as an answer is not the one it wants."""
    said, _ = source.communicate(timeout=LONG)
    assert (source.returncode, said) == (0, "")


def test_reloads_under_load_fail_no_transaction_and_every_mail_is_judged_by_one_mode(tmp_path: Path) -> None:
    with (
        Running(tmp_path).ready() as running,
        Bed(OFFICE, {DESK: "Mat-Khau-7894"}, milter=f"inet:{LOOPBACK}:{running.port}") as office,
    ):
        source = report(office, MESSAGES)
        reloads = 0
        for old, new in itertools.cycle([(ENFORCED, OBSERVED), (OBSERVED, ENFORCED)]):
            judged = len(running.lines("verdict"))
            running.rewrite(old, new)
            running.process.send_signal(signal.SIGHUP)
            reloads += 1
            wait_for(
                lambda seen=judged: len(running.lines("verdict")) >= seen + 40 or source.poll() is not None,  # type: ignore[misc]
                LONG,
                "some mail between two reloads",
            )
            if source.poll() is not None:
                break
        finish(source)
        office.settle(LONG)
        actions = Counter(line["action"] for line in running.lines("verdict"))
        marks = Counter(mail["X-Postwarden"] is not None for mail in office.stored(DESK))
        assert reloads >= 3
        assert sum(actions.values()) == MESSAGES
        assert (actions["annotate"], actions["accept"]) == (marks[True], marks[False])
        assert min(marks.values()) > 0
        assert running.lines("alarm") == []
        assert office.postfix.queue() == []
