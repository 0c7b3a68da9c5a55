# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-follow.service: valid, and explained line by line."""

from pathlib import Path

from deploy.units import explained, must_be_valid, settings, unit

NAME = "mailaudit-follow.service"


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    assert explained("mailaudit.md", "As a service") == settings(unit(NAME)).keys()


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    must_be_valid(tmp_path, NAME)
