# SPDX-License-Identifier: GPL-3.0-or-later
"""The name trap: pymilter owns `milter` and `Milter`, so nothing of ours may be importable by these names."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("source_root", ["policy", "milter", "analyzer"])
def test_a_source_root_holds_packages_and_no_module(source_root: str) -> None:
    assert list((PROJECT / source_root).glob("*.py")) == []
    assert [package.parent.name for package in (PROJECT / source_root).glob("*/__init__.py")]


def test_no_test_folder_is_named_milter() -> None:
    assert [
        path for path in (PROJECT / "tests").rglob("*") if path.name.lower() in ("milter", "milter.py")
    ] == []


@pytest.mark.parametrize("folder", [".", "tests", "milter"])
@pytest.mark.parametrize("name", ["milter", "Milter"])
def test_from_every_folder_the_name_is_pymilters(folder: str, name: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", f"import {name}; print({name}.__file__)"],
        cwd=PROJECT / folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert "site-packages" in Path(shown).parts
