# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-notices.service and .timer: valid, explained, at home with mailaudit-follow."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "deploy" / "systemd"
UNITS = {name: (SYSTEMD / f"mailaudit-notices.{name}").read_text("utf-8") for name in ("service", "timer")}
PAGE = (ROOT / "docs" / "notices.md").read_text("utf-8")


def settings(unit: str, section: str) -> dict[str, str]:
    lines = unit.partition(f"[{section}]")[2].partition("[Install]")[0]
    return dict(re.findall(r"^(\w+)=(.*)$", lines, re.MULTILINE))


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    table = PAGE.partition("| setting | why |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == settings(UNITS["service"], "Service").keys() | settings(UNITS["timer"], "Timer").keys()


def test_it_shares_home_and_user_with_the_service_that_follows_the_logs() -> None:
    here = settings(UNITS["service"], "Service")
    there = settings((SYSTEMD / "mailaudit-follow.service").read_text("utf-8"), "Service")
    for name in ("User", "DynamicUser", "UMask", "StateDirectory", "StateDirectoryMode"):
        assert here[name] == there[name]
    assert "--home /var/lib/mailaudit notices send --site " in here["ExecStart"]


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    here = str(Path(sys.executable).parent / "mailaudit")
    for name, text in UNITS.items():
        file = tmp_path / f"mailaudit-notices.{name}"
        file.write_text(text.replace("/opt/postwarden/bin/mailaudit", here), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "mailaudit-notices.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
