# SPDX-License-Identifier: GPL-3.0-or-later
"""The systemd units of deploy/, as tests read them and as systemd judges them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def unit(name: str) -> str:
    return (ROOT / "deploy" / "systemd" / name).read_text("utf-8")


def settings(text: str, section: str = "Service") -> dict[str, str]:
    lines = text.partition(f"[{section}]")[2].partition("[Install]")[0]
    return dict(re.findall(r"^(\w+)=(.*)$", lines, re.MULTILINE))


def explained(page: str, heading: str) -> set[str]:
    """The settings that the table of a section of a page has rows for."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.partition("| setting | why |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def must_be_valid(folder: Path, *names: str) -> None:
    """Let systemd verify the units, with this environment's programs; the last one may name the others."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    here = str(Path(sys.executable).parent)
    for name in names:
        (folder / name).write_text(unit(name).replace("/opt/postwarden/bin", here), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(folder / names[-1])], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
