# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that a program handed to sendmail(1): nobody hears a refusal, and the copy may be the only one."""

from dataclasses import replace

import pytest

from gate.milterclient import Mail
from gate.offices import (
    CANBO1,
    CITIZEN,
    INSIDE,
    PRIVATE,
    SENDMAIL,
    VANTHU,
    always,
    forwarded,
    letter,
    made_up,
    office,
    outcome,
)
from mailgate.effects import AddHeader, AddRecipient, DeleteRecipient, Quarantine
from mailpolicy.verdict import Action, Finding


def unbracketed(mail: Mail) -> Mail:
    """The same mail as Postfix plays it to a milter for sendmail(1)."""
    return replace(mail, sender=mail.sender[1:-1], recipients=[one[1:-1] for one in mail.recipients])


def test_a_forwarded_copy_is_swapped_as_on_smtp() -> None:
    told = outcome(office(), forwarded(brackets=False), SENDMAIL)
    assert told.answer.action is Action.REDIRECT
    assert DeleteRecipient(PRIVATE) in told.answer.edits
    assert AddRecipient(f"<{VANTHU}>") in told.answer.edits


def test_a_copy_another_rule_would_reject_still_goes_back_to_its_owner() -> None:
    finding = Finding("attachment-cap", "7", "too big")
    policy = office()
    both = replace(policy, charges=(*policy.charges, *made_up(Action.REJECT, lambda *_: finding).charges))
    over_smtp = outcome(both, forwarded(), INSIDE)
    assert over_smtp.answer.action is Action.REJECT  # Sieve hears it and keeps the mail
    told = outcome(both, forwarded(brackets=False), SENDMAIL)
    assert (told.answer.action, told.answer.reply, told.answer.withheld) == (Action.REDIRECT, None, True)
    assert DeleteRecipient(PRIVATE) in told.answer.edits
    assert AddRecipient(f"<{VANTHU}>") in told.answer.edits


def test_a_reject_of_mail_on_its_way_is_withheld_and_the_mail_marked() -> None:
    passed_on = forwarded([CANBO1], brackets=False)
    told = outcome(always(Action.REJECT), passed_on, SENDMAIL)
    assert (told.answer.action, told.answer.reply, told.answer.withheld) == (Action.ANNOTATE, None, True)
    assert told.answer.edits == (AddHeader("X-Postwarden", "attachment-cap; ST 7"),)


def test_a_reject_of_mail_the_office_wrote_stands_and_bounces_to_the_office() -> None:
    told = outcome(always(Action.REJECT), unbracketed(letter(VANTHU, [CITIZEN])), SENDMAIL)
    assert told.answer.action is Action.REJECT
    assert not told.answer.withheld


@pytest.mark.parametrize("sender", [CITIZEN, ""])
def test_a_reject_is_withheld_where_the_bounce_would_leave_the_office(sender: str) -> None:
    told = outcome(always(Action.REJECT), unbracketed(letter(sender, [CANBO1])), SENDMAIL)
    assert (told.answer.action, told.answer.withheld) == (Action.ANNOTATE, True)


def test_a_colleagues_mail_on_its_way_is_not_bounced_to_the_colleague() -> None:
    copy = replace(forwarded([CANBO1], brackets=False), sender=VANTHU)
    told = outcome(always(Action.REJECT), copy, SENDMAIL)
    assert told.answer.withheld


def test_a_tempfail_stands_for_the_mail_waits_in_postfix() -> None:
    assert (
        outcome(always(Action.TEMPFAIL), forwarded(brackets=False), SENDMAIL).answer.action is Action.TEMPFAIL
    )


def test_a_quarantine_stands_for_the_mail_is_kept() -> None:
    assert (
        outcome(always(Action.QUARANTINE), forwarded(brackets=False), SENDMAIL).answer.action
        is Action.QUARANTINE
    )


@pytest.mark.parametrize("action", [Action.DROP_RECIPIENTS, Action.REDIRECT])
def test_a_message_never_vanishes_for_want_of_recipients(action: Action) -> None:
    nobody_left = always(action, CANBO1)
    assert outcome(nobody_left, letter(to=[CANBO1, CANBO1.upper()])).answer.action is Action.REJECT
    passed_on = outcome(nobody_left, forwarded([CANBO1], brackets=False), SENDMAIL)
    assert passed_on.answer.action is Action.QUARANTINE
    assert any(isinstance(edit, Quarantine) for edit in passed_on.answer.edits)
    assert not any(isinstance(edit, DeleteRecipient) for edit in passed_on.answer.edits)
    written_here = outcome(nobody_left, unbracketed(letter(VANTHU, [CANBO1])), SENDMAIL)
    assert written_here.answer.action is Action.REJECT


@pytest.mark.parametrize(
    ("mail", "client"),
    [
        (letter(to=[CANBO1]), SENDMAIL),  # brackets: a real SMTP client
        (unbracketed(letter(to=[CANBO1])), INSIDE),  # a port: a real SMTP client
        (unbracketed(letter(to=[CANBO1])), ("mail.example.org", "192.0.2.7", 0)),  # not from this host
        (replace(unbracketed(letter(to=[CANBO1])), login=VANTHU), SENDMAIL),  # a login
    ],
)
def test_only_sendmail_itself_is_taken_for_sendmail(mail: Mail, client: tuple[str, str, int]) -> None:
    assert outcome(always(Action.REJECT), mail, client).answer.action is Action.REJECT
