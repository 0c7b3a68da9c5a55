# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may send as whom."""

from dataclasses import replace

import pytest

from letter import LOOPBACK, STRANGER, letter
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope, Proof
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action, Verdict

POLICY = Policy.of(for_regulation(load("soctrang")))
ME, BOSS = "canbo1@soctrang.gov.vn", "giamdoc@soctrang.gov.vn"
CITIZEN, PRIVATE = "nguoidan@example.org", "canbo1@gmail.com"

LOGGED_IN = [
    # MAIL FROM, From, further fields, refused in
    (ME, ME, [], ""),
    (ME, f"Cán bộ <{ME.upper()}>", [], ""),
    ("canbo1+phieu@soctrang.gov.vn", ME, [], ""),
    ("", ME, [], ""),
    (BOSS, ME, [], "MAIL FROM"),
    (PRIVATE, ME, [], "MAIL FROM"),
    ("canbo1@mail.soctrang.gov.vn", ME, [], "MAIL FROM"),
    (ME, BOSS, [], "From"),
    (ME, PRIVATE, [], "From"),
    (ME, f'"{ME}" <{PRIVATE}>', [], "From"),
    (ME, f"{ME}, {BOSS}", [], "From"),
    (ME, f"({ME}) {BOSS}", [], "From"),
    (ME, "=?utf-8?q?Boss_=3Cgiamdoc=40soctrang.gov.vn=3E?= <canbo1@soctrang.gov.vn>", [], ""),
    (ME, None, [], "From"),
    (ME, ME, [("From", BOSS)], "From"),
    (ME, CITIZEN, [("Resent-From", ME)], ""),
    (ME, BOSS, [("Resent-From", ME)], "From"),
    (ME, CITIZEN, [("Resent-From", BOSS)], "From"),
    (ME, CITIZEN, [("Resent-From", f"{ME}, {BOSS}")], "From"),
]


@pytest.mark.parametrize(("sender", "author", "fields", "where"), LOGGED_IN)
@pytest.mark.parametrize("login", [ME, "canbo1", "CANBO1"])
def test_a_user_sends_as_himself_in_the_official_domain(
    login: str, sender: str, author: str | None, fields: list[tuple[str, str]], where: str
) -> None:
    given = [("From", author)] if author is not None else []
    mail = letter(POLICY, Envelope(sender, (CITIZEN,), login=login, client_address=STRANGER), *given, *fields)
    verdict = judge(mail, POLICY)
    assert verdict.action is (Action.REJECT if where else Action.ACCEPT)
    assert (verdict.deciding.evidence["where"] if verdict.deciding else "") == where


@pytest.mark.parametrize(
    ("sender", "author", "where"),
    [
        (CITIZEN, CITIZEN, ""),
        ("", "MAILER-DAEMON@example.org", ""),
        (ME, CITIZEN, "MAIL FROM"),
        ("ai-do@SOCTRANG.gov.vn.", CITIZEN, "MAIL FROM"),
        (CITIZEN, ME, "From"),
        ("", BOSS, "From"),
        (CITIZEN, f"{CITIZEN}, {BOSS}", "From"),
        (CITIZEN, f"Nhóm: {BOSS};", "From"),
        (CITIZEN, f'"{BOSS}" <{CITIZEN}>', ""),
        (CITIZEN, "a@soctrang.gov.vn.example.org", ""),
        (CITIZEN, "a@notsoctrang.gov.vn", ""),
    ],
)
def test_a_stranger_never_claims_the_official_domain(sender: str, author: str, where: str) -> None:
    mail = letter(POLICY, Envelope(sender, (ME,), client_address=STRANGER), ("From", author))
    verdict = judge(mail, POLICY)
    assert verdict.action is (Action.REJECT if where else Action.ACCEPT)
    assert (verdict.deciding.evidence["where"] if verdict.deciding else "") == where


@pytest.mark.parametrize("client", ["", "không phải địa chỉ", "203.0.113.7", "2001:db8::1"])
def test_whoever_is_not_known_is_a_stranger(client: str) -> None:
    mail = letter(POLICY, Envelope(BOSS, (ME,), client_address=client), ("From", BOSS))
    assert judge(mail, POLICY).action is Action.REJECT


@pytest.mark.parametrize("client", [LOOPBACK, "127.8.8.8", "::1"])
def test_a_program_on_the_mail_host_is_not_judged(client: str) -> None:
    mail = letter(POLICY, Envelope(BOSS, (CITIZEN,), client_address=client), ("From", CITIZEN))
    assert judge(mail, POLICY).action is Action.ACCEPT


def as_login(sender: str, author: str, directory: "Listed", login: str = ME) -> Verdict:
    """The verdict on a user's mail where there is this directory."""
    policy = replace(POLICY, context=replace(POLICY.context, directory=directory))
    mail = letter(policy, Envelope(sender, (CITIZEN,), login=login), ("From", author))
    return judge(mail, policy)


class Listed:
    """A directory of these mailboxes."""

    known = True

    def __init__(self, *mailboxes: Mailbox) -> None:
        self._mailboxes = {mailbox.address: mailbox for mailbox in mailboxes}

    def mailbox(self, address: str) -> Mailbox | None:
        return self._mailboxes.get(address.lower())

    def unit(self, name: str) -> Unit | None:
        return None

    def named(self, folded: str) -> Mailbox | None:
        return None


OFFICE_DESK = "vanphong@soctrang.gov.vn"


def desk(*managers: str, kind: Kind = Kind.UNIT, address: str = OFFICE_DESK) -> Listed:
    return Listed(Mailbox(ME), Mailbox(BOSS), Mailbox(address, kind, managers=managers))


@pytest.mark.parametrize("kind", [Kind.UNIT, Kind.AGENCY, Kind.LIST])
@pytest.mark.parametrize(
    ("sender", "author"),
    [
        (OFFICE_DESK, OFFICE_DESK),
        (ME, f"Văn phòng <{OFFICE_DESK.upper()}>"),
        (OFFICE_DESK, ME),
        ("vanphong+phieu@soctrang.gov.vn", f"{ME}, {OFFICE_DESK}"),
    ],
)
@pytest.mark.parametrize("login", [ME, "canbo1"])
def test_a_manager_sends_as_the_mailbox_he_manages(sender: str, author: str, kind: Kind, login: str) -> None:
    assert as_login(sender, author, desk(BOSS, ME, kind=kind), login).action is Action.ACCEPT


@pytest.mark.parametrize(
    ("directory", "why"),
    [
        (desk(BOSS), "somebody else manages it"),
        (desk(), "nobody manages it"),
        (desk(ME, kind=Kind.PERSON), "a person's mailbox is sent from by nobody else"),
        (desk(ME, address="khac@soctrang.gov.vn"), "it is not listed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_else_sends_as_a_shared_mailbox(directory: Listed, why: str) -> None:
    for sender, author, where in ((OFFICE_DESK, ME, "MAIL FROM"), (ME, OFFICE_DESK, "From")):
        verdict = as_login(sender, author, directory)
        assert verdict.action is Action.REJECT
        assert verdict.deciding is not None
        assert verdict.deciding.evidence["where"] == where


def test_a_managed_mailbox_outside_the_official_domain_is_no_official_sender() -> None:
    outside = "vanphong@example.org"
    assert as_login(ME, outside, desk(ME, address=outside)).action is Action.REJECT


def claim(sender: str, author: str, proof: Proof, policy: Policy = POLICY) -> Verdict:
    """The verdict on a stranger's mail with this proof."""
    mail = letter(policy, Envelope(sender, (ME,), client_address=STRANGER), ("From", author))
    return judge(replace(mail, proof=proof), policy)


PROVED = Proof(frozenset({"soctrang.gov.vn"}))


@pytest.mark.parametrize(("sender", "author"), [(CITIZEN, BOSS), (BOSS, BOSS), (BOSS, CITIZEN), ("", BOSS)])
def test_a_claim_that_is_proved_passes(sender: str, author: str) -> None:
    assert claim(sender, author, PROVED).judged == ()


def test_another_domains_proof_proves_nothing() -> None:
    for domain in ("example.org", "mail.soctrang.gov.vn", "gov.vn"):
        assert claim(CITIZEN, BOSS, Proof(frozenset({domain}))).action is Action.REJECT


def test_each_official_domain_that_is_claimed_needs_its_own_proof() -> None:
    domains = frozenset({"soctrang.gov.vn", "b.gov.vn"})
    both = replace(POLICY, context=replace(POLICY.context, domains=domains))
    authors = f"{BOSS}, canbo@b.gov.vn"
    assert claim(CITIZEN, authors, PROVED, both).action is Action.REJECT
    assert claim("canbo@b.gov.vn", BOSS, PROVED, both).action is Action.REJECT
    assert claim(CITIZEN, authors, Proof(domains), both).action is Action.ACCEPT


@pytest.mark.parametrize("chosen", [Action.ACCEPT, Action.TEMPFAIL, Action.REJECT])
def test_what_could_not_be_found_out_gets_what_the_site_chose(chosen: Action) -> None:
    charges = tuple(replace(charge, undecided=chosen) for charge in POLICY.charges)
    policy = replace(POLICY, charges=charges)
    verdict = claim(CITIZEN, BOSS, Proof(undecided=True), policy)
    assert verdict.action is chosen
    assert [one.finding.code for one in verdict.judged] == ["sender-domain"]
    assert claim(CITIZEN, BOSS, Proof(), policy).action is Action.REJECT
    assert claim(CITIZEN, CITIZEN, Proof(undecided=True), policy).judged == ()
