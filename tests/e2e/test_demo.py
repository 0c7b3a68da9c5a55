# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo, as `./dev demo` runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.letters import MONRE, SOCTRANG

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
def test_the_demo_ends_well_shows_every_rule_and_leaves_nothing_running() -> None:
    before = _programs()
    done = subprocess.run(
        [sys.executable, "-m", "demo"],
        env=os.environ | {"PYTHONPATH": "tests"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    letters = (*SOCTRANG, *MONRE)
    for duty in ("attachment-cap", "subject-required", "sender-domain", "auto-forward", "spam-report"):
        assert duty in {letter.duty for letter in letters}
        assert duty in done.stdout
    assert sum(not letter.duty for letter in letters) >= 4
    assert f"{len(letters)} of {len(letters)} mails ended as they should" in done.stdout
    for said in ("canbo2@soctrang.gov.vn", "10.20.3.", "reclaim", "lock", "warn"):
        assert said in done.stdout
    assert _programs() - before == set()


def _programs() -> set[str]:
    """The command lines of the mail servers and gates that run now, as "pid command"."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if any(name in command for name in ("postwarden-bed-", "postwarden-gate-")):
            found.add(f"{folder.name} {command}")
    return found
