# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a duty's code exists is found out by looking, without running what is found."""

import importlib.util
from pathlib import Path

import pytest

from mailpolicy.implemented import BY_MAILAUDIT, exists
from mailpolicy.regulation import How, load_all


def _module(root: Path, name: str) -> None:
    """Write a module that can be found but not imported, with the packages it lies in."""
    *packages, module = name.split(".")
    for package in packages:
        root = root / package
        root.mkdir(exist_ok=True)
        (root / "__init__.py").write_text("raise RuntimeError('imported')\n", "utf-8")
    (root / f"{module}.py").write_text("raise RuntimeError('imported')\n", "utf-8")


@pytest.mark.parametrize(
    ("code", "how", "name"),
    [
        ("usage-report", How.REPORT, "mailaudit.reports.build"),
        ("directory", How.PROVISION, "mailaudit.directory.check"),
    ],
)
def test_a_module_is_found_without_being_imported(
    code: str, how: How, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert not exists(code, how)
    _module(tmp_path, name)
    assert exists(code, how)
    assert not exists("backup", how)


MODULES = sorted({module for by_code in BY_MAILAUDIT.values() for module in by_code.values()})


@pytest.mark.parametrize("module", MODULES)
def test_every_module_that_is_named_is_there(module: str) -> None:
    assert importlib.util.find_spec(module)


def test_every_duty_that_is_named_is_met_this_way_in_some_regulation() -> None:
    meant = {(duty.code, how) for one in load_all() for duty in one.duties for how in duty.how}
    assert {(code, how) for how, by_code in BY_MAILAUDIT.items() for code in by_code} <= meant


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
