# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be a state secret goes nowhere: no word of it is in a log line, a header, a reply or a reason."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from gate.correspondence import Letter, file, mixed, page, plain
from gate.ordinary import word
from gate.ordinary_office import LOGIN_HOST, OUTSIDE_HOST, PROGRAM_HOST, Office, office
from mailgate.effects import AddHeader, Quarantine
from mailgate.linefile import LineFile
from mailgate.mime.saved import split_saved
from mailgate.record import Record
from mailgate.saved import Assumed, judge_split
from mailgate.session import Outcome
from mailpolicy.rules import Rule
from mailpolicy.verdict import Action

SECRET = ("Sấm", "Sét", "sam-set", "kín như bưng", "U2Vj")
SENTENCE = "Chiến dịch Sấm Sét bắt đầu lúc 05 giờ, giữ kín như bưng"
OFFICE = office()
ME, COLLEAGUE, CITIZEN = OFFICE.people[0].address, OFFICE.people[1].address, "nguoidan@example.org"
SESSIONS = {
    "by a login": Assumed(ME, (COLLEAGUE,), login=ME, client=LOGIN_HOST),
    "to the outside": Assumed(ME, (CITIZEN,), login=ME, client=LOGIN_HOST),
    "from outside": Assumed(CITIZEN, (ME,), client=OUTSIDE_HOST),
    "by a program": Assumed(ME, (COLLEAGUE,), client=PROGRAM_HOST),
}
SUBJECTS = [f"[MẬT] {SENTENCE}", f"TUYỆT MẬT: {SENTENCE}", SENTENCE, "", f"B¸o c¸o th¸ng ®¬n vÞ {SENTENCE}"]
BODIES = {
    "text": plain(f"TUYỆT MẬT\r\n\r\n{SENTENCE}\r\n"),
    "base64": plain(f"TUYỆT MẬT {SENTENCE}\r\nTUYỆT MẬT\r\n", "utf-8", "base64"),
    "page": page(f"TỐI MẬT\r\n{SENTENCE}"),
    "file": mixed(plain(f"{SENTENCE}\r\nMẬT\r\n"), file("TUYET MAT sam-set.pdf"), file("sam-set [MẬT].zip")),
    "old encoding": plain(f"TUYÖT MËT\r\nCéng hßa x· héi chñ nghÜa ViÖt Nam\r\n{SENTENCE}\r\n"),
    "broken": (
        'Content-Type: multipart/mixed; boundary="Sấm Sét"',
        f"--Sấm Sét\r\n\r\nMẬT {SENTENCE}".encode(),
    ),
}


def judged(where: Office, session: Assumed, subject: str, body: tuple[str, bytes]) -> Outcome:
    author = session.sender or ""
    shown = f"{word(where.people[0].name)} <{author}>"
    letter = Letter(shown, author, tuple(session.recipients), subject if subject.isascii() else word(subject))
    fields, chunks = split_saved(letter.head(body[0]).encode() + body[1])
    return judge_split(fields, chunks, where.policy, session)


def told(outcome: Outcome, log: Path) -> str:
    """All that leaves the gate about a message, in the log and to Postfix."""

    def fail(error: OSError) -> None:
        raise AssertionError(error)

    record = Record(LineFile(str(log), fail))
    record.verdict(outcome, 0.001)
    for failure in outcome.verdict.failures:
        record.alarm(failure.code, failure.error)
    lines = [json.loads(line) for line in log.read_text("ascii").splitlines()]
    log.unlink()
    return f"{lines!r} {outcome.answer!r}"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("session", SESSIONS)
def test_no_word_of_a_marked_mail_leaves_the_gate(session: str, body: str, tmp_path: Path) -> None:
    for subject in SUBJECTS:
        outcome = judged(OFFICE, SESSIONS[session], subject, BODIES[body])
        said = told(outcome, tmp_path / "log")
        assert not [word for word in SECRET if word.casefold() in said.casefold()], said
        assert base64.b64encode(SENTENCE.encode()).decode()[:12] not in said


def test_a_rule_that_trips_over_a_secret_does_not_tell_it(tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise ValueError(SENTENCE)

    charge = OFFICE.policy.charges[0]
    failing = replace(charge, rule=Rule(charge.rule.code, fail, Action.REJECT))
    broken = replace(OFFICE, policy=replace(OFFICE.policy, charges=(failing, *OFFICE.policy.charges[1:])))
    outcome = judged(broken, SESSIONS["by a login"], SUBJECTS[0], BODIES["text"])
    assert outcome.verdict.failures
    assert not [word for word in SECRET if word in told(outcome, tmp_path / "log")]


@pytest.mark.parametrize("session", ["by a login", "to the outside", "from outside"])
def test_a_marked_mail_is_held_for_people_to_look_at(session: str) -> None:
    only = tuple(charge for charge in OFFICE.policy.charges if charge.duty.code == "state-secrets")
    where = replace(OFFICE, policy=replace(OFFICE.policy, charges=only))
    answer = judged(where, SESSIONS[session], "Bao cao", BODIES["text"]).answer
    assert answer.action is Action.QUARANTINE and answer.reply is None
    assert Quarantine("state-secrets; ST 6.1") in answer.edits
    assert AddHeader("X-Postwarden", "state-secrets; ST 6.1") in answer.edits
    innocent = judged(where, SESSIONS[session], "Bao cao", plain("Đổi mật khẩu.\r\n")).answer
    assert innocent.action is Action.ACCEPT and not innocent.edits
