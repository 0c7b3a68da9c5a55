# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail by which a social network, a shop or a forum confirms that an official mailbox was registered."""

import re
from dataclasses import replace

import pytest

from letter import LOOPBACK, STRANGER, letter
from mailpolicy.judge import Policy, judge
from mailpolicy.lists.registration import shipped
from mailpolicy.message import Envelope, Message, Proof
from mailpolicy.regulation import load
from mailpolicy.rules.online_registration import check
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action, Finding

POLICY = Policy.of(for_regulation(load("soctrang")))
DUTY = next(charge.duty for charge in POLICY.charges if charge.duty.code == "online-registration")
ME = "canbo1@soctrang.gov.vn"


def mail(
    subject: str,
    author: str = "security@facebookmail.com",
    sender: str = "",
    *,
    to: tuple[str, ...] = (ME,),
    login: str = "",
    client: str = STRANGER,
) -> Message:
    address = author.rpartition("<")[2].rstrip(">")
    envelope = Envelope(sender or address, to, login=login, client_address=client)
    return letter(POLICY, envelope, ("From", author), ("Subject", subject))


def found(message: Message) -> Finding | None:
    return check(message, DUTY, POLICY.context)


REGISTERED = [
    ("Facebook <registration@facebookmail.com>", "Welcome to Facebook"),
    ("Facebook <registration@facebookmail.com>", "12345 is your Facebook confirmation code"),
    ("LinkedIn <messages-noreply@linkedin.com>", "Canbo1, confirm your email address"),
    ("X <info@x.com>", "Confirm your X account, Can Bo"),
    ("TikTok <register@account.tiktok.com>", "Welcome to TikTok!"),
    ("Shopee <info@mail.shopee.vn>", "Chào mừng bạn đến với Shopee"),
    ("Shopee <info@mail.shopee.vn>", "XÁC MINH ĐỊA CHỈ EMAIL"),
    ("Lazada <noreply@support.lazada.vn>", "Đăng ký thành công"),
    ("Tiki <noreply@tiki.vn>", "[Tiki] Kích hoạt tài khoản"),
    ("Chợ Tốt <noreply@chotot.com>", "Xác nhận email của bạn"),
    ("Tinh tế <noreply@tinhte.vn>", "Chào mừng bạn đến với Tinh tế!"),
    ("voz <no-reply@voz.vn>", "Hoàn tất đăng ký"),
    ("Amazon <account-update@amazon.com>", "Verify your email"),
    ("Zalo <no-reply@zalo.me>", "=?utf-8?B?WMOhYyBuaOG6rW4gdMOgaSBraG/huqNu?="),
]


@pytest.mark.parametrize(("author", "subject"), REGISTERED)
def test_a_confirmation_to_an_official_mailbox_is_found(author: str, subject: str) -> None:
    finding = found(mail(subject, author))
    assert finding is not None and finding.certainty.value == "certain"
    assert finding.evidence["mailboxes"] == (ME,)
    assert finding.evidence["kind"] in ("social", "shop", "forum")


@pytest.mark.parametrize(
    ("author", "subject"),
    [
        ("Shopee <news@mail.shopee.vn>", "Siêu sale 9.9: giảm 50%"),
        ("Shopee <news@mail.shopee.vn>", "Chào mừng bạn đến với Shopee Siêu Sale"),
        ("Amazon <deals@amazon.com>", "Welcome to Amazon Prime Day"),
        ("Facebook <notification@facebookmail.com>", "Bạn có 3 thông báo mới"),
        ("LinkedIn <jobs@linkedin.com>", "10 việc làm mới cho bạn"),
        ("LinkedIn <invitations@linkedin.com>", "Can Bo has invited you to connect"),
        ("Tiki <news@tiki.vn>", "Đơn hàng của bạn đang được giao"),
        ("Facebook <security@facebookmail.com>", ""),
    ],
)
def test_a_services_other_mail_is_not(author: str, subject: str) -> None:
    assert found(mail(subject, author)) is None


@pytest.mark.parametrize(
    "author",
    [
        "nguoidan@example.org",
        "Facebook <nguoidan@example.org>",
        "security@facebookmail.com.example.org",
        "security@notfacebookmail.com",
        "so-noi-vu@hcm.gov.vn",
        "no-reply@zoom.us",
        "dichvucong@dichvucong.gov.vn",
        "a@facebookmail.com, b@example.org",
        "facebookmail.com",
        "",
    ],
)
@pytest.mark.parametrize("subject", ["Welcome to Facebook", "Xác nhận email", "Đăng ký thành công"])
def test_nobody_else_is_a_listed_service(author: str, subject: str) -> None:
    assert found(mail(subject, author, "x@example.org")) is None


@pytest.mark.parametrize(
    "subject", ["482913 is your verification code", "Mã xác minh của bạn", "Đặt lại mật khẩu"]
)
def test_a_code_shows_an_account_and_is_only_a_sign(subject: str) -> None:
    finding = found(mail(subject))
    assert finding is not None and finding.certainty.value == "sign"


def test_mail_in_a_services_name_from_somewhere_else_is_only_a_sign() -> None:
    forged = mail("Welcome to Facebook", sender="bounce@example.org")
    finding = found(forged)
    assert finding is not None and finding.certainty.value == "sign"
    proved = found(replace(forged, proof=Proof(frozenset({"facebookmail.com"}))))
    assert proved is not None and proved.certainty.value == "certain"
    other = found(replace(forged, proof=Proof(frozenset({"linkedin.com"}))))
    assert other is not None and other.certainty.value == "sign"


def test_a_services_other_domain_bears_it_out() -> None:
    finding = found(mail("Confirm your X account", "X <info@x.com>", "n0@bounce.twitter.com"))
    assert finding is not None and finding.certainty.value == "certain"


def test_only_mail_from_outside_is_looked_at() -> None:
    assert found(mail("Welcome to Facebook", login=ME)) is None
    assert found(mail("Welcome to Facebook", client=LOOPBACK)) is None


def test_only_official_mailboxes_are_named() -> None:
    both = found(mail("Welcome to Facebook", to=("ai-do@example.org", ME)))
    assert both is not None and both.evidence["mailboxes"] == (ME,)
    assert found(mail("Welcome to Facebook", to=("ai-do@example.org",))) is None


def test_the_mail_is_marked_and_delivered() -> None:
    verdict = judge(mail("Welcome to Facebook"), POLICY)
    assert verdict.action is Action.ANNOTATE


def test_the_data_file_is_clean() -> None:
    data = shipped()
    assert all(re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", domain) for domain in data.services)
    assert {service.kind for service in data.services.values()} == {"social", "shop", "forum"}
    phrases = (*data.registered, *data.account, *(service.name for service in data.services.values()))
    assert all(phrase == phrase.casefold().strip() for phrase in phrases)
    assert not any(domain.endswith("gov.vn") for domain in data.services)
