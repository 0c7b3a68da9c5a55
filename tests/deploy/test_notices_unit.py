# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailaudit-notices.service and .timer: valid, explained, at home with mailaudit-follow."""

from pathlib import Path

from deploy.units import explained, must_be_valid, settings, unit

SERVICE, TIMER = "mailaudit-notices.service", "mailaudit-notices.timer"


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    made = settings(unit(SERVICE)).keys() | settings(unit(TIMER), "Timer").keys()
    assert explained("notices.md", "Commands") == made


def test_it_shares_home_and_user_with_the_service_that_follows_the_logs() -> None:
    here, there = settings(unit(SERVICE)), settings(unit("mailaudit-follow.service"))
    for name in ("User", "DynamicUser", "UMask", "StateDirectory", "StateDirectoryMode"):
        assert here[name] == there[name]
    assert "--home /var/lib/mailaudit notices send --site " in here["ExecStart"]


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    must_be_valid(tmp_path, SERVICE, TIMER)
