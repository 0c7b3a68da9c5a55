# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-follow.service: valid, and explained line by line."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "deploy" / "systemd" / "mailaudit-follow.service").read_text("utf-8")
PAGE = (ROOT / "docs" / "mailaudit.md").read_text("utf-8")
SETTINGS = set(re.findall(r"^(\w+)=", UNIT.partition("[Service]")[2].partition("[Install]")[0], re.MULTILINE))


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    section = PAGE.partition("\n## As a service\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == SETTINGS


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    unit = tmp_path / "mailaudit-follow.service"
    here = str(Path(sys.executable).parent / "mailaudit")
    unit.write_text(UNIT.replace("/opt/postwarden/bin/mailaudit", here), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
