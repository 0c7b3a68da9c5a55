# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile strings sent over every road of a real Postfix and Dovecot: the logs tell what was, no more."""

from pathlib import Path

import pytest

from audit.office import Office
from bed import Bed
from forging.found import Found, assert_true
from forging.roads import SIEVE, USERS, Attack
from forging.texts import OFFICE, TEXTS

pytestmark = pytest.mark.e2e


def test_what_strangers_have_logged_makes_no_login_delivery_or_forward(tmp_path: Path) -> None:
    assert len(TEXTS) > 70
    with Bed(OFFICE, USERS, sieve=SIEVE) as bed:
        truth = Attack(bed).run()
        assert_true(Found(Office.at(tmp_path), bed.postfix_log.parent), truth)
