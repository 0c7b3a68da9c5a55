# SPDX-License-Identifier: GPL-3.0-or-later
"""What benchmarks/ measures is what it says: every rule is asked, and ordinary mail passes them all."""

from pathlib import Path

import pytest
from benchmarks import filters, mails

from gate.milterclient import Mail
from gate.offices import outcome
from mailpolicy.judge import Policy
from mailpolicy.regulation import load_file
from mailpolicy.rules import CODES
from mailpolicy.siteloading import load_site
from mailpolicy.verdict import Action, Mode


def test_all_duties_are_all_that_have_a_rule() -> None:
    assert {duty.code for duty in load_file(filters.ALL_DUTIES).duties} == CODES


@pytest.mark.parametrize("regulation", [filters.FIVE_RULES, filters.ALL_DUTIES])
@pytest.mark.parametrize("mail", [mails.small(), mails.large(0.1)], ids=["small", "with a file"])
def test_the_ordinary_mail_is_accepted_by_every_rule(regulation: Path, mail: Mail, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(filters.site(regulation), encoding="utf-8")
    policy = Policy.of(load_site(site).site)
    assert {charge.mode for charge in policy.charges} == {Mode.ENFORCE}
    told = outcome(policy, mail)
    assert (told.answer.action, told.verdict.judged, told.verdict.failures) == (Action.ACCEPT, (), ())
