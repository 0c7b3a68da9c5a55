# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postfix is told of malformed mail, on SMTP and on the sendmail path, and what is logged of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gate.milterclient import Mail
from gate.offices import (
    CANBO1,
    CITIZEN,
    INSIDE,
    OUTSIDE,
    PRIVATE,
    SENDMAIL,
    VANTHU,
    Client,
    forwarded,
    letter,
    office,
    outcome,
)
from gate.test_check import check, judged
from mailgate import reply
from mailgate.effects import AddHeader, AddRecipient, DeleteRecipient, Quarantine
from mailgate.mime.bounds import MAX_DEPTH
from mailgate.record import fields
from mailgate.session import Outcome
from mailpolicy.malformed import MalformedMail, Treatment
from mailpolicy.verdict import Action

CLASHING = [(b"Content-Type", b"text/plain"), (b"Content-Type", b"text/html")]
TOO_DEEP = b"Content-Type: message/rfc822\r\n\r\n" * MAX_DEPTH


def ambiguous(mail: Mail) -> Mail:
    return replace(mail, fields=[*mail.fields, *CLASHING])


def beyond(mail: Mail) -> Mail:
    return replace(mail, fields=[*mail.fields, (b"Content-Type", b"message/rfc822")], body=TOO_DEEP)


def told(choice: Treatment, mail: Mail, client: Client = OUTSIDE) -> Outcome:
    return outcome(replace(office(), malformed=MalformedMail(choice, choice)), mail, client)


def unbracketed(mail: Mail) -> Mail:
    return replace(mail, sender=mail.sender[1:-1], recipients=[one[1:-1] for one in mail.recipients])


@pytest.mark.parametrize("broken", [ambiguous, beyond])
def test_malformed_mail_is_refused_without_an_article(broken: Callable[[Mail], Mail]) -> None:
    answer = told(Treatment.REJECT, broken(letter())).answer
    assert answer.reply == reply.malformed()
    assert str(answer.reply).startswith("550-5.6.0 [PW-malformed] Cau truc MIME khong ro rang")


def test_the_refusal_fits_smtp() -> None:
    for line in str(reply.malformed()).splitlines():
        assert line.isascii()
        assert len(line) <= 510  # RFC 5321, 4.5.3.1.5, without CRLF


def test_mail_beyond_a_bound_is_held_and_marked_by_default() -> None:
    answer = outcome(office(), beyond(letter())).answer
    assert (answer.action, answer.reply) == (Action.QUARANTINE, None)
    assert answer.edits == (AddHeader("X-Postwarden", "malformed"), Quarantine("malformed"))


def test_ambiguous_mail_is_written_down_and_left_alone_by_default() -> None:
    observed = outcome(office(), ambiguous(letter()))
    assert (observed.answer.action, observed.answer.edits) == (Action.ACCEPT, ())
    assert fields(observed)["findings"] == [
        {
            "code": "malformed",
            "article": "",
            "mode": "observe",
            "action": "quarantine",
            "certainty": "certain",
            "detail": "MIME that can be read in several ways",
            "evidence": {"reasons": ["content-type-repeated"]},
        }
    ]


def test_a_duty_that_is_broken_too_words_the_refusal() -> None:
    answer = told(Treatment.REJECT, ambiguous(letter(sender=VANTHU, to=[CANBO1]))).answer
    assert "[PW-ST-sender-domain]" in str(answer.reply)


def test_a_malformed_forward_is_turned_back_and_held() -> None:
    held = told(Treatment.QUARANTINE, ambiguous(forwarded()), INSIDE).answer
    assert held.action is Action.QUARANTINE
    assert DeleteRecipient(f"<{PRIVATE}>") in held.edits
    assert AddRecipient(f"<{VANTHU}>") in held.edits
    assert held.edits[-1] == Quarantine("malformed, auto-forward; ST 9.3")


# On the sendmail path nobody hears a refusal (decisions/0001)


def test_a_refusal_that_nobody_hears_becomes_a_hold() -> None:
    passed_on = told(Treatment.REJECT, ambiguous(forwarded([CANBO1], brackets=False)), SENDMAIL).answer
    assert (passed_on.action, passed_on.reply, passed_on.withheld) == (Action.QUARANTINE, None, True)
    assert passed_on.edits == (AddHeader("X-Postwarden", "malformed"), Quarantine("malformed"))


def test_a_copy_that_nobody_hears_refused_is_turned_back_and_held() -> None:
    copy = told(Treatment.REJECT, beyond(forwarded(brackets=False)), SENDMAIL).answer
    assert copy.action is Action.QUARANTINE
    assert DeleteRecipient(PRIVATE) in copy.edits
    assert AddRecipient(f"<{VANTHU}>") in copy.edits


def test_mail_the_office_wrote_is_refused_and_bounces_to_the_office() -> None:
    written_here = unbracketed(ambiguous(letter(VANTHU, [CITIZEN])))
    assert told(Treatment.REJECT, written_here, SENDMAIL).answer.reply == reply.malformed()


def test_a_hold_stands() -> None:
    passed_on = outcome(office(), beyond(forwarded([CANBO1], brackets=False)), SENDMAIL)
    assert passed_on.answer.action is Action.QUARANTINE


# mailgate check


def test_check_reports_it_to_programs_and_people(tmp_path: Path) -> None:
    file = tmp_path / "deep.eml"
    file.write_bytes(b"From: nguoidan@example.org\r\nContent-Type: message/rfc822\r\n\r\n" + TOO_DEEP)
    (said,) = judged("--regulation", "ST", str(file))
    assert (said["action"], said["malformed"]) == ("quarantine", ["too-deep"])
    assert [(one["code"], one["mode"], one["evidence"]) for one in said["findings"]] == [
        ("malformed", "enforce", {"reasons": ["too-deep"]})
    ]
    lines = check("--regulation", "ST", str(file)).stdout.splitlines()
    assert lines[1:] == ["    malformed, enforce: beyond a bound of the scanner", "    malformed: too-deep"]
