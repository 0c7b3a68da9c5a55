# SPDX-License-Identifier: GPL-3.0-or-later
"""Official senders whose address is not in the regulation's form."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.verdict import Action, Certainty, Judged, Mode

CITIZEN = "congdan@example.org"
CERTAIN, SIGN = Certainty.CERTAIN, Certainty.SIGN
DOMAINS = {
    "HCM": "tphcm.gov.vn",
    "TS": "tayson.binhdinh.gov.vn",
    "CT": "cantho.gov.vn",
    "ST": "soctrang.gov.vn",
    "MR": "monre.gov.vn",
}


def sent(
    policy: Policy, login: str, author: str = "", client: str = STRANGER, sender: str = ""
) -> Judged | None:
    envelope = Envelope(sender or login, (CITIZEN,), login=login, client_address=client)
    mail = letter(policy, envelope, ("From", f"Nguyễn Văn Minh <{author or login}>"))
    return found(judge(mail, policy), "address-format")


@pytest.mark.parametrize(
    ("regulation", "local"),
    [
        ("HCM", "nvminh"),
        ("TS", "minh.nv"),
        ("CT", "nv!minh"),
        ("ST", "nvminh_1"),
        ("MR", "nv.minh"),
        ("ST", "vănthư"),
    ],
)
def test_a_form_that_no_pattern_gives_is_marked_and_the_mail_goes_out(regulation: str, local: str) -> None:
    policy = without_directory(regulation)
    me = f"{local}@{DOMAINS[regulation]}"
    seen = sent(policy, me)
    assert seen is not None
    assert (seen.action, seen.mode, seen.finding.certainty) == (Action.ANNOTATE, Mode.ENFORCE, CERTAIN)
    assert (seen.finding.evidence["address"], seen.finding.evidence["kind"]) == (me, "unknown")


@pytest.mark.parametrize(
    ("regulation", "local"),
    [
        ("HCM", "nvminh.stnmt"),
        ("HCM", "postmaster"),
        ("TS", "minhnv"),
        ("TS", "vanxa-tayphu"),
        ("CT", "NVMinh"),
        ("ST", "nvminh+phieu"),
        ("ST", "phongcds.sotttt"),
        ("ST", "nvminh3"),
        ("MR", "phongkt_cucbdkh"),
        ("MR", "abuse"),
    ],
)
def test_the_forms_of_the_texts_pass_and_so_do_role_addresses(regulation: str, local: str) -> None:
    assert sent(without_directory(regulation), f"{local}@{DOMAINS[regulation]}") is None


def test_a_login_without_a_domain_is_looked_at_in_the_official_one() -> None:
    seen = sent(without_directory("ST"), "nv_minh", "nvminh@soctrang.gov.vn", sender="nvminh@soctrang.gov.vn")
    assert seen is not None
    assert seen.finding.evidence["address"] == "nv_minh@soctrang.gov.vn"


def test_every_official_address_of_a_login_is_looked_at() -> None:
    policy = without_directory("ST")
    assert sent(policy, "nvminh@soctrang.gov.vn", "van_thu@soctrang.gov.vn")
    assert sent(policy, "nvminh@soctrang.gov.vn", sender="van_thu@soctrang.gov.vn")
    assert sent(policy, "nvminh@soctrang.gov.vn", "van_thu@example.org") is None


@pytest.mark.parametrize("client", [LOOPBACK, STRANGER])
def test_programs_and_strangers_are_not_looked_at(client: str) -> None:
    sender = "no_reply@soctrang.gov.vn"
    assert sent(without_directory("ST"), "", sender, client, sender) is None


@pytest.mark.parametrize(
    ("kind", "name", "local", "certainty"),
    [
        (Kind.PERSON, "Nguyễn Văn Minh", "nvminh", None),
        (Kind.PERSON, "Nguyễn Văn Minh", "nvminh2", None),
        (Kind.PERSON, "Nguyễn Văn Minh - Sở Nội vụ", "nvminh", None),
        (Kind.PERSON, "Nguyễn Văn Minh", "nvhung", SIGN),
        (Kind.PERSON, "Nguyễn Văn Minh", "phong.minh", CERTAIN),
        (Kind.PERSON, "", "phong.minh", None),  # nothing is known of him
        (Kind.UNIT, "Phòng Chuyển đổi số", "phongcds.sotttt", None),
        (Kind.AGENCY, "Sở Nội vụ", "sonv", None),
        (Kind.UNIT, "Phòng Chuyển đổi số", "phong_cds", CERTAIN),
        (Kind.LIST, "Toàn thể", "toan_the", None),
    ],
)
def test_the_directory_tells_whose_pattern_counts(
    kind: Kind, name: str, local: str, certainty: Certainty | None
) -> None:
    me = f"{local}@soctrang.gov.vn"
    seen = sent(office("ST", [Mailbox(me, kind, name=name)]), me)
    assert (seen.finding.certainty if seen else None) is certainty
    assert seen is None or (seen.mode is Mode.OBSERVE) == (certainty is SIGN)


def test_where_administrators_choose_by_hand_an_odd_form_is_only_a_sign() -> None:
    me = "minh_nguyen@cantho.gov.vn"
    seen = sent(office("CT", [Mailbox(me, name="Nguyễn Văn Minh")]), me)
    assert seen is not None
    assert (seen.finding.certainty, seen.finding.evidence["wrong"]) == (SIGN, "shape")
