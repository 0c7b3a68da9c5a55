# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a duty's code exists is found out by looking, without running what is found."""

from pathlib import Path

import pytest

from mailpolicy.implemented import exists
from mailpolicy.regulation import How


def _module(root: Path, name: str) -> None:
    """Write a module that can be found but not imported, with the packages it lies in."""
    *packages, module = name.split(".")
    for package in packages:
        root = root / package
        root.mkdir(exist_ok=True)
        (root / "__init__.py").write_text("raise RuntimeError('imported')\n", "utf-8")
    (root / f"{module}.py").write_text("raise RuntimeError('imported')\n", "utf-8")


@pytest.mark.parametrize(
    ("how", "name"),
    [(How.REPORT, "mailaudit.reports.usage_report"), (How.PROVISION, "mailaudit.provision.usage_report")],
)
def test_a_module_named_after_the_duty_is_found_without_being_imported(
    how: How, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _module(tmp_path, name)
    monkeypatch.syspath_prepend(tmp_path)
    assert exists("usage-report", how)
    assert not exists("backup", how)


def test_without_mailaudit_no_report_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert not exists("usage-report", How.REPORT)


def test_what_the_logs_are_swept_for_without_a_clock_is_found_by_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exists("auto-forward", How.SWEEP)
    assert exists("checking-habits", How.SWEEP)
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert not exists("auto-forward", How.SWEEP)
    assert exists("inactivity", How.SWEEP)


def test_a_rule_and_a_clock_are_found_in_their_tables() -> None:
    assert exists("attachment-cap", How.ENFORCE)
    assert not exists("attachment-cap", How.SWEEP)
    assert exists("inactivity", How.SWEEP)
    assert not exists("mailbox-quota", How.ENFORCE)
