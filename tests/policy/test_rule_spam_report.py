# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports arrive, marked, and are not spread."""

import pytest

from letter import STRANGER, letter
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope, Part
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action

POLICY = Policy.of(for_regulation(load("soctrang")))
ME, COLLEAGUE, DESK = "canbo1@soctrang.gov.vn", "vanthu@soctrang.gov.vn", "xulythurac@soctrang.gov.vn"


@pytest.mark.parametrize("desk", [DESK, DESK.upper(), "xulythurac+x@soctrang.gov.vn"])
def test_a_report_is_marked(desk: str) -> None:
    verdict = judge(letter(POLICY, Envelope(ME, (desk,), login=ME), ("From", ME)), POLICY)
    assert (verdict.action, verdict.remove, verdict.add) == (Action.ANNOTATE, (), ())


def test_a_report_reaches_nobody_else() -> None:
    recipients = (COLLEAGUE, DESK, "ban@gmail.com")
    verdict = judge(letter(POLICY, Envelope(ME, recipients, login=ME), ("From", ME)), POLICY)
    assert (verdict.action, verdict.remove) == (Action.REDIRECT, (COLLEAGUE, "ban@gmail.com"))
    assert verdict.add == ()


def test_no_other_rule_blocks_a_report() -> None:
    huge = Part("1", "application/zip", decoded_size=2**40, attachment=True)
    mail = letter(POLICY, Envelope(ME, (DESK,), client_address=STRANGER), ("From", ME), parts=(huge,))
    verdict = judge(mail, POLICY)
    assert verdict.action is Action.ANNOTATE
    assert {one.finding.code for one in verdict.judged} == {"spam-report", "sender-domain", "attachment-cap"}


def test_mail_to_others_is_no_report() -> None:
    verdict = judge(letter(POLICY, Envelope(ME, (COLLEAGUE,), login=ME), ("From", ME), ("To", DESK)), POLICY)
    assert verdict.judged == ()
