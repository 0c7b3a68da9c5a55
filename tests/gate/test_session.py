# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation by scripts of events: each action, and nothing of one message left in the next."""

from dataclasses import replace

import pytest

from gate.offices import (
    CANBO1,
    CANBO2,
    CITIZEN,
    DESK,
    INSIDE,
    OUTSIDE,
    PRIVATE,
    VANTHU,
    always,
    forwarded,
    letter,
    made_up,
    office,
    outcome,
    tell,
)
from mailgate.address import Address, bare
from mailgate.effects import AddHeader, AddRecipient, DeleteHeader, DeleteRecipient, Quarantine
from mailgate.session import SCANNER, Session
from mailgate.terms import Terms
from mailpolicy.context import Context
from mailpolicy.message import Direction, Message, Origin
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Action, Finding, Mode

SOCTRANG = office()


def test_ordinary_mail_is_accepted_untouched() -> None:
    told = outcome(SOCTRANG, letter())
    assert (told.answer.action, told.answer.edits, told.answer.reply) == (Action.ACCEPT, (), None)
    assert (told.message.origin, told.message.direction) == (Origin.STRANGER, Direction.INBOUND)
    assert told.message.envelope.sender == CITIZEN


def test_a_report_is_annotated_and_reaches_nobody_else() -> None:
    alone = outcome(SOCTRANG, letter(to=[DESK]))
    assert alone.answer.action is Action.ANNOTATE
    assert alone.answer.edits == (AddHeader("X-Postwarden", "spam-report; ST 9.4"),)
    spread = outcome(SOCTRANG, letter(to=[DESK, VANTHU]))
    assert spread.answer.action is Action.REDIRECT
    assert DeleteRecipient(f"<{VANTHU}>") in spread.answer.edits
    assert not any(isinstance(edit, AddRecipient) for edit in spread.answer.edits)


def test_a_report_passes_though_its_sender_is_false() -> None:
    told = outcome(SOCTRANG, letter(sender=VANTHU, to=[DESK]))
    assert told.answer.action is Action.ANNOTATE
    assert {one.finding.code for one in told.verdict.judged} == {"spam-report", "sender-domain"}


def test_a_forwarded_copy_goes_back_to_its_owner() -> None:
    told = outcome(SOCTRANG, forwarded(), INSIDE)
    assert told.answer.action is Action.REDIRECT
    assert told.answer.reply is None
    assert told.answer.edits == (
        DeleteRecipient(f"<{PRIVATE}>"),
        AddRecipient(f"<{VANTHU}>"),
        AddHeader("X-Postwarden", "auto-forward; ST 9.3"),
    )


def test_recipients_that_mean_the_same_are_all_deleted_as_they_were_spelled() -> None:
    spellings = [PRIVATE, PRIVATE.upper(), "Hopthu.Rieng@Gmail.com."]
    told = outcome(SOCTRANG, forwarded(spellings), INSIDE)
    deleted = [edit.recipient for edit in told.answer.edits if isinstance(edit, DeleteRecipient)]
    assert deleted == [f"<{spelling}>" for spelling in spellings]


def test_an_owner_who_is_a_recipient_already_is_not_added_again() -> None:
    told = outcome(SOCTRANG, forwarded([PRIVATE, VANTHU]), INSIDE)
    assert [edit for edit in told.answer.edits if isinstance(edit, AddRecipient)] == []
    again = outcome(always(Action.REDIRECT, PRIVATE, owner=VANTHU), letter(to=[PRIVATE, VANTHU.upper()]))
    assert [edit for edit in again.answer.edits if isinstance(edit, AddRecipient)] == []


def test_a_false_sender_is_rejected_with_article_and_code() -> None:
    told = outcome(SOCTRANG, letter(sender=VANTHU, to=[CANBO1]))
    assert told.answer.action is Action.REJECT
    assert told.answer.reply is not None
    assert (told.answer.reply.code, told.answer.reply.xcode) == ("550", "5.7.1")
    assert "[PW-ST-sender-domain]" in told.answer.reply.lines[0]
    assert told.answer.edits == ()


def test_some_recipients_are_dropped_and_the_others_stay() -> None:
    told = outcome(always(Action.DROP_RECIPIENTS, CANBO1), letter(to=[VANTHU, CANBO1]))
    assert told.answer.action is Action.DROP_RECIPIENTS
    assert told.answer.reply is None
    assert DeleteRecipient(f"<{CANBO1}>") in told.answer.edits


def test_quarantine_comes_last_with_a_reason_in_ascii() -> None:
    told = outcome(always(Action.QUARANTINE), letter())
    assert told.answer.action is Action.QUARANTINE
    assert told.answer.reply is None
    held = told.answer.edits[-1]
    assert isinstance(held, Quarantine)
    assert held.reason.isascii()
    assert "attachment-cap" in held.reason


def test_a_rule_may_ask_for_a_tempfail() -> None:
    told = outcome(always(Action.TEMPFAIL), letter())
    assert told.answer.reply is not None
    assert (told.answer.reply.code, told.answer.reply.xcode) == ("451", "4.3.0")


def broken(message: Message, duty: Duty, context: Context) -> Finding | None:
    raise ValueError(message.headers.text("Subject")[0])


def test_a_rule_that_raises_is_a_tempfail_and_its_alarm_quotes_nothing() -> None:
    told = outcome(made_up(Action.REJECT, broken), letter(subject="bi mat"))
    assert told.answer.action is Action.TEMPFAIL
    assert told.answer.reply is not None
    assert told.answer.reply.code == "451"
    (failure,) = told.verdict.failures
    assert failure.code == "attachment-cap"
    assert failure.error.startswith("ValueError at test_session.py:")
    assert "bi mat" not in failure.error


def test_a_rule_that_may_fail_open_lets_mail_pass_and_is_still_told_of() -> None:
    policy = made_up(Action.REJECT, broken)
    policy = replace(policy, charges=tuple(replace(charge, fail_open=True) for charge in policy.charges))
    told = outcome(policy, letter())
    assert told.answer.action is Action.ACCEPT
    assert [failure.code for failure in told.verdict.failures] == ["attachment-cap"]


def test_an_event_that_failed_makes_its_message_a_tempfail_and_not_the_next() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*OUTSIDE)
    tell(session, letter())
    session.fail(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"))
    told = session.end("4QA")
    assert told.answer.action is Action.TEMPFAIL
    assert [failure.code for failure in told.verdict.failures] == [SCANNER]
    assert told.message.envelope.recipients == (VANTHU,)
    tell(session, letter())
    assert session.end("4QB").answer.action is Action.ACCEPT


def test_observed_duties_leave_mail_untouched_and_are_recorded() -> None:
    told = outcome(office(mode=Mode.OBSERVE), forwarded(), INSIDE)
    assert (told.answer.action, told.answer.edits) == (Action.ACCEPT, ())
    assert [one.finding.code for one in told.verdict.judged] == ["auto-forward"]


def test_a_login_lasts_for_one_message() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*OUTSIDE)
    tell(session, letter(sender=VANTHU, to=[CANBO1], login=VANTHU))
    assert session.end().answer.action is Action.ACCEPT
    tell(session, letter(sender=VANTHU, to=[CANBO1]))
    assert session.end().answer.action is Action.REJECT


def test_an_aborted_message_leaves_nothing_behind() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*OUTSIDE)
    tell(session, letter(sender=VANTHU, to=[CANBO2, DESK]))
    session.abort()
    tell(session, letter(to=[CANBO1]))
    told = session.end()
    assert told.answer.action is Action.ACCEPT
    assert told.message.envelope.recipients == (CANBO1,)
    assert len(told.message.headers.fields) == 4


def test_the_client_stays_for_the_whole_connection() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*OUTSIDE)
    for _ in range(2):
        tell(session, letter())
        assert session.end().message.envelope.client_address == "192.0.2.7"


def test_busy_is_from_mail_to_the_end_or_an_abort() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*OUTSIDE)
    assert not session.busy
    tell(session, letter())
    assert session.busy
    session.end()
    assert not session.busy
    tell(session, letter())
    session.abort()
    assert not session.busy


@pytest.mark.parametrize("login", ["", VANTHU])
def test_marks_that_strangers_and_users_forge_are_taken_out_from_the_last_to_the_first(login: str) -> None:
    mail = letter(sender=VANTHU if login else CITIZEN, to=[CANBO1], login=login)
    forged = replace(
        mail, fields=[(b"x-postwarden", b"ok"), *mail.fields, (b"X-Postwarden", b"spam-report; ST 9.4")]
    )
    told = outcome(SOCTRANG, forged)
    assert told.answer.edits == (DeleteHeader("X-Postwarden", 2), DeleteHeader("X-Postwarden", 1))


def test_the_gates_own_mark_on_a_copy_that_comes_by_again_stays() -> None:
    mail = forwarded([CANBO1])
    marked = replace(mail, fields=[*mail.fields, (b"X-Postwarden", b"spam-report; ST 9.4")])
    assert outcome(SOCTRANG, marked, INSIDE).answer.edits == ()


@pytest.mark.parametrize(
    ("argument", "address"),
    [("<a@b>", "a@b"), ("a@b", "a@b"), ("<>", ""), ("", ""), (" <A@B> ", "A@B"), ('<"a b"@c>', '"a b"@c')],
)
def test_an_argument_gives_its_address(argument: str, address: str) -> None:
    assert bare(argument) == address


def test_a_forward_is_known_by_where_postfix_sends_it_and_deleted_in_both_forms() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*INSIDE)
    tell(session, forwarded(to=()))
    session.rcpt(f"<@relay.example:{PRIVATE}>", PRIVATE)
    deleted = [edit for edit in session.end().answer.edits if isinstance(edit, DeleteRecipient)]
    assert deleted == [DeleteRecipient(f"<@relay.example:{PRIVATE}>"), DeleteRecipient(f"<{PRIVATE}>")]


def test_a_stranger_is_judged_by_the_sender_that_postfix_reads() -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect(*OUTSIDE)
    tell(session, letter())
    session.mail("<vanthu>", VANTHU)
    session.rcpt(f"<{CANBO1}>", CANBO1)
    assert session.end().answer.action is Action.REJECT


def test_the_null_sender_stays_the_null_sender() -> None:
    assert Address("<>", "").address == Address("<>").address == Address("").address == ""
    assert Address("<A@B.>", "a@b").spellings == ["<A@B.>"]


@pytest.mark.parametrize("address", ["", "::1", "192.0.2.7", "fe80::1%eth0", "unknown"])
def test_any_client_address_gets_a_verdict(address: str) -> None:
    session = Session(lambda: Terms.of(SOCTRANG))
    session.connect("unknown", address, 0)
    tell(session, replace(letter(), sender=CITIZEN))
    assert session.end().answer.action is Action.ACCEPT
