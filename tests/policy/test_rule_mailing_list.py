# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may write to an agency's mailing list."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.verdict import Action, Certainty, Judged, Mode


def at(local: str) -> str:
    return f"{local}@cantho.gov.vn"


HOME, HOME_DESK, OFFICE_DESK = at("sonv"), at("vanphong.sonv"), at("tochuc.sonv")
HEALTH = at("soyt")
ALL, HALL = at("toanso.sonv"), at("vanphong-all.sonv")
MANAGER, CLERK, DESK_CLERK = at("nvminh"), at("ttlan"), at("dcnguyen")
CITIZEN = "congdan@example.org"

MAILBOXES = [
    Mailbox(HOME, Kind.AGENCY, "Sở Nội vụ", managers=(DESK_CLERK,)),
    Mailbox(HOME_DESK, Kind.UNIT, "Văn phòng"),
    Mailbox(OFFICE_DESK, Kind.UNIT, "Phòng Tổ chức"),
    Mailbox(HEALTH, Kind.AGENCY, "Sở Y tế"),
    Mailbox(ALL, Kind.LIST, "Sở Nội vụ", managers=(MANAGER,)),
    Mailbox(HALL, Kind.LIST, "Văn phòng"),
    *(Mailbox(one, unit="Văn phòng") for one in (MANAGER, CLERK, DESK_CLERK)),
]
UNITS = [
    Unit("Sở Nội vụ"),
    Unit("Văn phòng", parent="Sở Nội vụ"),
    Unit("Phòng Tổ chức", parent="Sở Nội vụ"),
    Unit("Sở Y tế"),
]
POLICY = office("CT", MAILBOXES, UNITS)


def sent(
    to: str | tuple[str, ...],
    login: str = "",
    *,
    sender: str | None = None,
    author: str | None = None,
    client: str = STRANGER,
    policy: Policy = POLICY,
) -> Judged | None:
    sender = login if sender is None else sender
    recipients = (to,) if isinstance(to, str) else to
    envelope = Envelope(sender, recipients, login=login, client_address=client)
    mail = letter(policy, envelope, ("From", f"Tên <{author or sender or CITIZEN}>"))
    return found(judge(mail, policy), "mailing-list")


@pytest.mark.parametrize(
    ("mailing_list", "login"),
    [(ALL, HOME), (ALL, MANAGER), (ALL, "nvminh"), (HALL, HOME_DESK), (HALL, HOME)],
)
def test_the_agency_its_unit_and_the_managers_write_to_the_list(mailing_list: str, login: str) -> None:
    assert sent(mailing_list, login) is None


@pytest.mark.parametrize(
    ("mailing_list", "login"),
    [(ALL, CLERK), (ALL, HEALTH), (ALL, HOME_DESK), (HALL, MANAGER), (HALL, OFFICE_DESK), (HALL, HEALTH)],
)
def test_everybody_else_of_the_office_is_refused(mailing_list: str, login: str) -> None:
    seen = sent(mailing_list, login)
    assert seen is not None
    assert (seen.action, seen.mode, seen.finding.article) == (Action.REJECT, Mode.ENFORCE, "11.5")
    assert seen.finding.certainty is Certainty.CERTAIN
    assert (seen.finding.evidence["list"], seen.finding.evidence["login"]) == (mailing_list, login)


def test_a_manager_of_the_agencys_mailbox_writes_as_the_agency() -> None:
    assert sent(ALL, DESK_CLERK, sender=HOME, author=HOME) is None
    assert sent(ALL, DESK_CLERK, sender=DESK_CLERK, author=HOME) is None


@pytest.mark.parametrize(
    ("login", "sender", "author"),
    [
        (DESK_CLERK, DESK_CLERK, DESK_CLERK),  # as himself he is nobody
        (CLERK, HOME, HOME),  # not the agency's manager
        (DESK_CLERK, HOME, CLERK),
        (DESK_CLERK, HEALTH, HOME),
    ],
)
def test_nobody_else_writes_as_the_agency(login: str, sender: str, author: str) -> None:
    assert sent(ALL, login, sender=sender, author=author)


@pytest.mark.parametrize(
    ("sender", "author"), [(CITIZEN, CITIZEN), (MANAGER, MANAGER), (HOME, HOME), ("", "")]
)
def test_a_stranger_is_refused_whoever_he_claims_to_be(sender: str, author: str) -> None:
    assert sent(ALL, sender=sender, author=author)


@pytest.mark.parametrize(
    ("sender", "author", "refused"),
    [
        (HOME, HOME, False),
        (MANAGER, MANAGER, False),
        (HOME, CITIZEN, True),
        (CITIZEN, HOME, True),
        (CLERK, CLERK, True),
        ("", HOME, True),  # a bounce, or an automatic answer
    ],
)
def test_a_trusted_program_names_the_agency_in_both_senders(sender: str, author: str, refused: bool) -> None:
    assert (sent(ALL, sender=sender, author=author, client=LOOPBACK) is not None) is refused


def test_a_list_among_other_recipients_is_found_with_a_detail_and_in_any_case() -> None:
    seen = sent((CITIZEN, at("TOANSO.sonv+tin"), HALL), CLERK)
    assert seen is not None
    assert (seen.finding.evidence["list"], seen.finding.evidence["lists"]) == (ALL, 2)
    assert sent((CITIZEN, CLERK), CLERK) is None


def test_what_the_list_sends_on_to_its_members_is_not_mail_to_it() -> None:
    assert sent((CLERK, MANAGER), sender=at("toanso.sonv-bounces"), author=CITIZEN, client=LOOPBACK) is None


def test_a_list_nobody_is_named_for_is_only_a_sign() -> None:
    policy = office("CT", [Mailbox(ALL, Kind.LIST), Mailbox(CLERK)])
    seen = sent(ALL, CLERK, policy=policy)
    assert seen is not None
    assert (seen.finding.certainty, seen.mode) == (Certainty.SIGN, Mode.OBSERVE)


def test_a_list_that_is_barred_comes_before_one_nobody_is_named_for() -> None:
    policy = office("CT", [*MAILBOXES, Mailbox(at("cu.sonv"), Kind.LIST)], UNITS)
    seen = sent((at("cu.sonv"), ALL), CLERK, policy=policy)
    assert seen is not None
    assert seen.finding.certainty is Certainty.CERTAIN


def test_units_that_are_each_others_parents_end_nowhere() -> None:
    units = [Unit("A", parent="B"), Unit("B", parent="A")]
    policy = office("CT", [Mailbox(ALL, Kind.LIST, "A"), Mailbox(HEALTH, Kind.AGENCY, "C")], units)
    assert sent(ALL, HEALTH, policy=policy)


def test_without_a_directory_no_address_is_a_list() -> None:
    assert sent(ALL, CLERK, policy=without_directory("CT")) is None


def test_where_the_text_has_no_such_duty_lists_are_open() -> None:
    policy = office("ST", [Mailbox("all@soctrang.gov.vn", Kind.LIST, managers=("a@soctrang.gov.vn",))])
    assert sent("all@soctrang.gov.vn", "b@soctrang.gov.vn", policy=policy) is None
