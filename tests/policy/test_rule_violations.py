# SPDX-License-Identifier: GPL-3.0-or-later
"""Senders whose mailbox is stopped: for violations, for lying idle, in an emergency."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Mailbox, Status
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.verdict import Action, Certainty, Judged, Mode

ME, OTHER, CITIZEN = "nvminh@cantho.gov.vn", "ttlan@cantho.gov.vn", "congdan@example.org"
STOPPED = (Status.SUSPENDED, Status.LOCKED)


def can_tho(status: Status, reason: str = "") -> Policy:
    return office("CT", [Mailbox(ME, status=status, status_reason=reason), Mailbox(OTHER)])


def sent(
    policy: Policy,
    code: str = "violations",
    *,
    sender: str = ME,
    author: str = ME,
    login: str = ME,
    client: str = STRANGER,
    extra: tuple[tuple[str, str], ...] = (),
) -> Judged | None:
    envelope = Envelope(sender, (CITIZEN,), login=login, client_address=client)
    mail = letter(policy, envelope, ("From", f"Nguyễn Văn Minh <{author}>"), *extra)
    return found(judge(mail, policy), code)


@pytest.mark.parametrize("status", STOPPED)
@pytest.mark.parametrize(
    ("reason", "code", "article"),
    [
        ("", "violations", "14.2"),
        ("violations", "violations", "14.2"),
        ("mailbox-sharing", "violations", "14.2"),
        ("inactivity", "inactivity", "5.4"),
        ("emergency-revocation", "emergency-revocation", "9.9"),
    ],
)
def test_a_stopped_sender_is_refused_under_the_article_he_was_stopped_by(
    status: Status, reason: str, code: str, article: str
) -> None:
    policy = can_tho(status, reason)
    envelope = Envelope(ME, (CITIZEN,), login=ME, client_address=STRANGER)
    verdict = judge(letter(policy, envelope, ("From", f"Minh <{ME}>")), policy)
    assert verdict.action is Action.REJECT
    (seen,) = [one.finding for one in verdict.judged if one.mode is Mode.ENFORCE]
    assert (seen.code, seen.article, seen.certainty) == (code, article, Certainty.CERTAIN)
    assert seen.evidence == {"mailbox": ME, "status": status.value, "reason": reason, "login": ME}


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.BLOCKED])
def test_other_senders_are_not_stopped_here(status: Status) -> None:
    assert sent(can_tho(status)) is None


@pytest.mark.parametrize(
    ("sender", "author", "login"),
    [(ME, ME, "nvminh"), ("", ME, ME), (OTHER, ME, OTHER), (ME, OTHER, OTHER), (OTHER, OTHER, ME)],
)
def test_every_name_a_login_uses_is_looked_at(sender: str, author: str, login: str) -> None:
    assert sent(can_tho(Status.LOCKED), sender=sender, author=author, login=login)
    assert sent(can_tho(Status.ACTIVE), sender=sender, author=author, login=login) is None


def test_a_detail_makes_no_other_mailbox() -> None:
    assert sent(can_tho(Status.LOCKED), sender="nvminh+phieu@cantho.gov.vn", author=OTHER, login=OTHER)


def test_a_trusted_program_writes_in_a_stopped_name() -> None:
    policy = can_tho(Status.LOCKED)
    assert sent(policy, login="", client=LOOPBACK)
    assert sent(policy, login="", client=LOOPBACK, sender=OTHER, author=OTHER) is None


@pytest.mark.parametrize(
    ("sender", "extra"),
    [(ME, (("Received", "from mx by mx2"),)), (CITIZEN, ()), ("", ())],
)
def test_a_trusted_program_that_passes_old_mail_on_is_not_the_writer(
    sender: str, extra: tuple[tuple[str, str], ...]
) -> None:
    assert sent(can_tho(Status.LOCKED), sender=sender, login="", client=LOOPBACK, extra=extra) is None


def test_a_stranger_is_not_judged_by_the_name_he_claims() -> None:
    assert sent(can_tho(Status.LOCKED), login="") is None


@pytest.mark.parametrize("status", STOPPED)
def test_mail_to_a_stopped_mailbox_arrives(status: Status) -> None:
    policy = can_tho(status)
    mail = letter(policy, Envelope(CITIZEN, (ME,), client_address=STRANGER), ("From", CITIZEN))
    assert judge(mail, policy).judged == ()


def test_without_a_directory_nobody_is_stopped() -> None:
    assert sent(without_directory("CT")) is None


@pytest.mark.parametrize("regulation", ["HCM", "TS", "ST", "MR"])
def test_where_the_text_leaves_violations_to_the_law_they_are_only_recorded(regulation: str) -> None:
    policy = office(regulation, [])
    me = f"minhnv.stnmt@{min(policy.context.domains)}"
    policy = office(regulation, [Mailbox(me, status=Status.SUSPENDED, status_reason="violations")])
    seen = sent(policy, sender=me, author=me, login=me)
    assert seen is not None
    assert seen.mode is Mode.OBSERVE


@pytest.mark.parametrize(
    ("regulation", "mode"),
    [
        ("HCM", Mode.ENFORCE),
        ("TS", Mode.OBSERVE),
        ("CT", Mode.ENFORCE),
        ("ST", Mode.OBSERVE),
        ("MR", Mode.ENFORCE),
    ],
)
def test_an_idle_mailbox_is_held_where_the_text_locks_it(regulation: str, mode: Mode) -> None:
    me = f"minhnv.stnmt@{min(office(regulation, []).context.domains)}"
    policy = office(regulation, [Mailbox(me, status=Status.LOCKED, status_reason="inactivity")])
    seen = sent(policy, "inactivity", sender=me, author=me, login=me)
    assert seen is not None
    assert seen.mode is mode
    assert sent(policy, "violations", sender=me, author=me, login=me) is None
