# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocked senders, and messages to very many recipients."""

from dataclasses import replace

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Mailbox, Status
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.parameters import SpamSpreading
from mailpolicy.verdict import Action, Certainty, Judged, Mode

ME, CITIZEN = "nvminh@cantho.gov.vn", "congdan@example.org"
MANY = tuple(f"nguoi{number}@example.org" for number in range(100))


def can_tho(status: Status) -> Policy:
    return office("CT", [Mailbox(ME, status=status, status_reason="spam-spreading")])


def sent(
    policy: Policy, to: tuple[str, ...] = (CITIZEN,), login: str = ME, client: str = ""
) -> Judged | None:
    mail = letter(
        policy, Envelope(ME, to, login=login, client_address=client), ("From", f"Nguyễn Văn Minh <{ME}>")
    )
    return found(judge(mail, policy), "spam-spreading")


@pytest.mark.parametrize(("login", "client"), [(ME, STRANGER), ("", LOOPBACK)])
def test_a_blocked_sender_is_refused(login: str, client: str) -> None:
    seen = sent(can_tho(Status.BLOCKED), login=login, client=client)
    assert seen is not None
    assert (seen.action, seen.mode, seen.finding.article) == (Action.REJECT, Mode.ENFORCE, "8.3")
    assert seen.finding.evidence["mailbox"] == ME


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.SUSPENDED, Status.LOCKED])
def test_others_are_not_refused_here(status: Status) -> None:
    assert sent(can_tho(status)) is None


def test_a_blocked_mailbox_still_gets_its_mail() -> None:
    policy = can_tho(Status.BLOCKED)
    mail = letter(policy, Envelope(CITIZEN, (ME,), client_address=STRANGER), ("From", CITIZEN))
    assert judge(mail, policy).judged == ()


def test_very_many_recipients_are_a_sign_and_nothing_is_done() -> None:
    policy = without_directory("CT")
    seen = sent(policy, MANY)
    assert seen is not None
    assert (seen.finding.certainty, seen.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert seen.finding.evidence == {"recipients": 100, "threshold": 100, "login": ME}
    mail = letter(policy, Envelope(ME, MANY, login=ME), ("From", f"Nguyễn Văn Minh <{ME}>"))
    assert judge(mail, policy).action is Action.ACCEPT


@pytest.mark.parametrize("to", [MANY[:-1], (*MANY[:-1], MANY[0])])
def test_fewer_are_none_and_one_named_twice_counts_once(to: tuple[str, ...]) -> None:
    assert sent(without_directory("CT"), to) is None


def test_a_program_that_mails_many_is_not_a_login() -> None:
    assert sent(without_directory("CT"), MANY, login="", client=LOOPBACK) is None


def test_the_threshold_is_the_sites_to_set() -> None:
    policy = without_directory("CT")
    charges = [
        replace(charge, duty=replace(charge.duty, parameters=SpamSpreading(recipients=2)))
        if charge.duty.code == "spam-spreading"
        else charge
        for charge in policy.charges
    ]
    policy = replace(policy, charges=tuple(charges))
    assert sent(policy, MANY[:2])
    assert sent(policy, MANY[:1]) is None


@pytest.mark.parametrize(
    ("regulation", "mode"),
    [
        ("HCM", Mode.OBSERVE),
        ("TS", Mode.ENFORCE),
        ("CT", Mode.ENFORCE),
        ("ST", Mode.OBSERVE),
        ("MR", Mode.ENFORCE),
    ],
)
def test_a_blocked_sender_is_stopped_where_the_text_forbids_spreading(regulation: str, mode: Mode) -> None:
    me = f"minhnv.stnmt@{min(without_directory(regulation).context.domains)}"
    policy = office(regulation, [Mailbox(me, status=Status.BLOCKED)])
    mail = letter(policy, Envelope(me, (CITIZEN,), login=me), ("From", me))
    seen = found(judge(mail, policy), "spam-spreading")
    assert seen is not None
    assert seen.mode is mode
