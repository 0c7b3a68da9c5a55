# SPDX-License-Identifier: GPL-3.0-or-later
"""What the header of incoming signed mail gets, and what nobody may write there."""

from dataclasses import replace

import pytest

from gate.secondlook import CITIZEN, LAWYER, MINISTER, MR, ROOT, incoming, letter, result_of, verifying
from mailgate.effects import DeleteHeader
from mailpolicy.verdict import Action, Mode
from signing import Signer, with_footer


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_the_result_of_a_good_signature_is_put_into_the_header(opaque: bool) -> None:
    outcome = incoming(LAWYER.smime(letter(CITIZEN, MINISTER), opaque=opaque), verifying())
    assert result_of(outcome) == [f"mx.monre.gov.vn; smime=pass body.smime-identifier={CITIZEN}"]
    assert outcome.answer.action is Action.ACCEPT


@pytest.mark.parametrize(
    ("signer", "result"),
    [
        (ROOT.issue("Het han", CITIZEN, life=(-9, -1)), 'fail reason="expired"'),
        (Signer.authority("Khac").issue("Luat su", CITIZEN), 'fail reason="untrusted"'),
        (ROOT.issue("Nguoi khac", "khac@example.org"), 'policy reason="wrong-signer"'),
        (ROOT.issue("Khong dia chi"), 'policy reason="wrong-signer"'),
    ],
    ids=["expired", "other-root", "another's", "nobody's"],
)
def test_a_signature_that_does_not_hold_is_told_and_the_mail_delivered(signer: Signer, result: str) -> None:
    outcome = incoming(signer.smime(letter(CITIZEN, MINISTER)), verifying())
    (value,) = result_of(outcome)
    assert value.startswith(f"mx.monre.gov.vn; smime={result}")
    assert outcome.answer.action is Action.ACCEPT
    assert [one.finding.code for one in outcome.verdict.judged] == ["digital-signature"]


def test_a_tampered_mail_fails() -> None:
    signed = LAWYER.smime(letter(CITIZEN, MINISTER)).replace("Kính".encode(), "Xính".encode(), 1)
    (value,) = result_of(incoming(signed, verifying()))
    assert value == f'mx.monre.gov.vn; smime=fail reason="tampered" body.smime-identifier={CITIZEN}'


def test_of_a_mail_wrapped_by_a_list_only_a_part_is_signed() -> None:
    (value,) = result_of(incoming(with_footer(LAWYER.smime(letter(CITIZEN, MINISTER))), verifying()))
    assert 'smime=policy reason="only a part of the message is signed"' in value


def test_one_author_does_not_sign_for_another() -> None:
    signed = LAWYER.smime(letter(f"{CITIZEN}, giamdoc@example.org", MINISTER))
    assert "smime=policy" in result_of(incoming(signed, verifying()))[0]


def test_results_forged_under_the_gates_name_are_taken_out() -> None:
    mail = letter(CITIZEN, MINISTER)
    for value in ("mx.example.org; smime=pass", "MX.monre.gov.vn 1; smime=pass", "mx.monre.gov.vn; spf=pass"):
        mail["Authentication-Results"] = value
    outcome = incoming(mail.as_bytes(), verifying())
    assert outcome.answer.edits == (DeleteHeader("Authentication-Results", 2),)


def test_in_observe_the_mail_stays_untouched_and_the_result_is_recorded() -> None:
    charges = tuple(replace(charge, mode=Mode.OBSERVE) for charge in MR.charges)
    signed = ROOT.issue("Khac").smime(letter(CITIZEN, MINISTER))
    outcome = incoming(signed, verifying(), replace(MR, charges=charges))
    assert outcome.answer.edits == ()
    assert [one.finding.code for one in outcome.verdict.judged] == ["digital-signature"]


def test_what_could_not_be_verified_is_told() -> None:
    signed = LAWYER.smime(letter(CITIZEN, MINISTER, ("a.pdf", bytes(1024 * 1024))))
    assert result_of(incoming(signed, verifying())) == ['mx.monre.gov.vn; smime=temperror reason="too large"']
