# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request to the provisioning desk must look like, and what mail to the desk is no request."""

from dataclasses import replace

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import found, office, without_directory
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope, Part
from mailpolicy.signature import NO_SECOND_LOOK, Signature, Signatures, Signed, Soundness
from mailpolicy.verdict import Action, Certainty, Judged, Mode

DESK = "sottt@cantho.gov.vn"
AGENCY, UNIT, PERSON = "sonv@cantho.gov.vn", "vanphong.sonv@cantho.gov.vn", "nvminh@cantho.gov.vn"
HCM_DESK, HCM_UNIT, HCM_PERSON = (
    f"{name}@tphcm.gov.vn" for name in ("stnmt", "phongdat.stnmt", "nvminh.stnmt")
)
CT = office(
    "CT",
    [Mailbox(DESK, Kind.AGENCY), Mailbox(AGENCY, Kind.AGENCY), Mailbox(UNIT, Kind.UNIT), Mailbox(PERSON)],
)
HCM = office("HCM", [Mailbox(HCM_DESK, Kind.AGENCY), Mailbox(HCM_UNIT, Kind.UNIT), Mailbox(HCM_PERSON)])
UNSOUND = [one for one in Soundness if one not in (Soundness.VALID, Soundness.PRESENT)]
CITIZEN, PRIVATE = "congdan@example.org", "nvminh@gmail.com"
TEXT = Part("1", "text/plain", sample="Đề nghị cấp mới hộp thư theo danh sách.")
ASKS = ("Subject", "V/v cấp mới hộp thư điện tử")
LIST = Part("2", "application/pdf", filenames=("danhsach.pdf",), attachment=True)
SMIME = (
    Part("TEXT", "multipart/signed", container=True),
    Part("1", "multipart/mixed", container=True),
    replace(TEXT, path="1.1"),
    Part("1.2", "application/pdf", attachment=True),
    Part("2", "application/pkcs7-signature"),
)


def document(soundness: Soundness) -> Signatures:
    return Signatures((Signature(Signed.DOCUMENT, soundness, "Sở Nội vụ"),), looked=True)


SIGNED = document(Soundness.PRESENT)


def sent(
    sender: str = AGENCY,
    *,
    to: tuple[str, ...] = (DESK,),
    author: str | None = None,
    login: str | None = None,
    client: str = STRANGER,
    parts: tuple[Part, ...] = (TEXT, LIST),
    signatures: Signatures = SIGNED,
    fields: tuple[tuple[str, str], ...] = (),
    policy: Policy = CT,
) -> Judged | None:
    envelope = Envelope(sender, to, login=sender if login is None else login, client_address=client)
    mail = letter(policy, envelope, ("From", sender if author is None else author), *fields, parts=parts)
    return found(judge(replace(mail, signatures=signatures), policy), "provisioning-desk")


def refused(one: Judged | None) -> bool:
    return one is not None and (one.mode, one.action) == (Mode.ENFORCE, Action.REJECT)


def certainty(one: Judged | None) -> Certainty:
    assert one is not None
    return one.finding.certainty


def test_a_request_as_the_article_wants_it_passes() -> None:
    assert sent() is None
    assert sent(AGENCY.upper(), to=(PERSON, DESK.upper())) is None
    assert sent(client=LOOPBACK, login="") is None


@pytest.mark.parametrize("sender", [UNIT, PERSON, "khongco@cantho.gov.vn"])
def test_only_an_agencys_mailbox_may_ask_in_can_tho(sender: str) -> None:
    one = sent(sender)
    assert refused(one)
    assert one is not None
    assert (one.finding.article, one.finding.evidence["about"]) == ("6.1", sender)


@pytest.mark.parametrize(("sender", "passes"), [(HCM_UNIT, True), (HCM_DESK, True), (HCM_PERSON, False)])
def test_a_units_mailbox_may_ask_at_the_land_office_and_needs_no_signature(sender: str, passes: bool) -> None:
    one = sent(sender, to=(HCM_DESK,), policy=HCM, signatures=NO_SECOND_LOOK)
    assert refused(one) is not passes


@pytest.mark.parametrize("sender", [PRIVATE, CITIZEN])
@pytest.mark.parametrize("policy", [CT, without_directory("CT")], ids=["directory", "none"])
def test_mail_from_outside_is_refused_with_or_without_a_directory(policy: Policy, sender: str) -> None:
    assert refused(sent(sender, login="", policy=policy))


def test_both_senders_must_be_the_agencys() -> None:
    assert refused(sent(AGENCY, author=PERSON))
    assert refused(sent(PERSON, author=AGENCY))
    assert refused(sent(AGENCY, author=f"{AGENCY}, {PRIVATE}"))


def test_an_official_address_without_a_login_is_refused() -> None:
    assert refused(sent(login=""))


def test_without_a_directory_an_official_sender_is_a_sign_only() -> None:
    one = sent(PERSON, policy=without_directory("CT"))
    assert one is not None
    assert (certainty(one), one.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert refused(sent(PERSON, policy=without_directory("CT"), parts=(TEXT,)))


def test_a_request_without_a_list_is_refused() -> None:
    assert refused(sent(parts=(TEXT,)))
    assert refused(sent(HCM_UNIT, to=(HCM_DESK,), policy=HCM, parts=(TEXT,)))


@pytest.mark.parametrize("soundness", [Soundness.VALID, Soundness.PRESENT])
def test_a_signed_document_or_a_signed_mail_is_enough(soundness: Soundness) -> None:
    assert sent(signatures=document(soundness)) is None
    mail = Signatures((Signature(Signed.MAIL, soundness),), looked=True)
    assert sent(signatures=mail) is None
    assert sent(parts=SMIME, signatures=NO_SECOND_LOOK) is None


@pytest.mark.parametrize("looked", [True, False])
def test_an_unsigned_request_is_refused(looked: bool) -> None:
    assert refused(sent(signatures=Signatures(looked=looked)))


@pytest.mark.parametrize(
    "soundness",
    [
        Soundness.TAMPERED,
        Soundness.EXPIRED,
        Soundness.UNTRUSTED,
        Soundness.WRONG_SIGNER,
        Soundness.UNREADABLE,
    ],
)
def test_a_signature_that_does_not_hold_is_refused(soundness: Soundness) -> None:
    one = sent(signatures=document(soundness))
    assert refused(one)
    assert one is not None
    assert soundness.value in one.finding.detail


def test_one_signature_that_holds_is_enough() -> None:
    both = Signatures(
        (Signature(Signed.MAIL, Soundness.WRONG_SIGNER), Signature(Signed.DOCUMENT, Soundness.VALID)),
        looked=True,
    )
    assert sent(signatures=both) is None


def test_what_could_not_be_inspected_is_undecided() -> None:
    one = sent(signatures=Signatures(looked=True, uninspected="too large"))
    assert one is not None
    assert (certainty(one), one.action) == (Certainty.UNDECIDED, Action.TEMPFAIL)


def test_an_encrypted_request_is_a_sign() -> None:
    sealed = (Part("1", "application/pkcs7-mime", filenames=("smime.p7m",), attachment=True),)
    kind = ("Content-Type", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    assert (
        certainty(sent(parts=sealed, fields=(kind, ASKS), signatures=Signatures(looked=True)))
        is Certainty.SIGN
    )


def test_the_talk_about_a_request_needs_neither_list_nor_signature() -> None:
    reply = (("In-Reply-To", "<1@cantho.gov.vn>"),)
    assert sent(parts=(TEXT,), signatures=Signatures(looked=True), fields=reply) is None
    assert refused(sent(PERSON, parts=(TEXT,), fields=reply))
    assert refused(sent(PRIVATE, login="", parts=(TEXT,), fields=reply))


def test_bounces_automatic_mail_and_the_desks_own_are_no_requests() -> None:
    assert sent("", login="", author="MAILER-DAEMON@mx.example.org", parts=(TEXT,)) is None
    assert sent(CITIZEN, login="", fields=(("Auto-Submitted", "auto-replied"),)) is None
    assert refused(sent(CITIZEN, login="", fields=(("Auto-Submitted", "no"),)))
    assert sent(DESK, to=(DESK,), parts=(TEXT,)) is None
    assert refused(sent(DESK, login="", parts=(TEXT,)))


def test_mail_to_others_is_not_asked() -> None:
    assert sent(PRIVATE, login="", to=(PERSON,)) is None
    assert sent(PERSON, to=(CITIZEN,), parts=(TEXT,)) is None


@pytest.mark.parametrize("short", ["TS", "ST", "MR"])
def test_where_requests_are_made_in_writing_no_mailbox_is_a_desk(short: str) -> None:
    policy = without_directory(short)
    domain = next(iter(policy.context.domains))
    envelope = Envelope(PRIVATE, (f"sottt@{domain}",), client_address=STRANGER)
    assert found(judge(letter(policy, envelope, ("From", PRIVATE)), policy), "provisioning-desk") is None


def words(text: str, subject: str = "Công văn", file: str = "") -> Judged | None:
    """What a citizen gets for such a mail to the desk."""
    parts = (
        replace(TEXT, sample=text),
        Part("2", "application/pdf", filenames=(file,), attachment=bool(file)),
    )
    return sent(CITIZEN, login="", parts=parts, fields=(("Subject", subject),))


@pytest.mark.parametrize(
    "text",
    [
        "Đề nghị Sở cấp mới, thay đổi, hủy bỏ hộp thư điện tử theo danh sách kèm theo.",
        "Kính mong Sở tạo giúp 3 tài khoản thư điện tử công vụ cho cán bộ mới.",
        "De nghi cap lai mat khau hop thu cho can bo theo danh sach.",
        "Please create mailboxes for our new staff.",
    ],
)
def test_a_request_is_known_by_its_words(text: str) -> None:
    one = words(text)
    assert refused(one)
    assert one is not None
    assert one.finding.evidence["asked_in"] == "text"


def test_a_request_is_known_by_its_subject_or_its_list_alone() -> None:
    assert refused(words("Kính gửi", subject="V/v thu hồi hộp thư của cán bộ nghỉ hưu"))
    assert refused(words("Kính gửi", file="Danh sách hộp thư.xlsx"))
    assert refused(words("Kính gửi", file="danh-sach-hop-thu.xlsx"))


@pytest.mark.parametrize(
    "text",
    [
        "Tôi gửi thư điện tử này đề nghị Sở thay đổi cách tính tiền sử dụng đất.",
        "Đề nghị gửi kết quả vào hộp thư congdan@example.org của tôi.",
        "Tôi xin cung cấp hộp thư để nhận kết quả.",
        "Tôi xin đăng ký cấp lại mật khẩu dịch vụ công.",
        "Đề nghị Sở lập thêm hộp thư góp ý tại bộ phận một cửa.",
        "De nghi lap danh sach du hop thu hai tuan nay.",
        "We opened an office. Please answer to my mailbox.",
        "> Đề nghị cấp mới hộp thư",
        "",
    ],
)
def test_what_asks_for_no_mailbox_is_the_departments_ordinary_mail(text: str) -> None:
    assert words(text, file="don-de-nghi.pdf") is None


@pytest.mark.parametrize("sender", [PERSON, UNIT])
def test_colleagues_write_to_the_department_too(sender: str) -> None:
    assert sent(sender, parts=(replace(TEXT, sample="Kính gửi Sở báo cáo tháng 11."),)) is None
