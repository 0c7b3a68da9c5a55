# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-metrics.service: valid, explained line by line, at home with mailaudit-follow."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "deploy" / "systemd"
UNIT = (SYSTEMD / "mailaudit-metrics.service").read_text("utf-8")
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")


def settings(unit: str) -> dict[str, str]:
    service = unit.partition("[Service]")[2].partition("[Install]")[0]
    return dict(re.findall(r"^(\w+)=(.*)$", service, re.MULTILINE))


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    section = PAGE.partition("\n## Watching over it\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == settings(UNIT).keys()


def test_it_shares_home_and_user_with_the_service_that_follows_the_logs() -> None:
    here, there = settings(UNIT), settings((SYSTEMD / "mailaudit-follow.service").read_text("utf-8"))
    for name in ("User", "DynamicUser", "UMask", "StateDirectory", "StateDirectoryMode"):
        assert here[name] == there[name]
    for service in (here, there):
        assert "--home /var/lib/mailaudit " in service["ExecStart"]


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    unit = tmp_path / "mailaudit-metrics.service"
    here = str(Path(sys.executable).parent / "mailaudit")
    unit.write_text(UNIT.replace("/opt/postwarden/bin/mailaudit", here), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
