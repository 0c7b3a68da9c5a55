# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-metrics.service: valid, explained line by line, at home with mailaudit-follow."""

from pathlib import Path

from deploy.units import explained, must_be_valid, settings, unit

NAME = "mailaudit-metrics.service"


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    assert explained("deploy.md", "Watching over it") == settings(unit(NAME)).keys()


def test_it_shares_home_and_user_with_the_service_that_follows_the_logs() -> None:
    here, there = settings(unit(NAME)), settings(unit("mailaudit-follow.service"))
    for name in ("User", "DynamicUser", "UMask", "StateDirectory", "StateDirectoryMode"):
        assert here[name] == there[name]
    for service in (here, there):
        assert "--home /var/lib/mailaudit " in service["ExecStart"]


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    must_be_valid(tmp_path, NAME)
