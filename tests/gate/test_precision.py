# SPDX-License-Identifier: GPL-3.0-or-later
"""No rule finds anything in a thousand ordinary mails, and every hit in others' mail is explained."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gate.correspondence import Letter, Mail, Writer, mail, mixed, plain
from gate.ordinary_kinds import KINDS, mails
from gate.ordinary_office import REGULATIONS, office
from gate.precision import COUNT, Measured, generated, saved
from mailgate.mime.saved import split_saved
from mailgate.saved import judge_split
from mailpolicy import malformed
from mailpolicy.rules import CODES, Rule
from mailpolicy.verdict import Action

SAVED = Path(__file__).parents[3] / "shared" / "corpora" / "mail"
UNDECLARED = "8-bit text of no declared charset"
# What is found in others' mail: bytes beyond ASCII that no header explains, in Big5, Latin-1 or none: signs.
EXPLAINED = {
    "mime-bad-content-transfer-encoding.raw",
    "chardet-fail.raw",
    "chardet-success-big-5.raw",
    "chardet-success-iso-8859-1.raw",
    "append-binary",
    "broken_richtext.eml",
    "spam.eml",
}
OFFICE = office()


def test_no_rule_finds_anything_in_a_thousand_ordinary_mails() -> None:
    measured = generated(OFFICE)
    assert measured.mails == COUNT >= 1_000
    assert measured.hits == []


@pytest.mark.parametrize("name", REGULATIONS[1:])
def test_nor_under_any_other_regulation(name: str) -> None:
    assert generated(office(name), 3 * len(KINDS)).hits == []


def test_every_rule_there_is_was_asked() -> None:
    assert {charge.duty.code for charge in OFFICE.policy.charges} == CODES


def test_the_mail_is_of_every_kind_and_not_twice_the_same() -> None:
    written = list(mails(OFFICE, 400))
    kinds = Counter(mail.kind for mail in written)
    assert kinds["scan of 14 MB"] == 1 and len(kinds) > len(KINDS)
    small = [
        b"".join(mail.pieces()) for mail in written if "scan" not in mail.kind and "writes" not in mail.kind
    ]
    assert len(set(small)) > 0.9 * len(small)


@pytest.mark.skipif(not SAVED.is_dir(), reason="others' mail is not here: ../shared/corpora")
def test_in_others_mail_every_hit_is_a_sign_that_is_explained() -> None:
    measured = saved([SAVED], OFFICE)
    hits = [hit for hit in measured.hits if hit.code != malformed.CODE]
    assert measured.mails > 500
    assert not [hit for hit in hits if hit.certain or hit.code != "unicode"]
    assert all(hit.detail.startswith(UNDECLARED) for hit in hits)
    assert {Path(hit.where.partition(",")[0]).name for hit in hits} == EXPLAINED


def faulty(change: Callable[[Letter], Letter], content: tuple[str, bytes], to: tuple[str, ...] = ()) -> Mail:
    """A person's letter with one thing wrong."""
    writer = Writer(OFFICE)
    letter, session = writer.written(("Bao cao",), to or writer.colleagues())
    return mail("faulty", change(letter), session, content)


def same(letter: Letter) -> Letter:
    return letter


TEXT = plain("Kính gửi anh chị.\r\n")
LARGE = mixed(
    TEXT, ("Content-Type: application/pdf\r\nContent-Disposition: attachment", b"a" * 16 * 1024 * 1024)
)
FAULTY = {
    "unicode": faulty(same, plain("Céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc\r\n")),
    "state-secrets": faulty(same, plain("TUYỆT MẬT\r\n")),
    "subject-required": faulty(lambda letter: replace(letter, subject=""), TEXT),
    "sender-domain": faulty(lambda letter: replace(letter, author="ai-do@example.org"), TEXT),
    "display-name": faulty(lambda letter: replace(letter, author=f"Nguoi Khac <{letter.sender}>"), TEXT),
    "mailing-list": faulty(same, TEXT, (OFFICE.everybody.address,)),
    "attachment-cap": faulty(same, LARGE),
}


@pytest.mark.parametrize("code", FAULTY)
def test_the_same_mail_with_one_fault_is_found(code: str) -> None:
    fields, body = split_saved(FAULTY[code].pieces())
    measured = Measured()
    measured.add(code, judge_split(fields, body, OFFICE.policy, FAULTY[code].session))
    assert [(hit.code, hit.certain) for hit in measured.hits] == [(code, True)]


def test_a_rule_that_fails_counts_as_a_false_alarm() -> None:
    def fail(*_: object) -> None:
        raise ValueError

    charge = OFFICE.policy.charges[0]
    failing = replace(charge, rule=Rule(charge.rule.code, fail, Action.REJECT))
    broken = replace(OFFICE, policy=replace(OFFICE.policy, charges=(failing,)))
    hits = generated(broken, 3).hits
    assert len(hits) == 3 and all(hit.certain and hit.detail.startswith("the rule failed") for hit in hits)
