# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may send as whom."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action

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
