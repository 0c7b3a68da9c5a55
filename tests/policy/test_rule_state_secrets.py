# SPDX-License-Identifier: GPL-3.0-or-later
"""Possible marks of state secrets are found where a seal would stand, and nowhere else."""

import unicodedata
from typing import Literal

import pytest

from innocent_secrets import INNOCENT_NAMES, INNOCENT_SUBJECTS, INNOCENT_TEXTS
from letter import STRANGER, letter
from mailpolicy.judge import Policy
from mailpolicy.message import Envelope, Message, Part
from mailpolicy.parameters import StateSecrets
from mailpolicy.regulation import Regulation, load, load_all
from mailpolicy.rules.state_secrets import check
from mailpolicy.secretmarks.seals import marks
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Certainty, Finding

POLICY = Policy.of(for_regulation(load("soctrang")))


DUTY = next(charge.duty for charge in POLICY.charges if charge.duty.code == "state-secrets")
ME, CITIZEN = "canbo1@soctrang.gov.vn", "nguoidan@example.org"
BY_LOGIN = Envelope(ME, (CITIZEN,), login=ME, client_address=STRANGER)
FROM_OUTSIDE = Envelope(CITIZEN, (ME,), client_address=STRANGER)
INSIDE = Envelope(ME, ("canbo2@soctrang.gov.vn",), login=ME, client_address=STRANGER)
HEAD = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nSố: 12/BC-SNV\n"
TAIL = "\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n"


def mail(
    text: str = "",
    *parts: Part,
    subject: str = "Bao cao",
    html: bool = False,
    envelope: Envelope = BY_LOGIN,
    fields: tuple[tuple[str, str], ...] = (),
) -> Message:
    kind = "text/html" if html else "text/plain"
    body = Part("1", kind, sample=text, decoded_size=len(text), charset="utf-8")
    return letter(POLICY, envelope, ("From", ME), ("Subject", subject), *fields, parts=(body, *parts))


def found(message: Message) -> Finding | None:
    return check(message, DUTY, POLICY.context)


def outcome(message: Message) -> tuple[str, ...]:
    """The names of the marks, and in front of them whether they are certain; () for none."""
    if (finding := found(message)) is None:
        return ()
    names = finding.evidence["marks"]
    assert isinstance(names, tuple)
    return (finding.certainty.value, *names)


CERTAIN_TEXTS = {
    "alone": ("TUYỆT MẬT\n\nKế hoạch …", "tuyet-mat"),
    "below other lines": ("UBND TỈNH\nSỞ NỘI VỤ\n\nTỐI MẬT\n\nNội dung", "toi-mat"),
    "framed": ("*** TUYỆT MẬT ***", "tuyet-mat"),
    "in a drawn box": ("┌──────────┐\n│ TỐI MẬT  │\n└──────────┘", "toi-mat"),
    "letter-spaced": ("T U Y Ệ T  M Ậ T", "tuyet-mat"),
    "in a cell": ("Số: 12/KH-UBND\t\tTUYỆT MẬT", "tuyet-mat"),
    "beside the address": ("UBND TỈNH SÓC TRĂNG          TỐI MẬT", "toi-mat"),
    "in a document": (f"{HEAD}\nMẬT\n\nBÁO CÁO{TAIL}", "mat"),
    "in the Party's document": ("ĐẢNG CỘNG SẢN VIỆT NAM\n\n[MẬT]\n\nBáo cáo", "mat"),
    "numbered as secret": ("Số: 15/BC-CAT(M)\n\nMẬT\n\nKính gửi", "mat"),
    "with its term": (f"{HEAD}\nTHỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC: 20 năm{TAIL}", "thoi-han-bao-ve"),
    "with a stamp that goes with it": ("MẬT\n\nKế hoạch\n\nTÀI LIỆU THU HỒI", "mat", "tai-lieu-thu-hoi"),
    "as a form's field": (f"{HEAD}Độ mật: Tối mật{TAIL}", "do-mat"),
    "a copy": (f"{HEAD}BẢN SAO BÍ MẬT NHÀ NƯỚC{TAIL}", "ban-sao"),
    "for the addressee only": (f"{HEAD}CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ{TAIL}", "chi-nguoi-co-ten"),
    "without its marks": ("TUYET MAT\n\nKe hoach", "tuyet-mat"),
    "in TCVN3": ("Sè: 12\n\nTUYÖT MËT\n\nKÕ ho¹ch", "tuyet-mat"),
    "in VNI": ("TUYEÄT MAÄT\n\nKeá hoaïch", "tuyet-mat"),
    "in VNI, second": ("TOÁI MAÄT\n\nKeá hoaïch", "toi-mat"),
    "with invisible characters": ("TUYỆT\u200b M\u00adẬT", "tuyet-mat"),
}


@pytest.mark.parametrize("where", CERTAIN_TEXTS)
@pytest.mark.parametrize("envelope", [BY_LOGIN, FROM_OUTSIDE, INSIDE])
def test_a_standing_mark_is_found_whichever_way_it_goes(envelope: Envelope, where: str) -> None:
    text, *names = CERTAIN_TEXTS[where]
    assert outcome(mail(text, envelope=envelope)) == ("certain", *names)
    assert outcome(mail(text.replace("\n", "\r\n"), envelope=envelope)) == ("certain", *names)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("spelled", ["MẬT", "M\u00c2\u0323T", "M\u1ea0\u0302T", "MA\u0302\u0323T"])
def test_all_spellings_of_unicode_are_one(spelled: str, form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "TUYỆT ") + spelled
    assert outcome(mail(text)) == ("certain", "tuyet-mat")


@pytest.mark.parametrize(
    "page",
    [
        "<p><b>TUYỆT MẬT</b></p><p>Kế hoạch</p>",
        "<table><tr><td>UBND</td><td style='color:red'>TUYỆT<br> </td><td>TUYỆT&nbsp;MẬT</td></tr></table>",
        "<div>TUYỆT M&#7852;T</div>",
        "<div>TUY&#x1EC6;T M&#x1EAC;T</div>",
        "<div>TUYỆT <span>M</span>ẬT</div>Kế hoạch",
        '<p style="font-family:.VnTimeH">tuyÖt mËt</p>',
    ],
)
def test_a_mark_is_found_as_a_page_shows_it(page: str) -> None:
    assert outcome(mail(f"<html><body>{page}</body></html>", html=True)) == ("certain", "tuyet-mat")


def test_what_a_page_does_not_show_is_not_looked_at() -> None:
    assert outcome(mail("<style>\nTUYỆT MẬT\n</style><p>Xin chào</p>", html=True)) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MẬT\n\nBáo cáo", ("mat",)),
        ("TUYỆT MẬT\nTỐI MẬT\nMẬT", ("tuyet-mat", "toi-mat", "mat")),
        ("THỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC", ("thoi-han-bao-ve",)),
        ("TÀI LIỆU THU HỒI\n\nHội nghị quý I", ("tai-lieu-thu-hoi",)),
        (f"{HEAD}TÀI LIỆU THU HỒI{TAIL}", ("tai-lieu-thu-hoi",)),
        ("Độ mật: Tối mật", ("do-mat",)),
        ("CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ", ("chi-nguoi-co-ten",)),
    ],
)
def test_what_may_be_something_else_is_only_a_sign(text: str, names: tuple[str, ...]) -> None:
    assert outcome(mail(text)) == ("sign", *names)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("TUYỆT MẬT", ("certain", "tuyet-mat")),
        ("[MẬT] Kế hoạch bảo vệ", ("certain", "mat")),
        ("Fwd: TỐI MẬT: kế hoạch", ("certain", "toi-mat")),
        ("Kế hoạch số 12 (MẬT)", ("certain", "mat")),
        ("Ke hoach - TUYET MAT", ("certain", "tuyet-mat")),
        ("TUYÖT MËT", ("certain", "tuyet-mat")),
        ("MẬT - Kế hoạch", ("sign", "mat")),
        ("Kế hoạch số 12 (Mật)", ("sign", "mat")),
        ("Tuyệt mật: đọc xong xóa", ("sign", "tuyet-mat")),
        ("Mẫu dấu [MẬT] [TỐI MẬT] [TUYỆT MẬT]", ("sign", "mat", "toi-mat", "tuyet-mat")),
    ],
)
def test_a_subject_is_searched_at_its_stops_and_brackets(subject: str, expected: tuple[str, ...]) -> None:
    assert outcome(mail(subject=subject)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TUYỆT MẬT - ke hoach.docx", ("certain", "tuyet-mat")),
        ("TUYET_MAT_kehoach.pdf", ("certain", "tuyet-mat")),
        ("TUYET-MAT.pdf", ("certain", "tuyet-mat")),
        ("[MẬT] bao cao.pdf", ("certain", "mat")),
        ("Bao cao (TỐI MẬT).pdf", ("certain", "toi-mat")),
        ("tuyet-mat-ke-hoach.pdf", ("sign", "tuyet-mat")),
        ("Tối mật ke hoach.pdf", ("sign", "toi-mat")),
        ("MẬT_kehoach.pdf", ("sign", "mat")),
        ("CV 12 (Mật).pdf", ("sign", "mat")),
    ],
)
def test_a_files_name_is_searched_too(name: str, expected: tuple[str, ...]) -> None:
    file = Part("2", "application/pdf", filenames=(name,), attachment=True, decoded_size=5)
    assert outcome(mail("Xin chào", file)) == expected


@pytest.mark.parametrize("text", INNOCENT_TEXTS)
def test_an_innocent_text_is_innocent(text: str) -> None:
    for spelled in (text, unicodedata.normalize("NFD", text)):
        assert outcome(mail(spelled)) == ()
        assert outcome(mail(HEAD + spelled + TAIL)) == ()
    page = "".join(f"<p>{line}</p>" for line in text.splitlines())
    assert outcome(mail(page, html=True)) == ()


@pytest.mark.parametrize(
    "subject", [*INNOCENT_SUBJECTS, *(text for text in INNOCENT_TEXTS if "\n" not in text)]
)
def test_an_innocent_subject_is_innocent(subject: str) -> None:
    assert outcome(mail(subject=subject)) == ()


@pytest.mark.parametrize("name", INNOCENT_NAMES)
def test_an_innocent_files_name_is_innocent(name: str) -> None:
    assert outcome(mail("Xin chào", Part("2", "application/pdf", filenames=(name,), decoded_size=5))) == ()


def test_the_innocent_are_many() -> None:
    assert len({*INNOCENT_TEXTS, *INNOCENT_SUBJECTS, *INNOCENT_NAMES}) >= 100


@pytest.mark.parametrize("field", ["List-Unsubscribe", "List-Id"])
def test_an_outsiders_headline_in_bulk_mail_is_only_a_sign(field: str) -> None:
    listed = ((field, "<https://example.org>"),)
    assert outcome(mail("TUYỆT MẬT", envelope=FROM_OUTSIDE, fields=listed))[0] == "sign"
    assert outcome(mail("TUYỆT MẬT", fields=listed))[0] == "certain"


def test_a_finding_tells_what_could_not_be_read() -> None:
    parts = (
        Part("2", "application/pdf", attachment=True, decoded_size=9),
        Part("3", "text/csv", sample="a", sample_cut=True, decoded_size=99),
        Part("4", "application/pkcs7-signature", attachment=True, decoded_size=9),
        Part("5", "application/zip", attachment=True, decoded_size=9),
        Part("6", "text/plain", sample="b", decoded_size=1),
        Part("7", "multipart/mixed", container=True, decoded_size=9),
    )
    finding = found(mail("TUYỆT MẬT", *parts))
    assert finding is not None
    assert finding.evidence["not_read"] == ("2 application/pdf", "3 text/csv, cut", "5 application/zip")
    assert finding.evidence["read_characters"] == len("TUYỆT MẬT") + 2


def test_a_finding_names_every_place_and_quotes_none() -> None:
    file = Part("2.1", "application/pdf", filenames=("TUYỆT MẬT danh-sach-diep-vien.pdf",), decoded_size=5)
    finding = found(mail("TUYỆT MẬT\nchi tiết kín", file, subject="[MẬT] chủ đề kín"))
    assert finding is not None
    assert finding.evidence["places"] == ("Subject", "part 1", "file name of part 2.1")
    told = repr(finding)
    assert not any(word in told for word in ("kín", "chi tiết", "chủ đề", "danh-sach", "diep-vien"))
    assert "possible mark" in finding.detail


def test_the_law_that_is_cited_is_a_parameter() -> None:
    assert isinstance(DUTY.parameters, StateSecrets)
    finding = found(mail("TUYỆT MẬT"))
    assert finding is not None and finding.evidence["law"] == "117/2025/QH15, 63/2026/NĐ-CP"


def test_every_level_of_the_law_is_there_once() -> None:
    levels = [mark.name for mark in set(marks().seals.values()) if mark.level]
    assert sorted(levels) == ["mat", "toi-mat", "tuyet-mat"]


def test_mail_without_a_subject_or_parts_is_innocent() -> None:
    assert found(letter(POLICY, BY_LOGIN)) is None


def test_a_certainty_is_never_lost_between_places() -> None:
    finding = found(mail("MẬT", subject="TUYỆT MẬT"))
    assert finding is not None and finding.certainty is Certainty.CERTAIN


@pytest.mark.parametrize("regulation", load_all(), ids=lambda one: one.short)
def test_the_regulations_themselves_may_be_sent(regulation: Regulation) -> None:
    sentences = [text for duty in regulation.duties for text in (duty.sentence, duty.sentence.upper())]
    assert any("mật" in text for text in sentences)
    assert outcome(mail(HEAD + "\n".join(sentences) + TAIL)) == ()
    assert all(outcome(mail(subject=text)) == () for text in sentences)


def test_a_seal_stands_on_the_first_page() -> None:
    assert outcome(mail("Dòng\n" * 499 + "TUYỆT MẬT")) == ("certain", "tuyet-mat")
    assert outcome(mail("Dòng\n" * 500 + "TUYỆT MẬT")) == ()
