# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs of attacked test beds (tests/forging, whose `python -m forging FOLDER` makes them again)."""

from pathlib import Path

import pytest

from audit.office import Office
from forging.found import Found, assert_true
from forging.texts import BOSS
from forging.truth import Truth

FORGED = Path(__file__).parent / "forged"
each_bed = pytest.mark.parametrize("bed", ["dovecot-2.3", "dovecot-2.4"])


@each_bed
def test_the_logs_of_an_attacked_bed_tell_what_happened_and_no_more(bed: str, office: Office) -> None:
    assert_true(Found(office, FORGED / bed), Truth.load(FORGED / bed / "truth.json"))


@each_bed
def test_the_logs_are_full_of_the_boss(bed: str) -> None:
    for log in ("mail.log", "dovecot.log"):
        assert (FORGED / bed / log).read_bytes().lower().count(BOSS.encode()) > 200


@each_bed
def test_nearly_every_line_is_of_a_known_kind(bed: str, office: Office) -> None:
    found = Found(office, FORGED / bed)
    unknown = found.counted("program", "kind = 'unparsed'").total()
    assert unknown <= 0.01 * found.counted("producer", "true").total()
