# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailgate.service: valid, explained line by line, and in step with the program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mailgate.keeper import DEAF_SECONDS
from mailgate.worker import DRAIN_SECONDS

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "deploy" / "systemd" / "mailgate.service").read_text("utf-8")
PAGE = (ROOT / "docs" / "mailgate.md").read_text("utf-8")
SETTINGS = dict(
    re.findall(r"^(\w+)=(.*)$", UNIT.partition("[Service]")[2].partition("[Install]")[0], re.MULTILINE)
)


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    rows = re.findall(
        r"^\| (`[^|]+`) \|", PAGE.partition("\n## As a service\n")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == SETTINGS.keys()


def test_systemd_waits_longer_than_the_gate_drains() -> None:
    assert int(SETTINGS["TimeoutStopSec"]) > DRAIN_SECONDS + DEAF_SECONDS
    assert SETTINGS["KillMode"] == "mixed"


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    here = str(Path(sys.executable).parent / "mailgate")
    unit = tmp_path / "mailgate.service"
    unit.write_text(UNIT.replace("/opt/postwarden/bin/mailgate", here), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
