# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/systemd/mailgate.service: valid, explained line by line, and in step with the program."""

from pathlib import Path

from deploy.units import explained, must_be_valid, settings, unit
from mailgate.keeper import DEAF_SECONDS
from mailgate.worker import DRAIN_SECONDS

NAME = "mailgate.service"
SETTINGS = settings(unit(NAME))


def test_the_page_says_why_for_every_setting_and_no_other() -> None:
    assert explained("mailgate.md", "As a service") == SETTINGS.keys()


def test_systemd_waits_longer_than_the_gate_drains() -> None:
    assert int(SETTINGS["TimeoutStopSec"]) > DRAIN_SECONDS + DEAF_SECONDS
    assert SETTINGS["KillMode"] == "mixed"


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    must_be_valid(tmp_path, NAME)
