# SPDX-License-Identifier: GPL-3.0-or-later
"""Vietnamese text must be in Unicode when the office writes it."""

from dataclasses import replace

import pytest

from letter import LOOPBACK, STRANGER, letter
from mailpolicy.headertext import UNKNOWN_8BIT
from mailpolicy.judge import Policy
from mailpolicy.message import Envelope, Message, Part
from mailpolicy.regulation import load
from mailpolicy.rules.unicode import check
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Certainty, Finding

POLICY = Policy.of(for_regulation(load("soctrang")))
DUTY = next(charge.duty for charge in POLICY.charges if charge.duty.code == "unicode")
ME, COLLEAGUE = "canbo1@soctrang.gov.vn", "canbo2@soctrang.gov.vn"
CITIZEN = "nguoidan@example.org"
TCVN3 = (
    "Céng hßa x· héi chñ nghÜa ViÖt Nam. §éc lËp - Tù do - H¹nh phóc. KÝnh göi c¸c ®¬n vÞ b¸o c¸o tr\xadíc."
)
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. Ñoäc laäp - Töï do - Haïnh phuùc. Kính göûi caùc ñôn vò."
VISCII = (
    "Cµng hòa xã hµi chü nghîa Vi®t Nam. Ðµc l§p - Tñ do - HÕnh phúc. Kính gØi các ð½n v¸ ð« ngh¸ báo cáo."
)
UNICODE = "Kính gửi các đơn vị: đề nghị báo cáo trước ngày 5 tháng này. Trân trọng cảm ơn!"
FRENCH = (
    "Où êtes-vous allé cet été ? Très bien, à Noël, naïve, où dû, goût, forêt, père, garçon, élève, déjà ñ."
)
FROM_OUTSIDE = Envelope(CITIZEN, (ME,), client_address=STRANGER)
BY_LOGIN = Envelope(ME, (COLLEAGUE,), login=ME, client_address=STRANGER)
BY_PROGRAM = Envelope(ME, (COLLEAGUE,), client_address=LOOPBACK)


def text(sample: str, charset: str = "utf-8", *, path: str = "1", attachment: bool = False) -> Part:
    return Part(path, "text/plain", sample=sample, charset=charset, attachment=attachment)


def page(body: str, charset: str = "utf-8") -> Part:
    return Part("1", "text/html", sample=f"<html><body>{body}</body></html>", charset=charset)


def found(*parts: Part, subject: str = "Bao cao", envelope: Envelope = BY_LOGIN) -> Finding | None:
    return check(mail(*parts, subject=subject, envelope=envelope), DUTY, POLICY.context)


def mail(*parts: Part, subject: str = "Bao cao", envelope: Envelope = BY_LOGIN) -> Message:
    return letter(POLICY, envelope, ("From", ME), ("Subject", subject), parts=parts)


def certain(finding: Finding | None) -> bool | None:
    """Whether it is certain; None if there is none."""
    return None if finding is None else finding.certainty is Certainty.CERTAIN


@pytest.mark.parametrize("envelope", [BY_LOGIN, BY_PROGRAM])
@pytest.mark.parametrize("sample", [TCVN3, VNI, VISCII])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", UNKNOWN_8BIT])
def test_words_of_an_old_encoding_are_found_whatever_the_charset_claims(
    charset: str, sample: str, envelope: Envelope
) -> None:
    assert certain(found(text(sample, charset), envelope=envelope)) is True


@pytest.mark.parametrize("charset", ["windows-1258", "viscii", "tcvn-5712", "x-viet-vni"])
def test_a_charset_that_is_not_unicode_is_found(charset: str) -> None:
    finding = found(text(UNICODE, charset))
    assert finding is not None and finding.evidence["encoding"] == charset
    assert certain(finding) is True
    assert found(text("Only ASCII in it", charset)) is None


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "gb18030", "utf-7"])
@pytest.mark.parametrize("sample", [UNICODE, "Kính gửi các đơn vị", "Ðộc lập", "€ 5"])
def test_unicode_is_not_found_composed_or_not(charset: str, sample: str) -> None:
    assert found(text(sample, charset)) is None


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "us-ascii"])
def test_western_languages_are_innocent_in_their_charsets(charset: str) -> None:
    assert found(text(FRENCH * 3, charset)) is None
    assert found(text("Dear colleagues, 5 µm, Windows® ±1 °C", charset)) is None


def test_what_a_citizen_writes_is_only_a_sign() -> None:
    assert certain(found(text(TCVN3), envelope=FROM_OUTSIDE)) is False
    assert certain(found(text(UNICODE, "windows-1258"), envelope=FROM_OUTSIDE)) is False
    assert found(text(UNICODE), envelope=FROM_OUTSIDE) is None


def test_a_program_that_passes_on_a_citizens_letter_is_not_its_writer() -> None:
    copy = replace(BY_PROGRAM, sender=CITIZEN)
    assert certain(found(text(TCVN3), envelope=copy)) is False


@pytest.mark.parametrize(
    "quote",
    [
        "\n".join("> " + line for line in TCVN3.split(". ")),
        f"-----Original Message-----\n{TCVN3}",
        f"---------- Forwarded message ---------\nFrom: x\n\n{TCVN3}",
        f"-------- Thư gốc --------\n{TCVN3}",
    ],
)
def test_a_letter_that_is_quoted_is_only_a_sign(quote: str) -> None:
    assert certain(found(text(f"{UNICODE}\n\n{quote}"))) is False
    assert certain(found(text(f"{TCVN3}\n\n{quote}"))) is True


@pytest.mark.parametrize(
    "quote",
    [
        f'<div class="gmail_quote"><p>{TCVN3}</p></div>',
        f'<blockquote type="cite">{TCVN3}</blockquote>',
        f'<div id="divRplyFwdMsg"></div><p>{TCVN3}</p>',
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>{TCVN3}</p></div>',
        f"<p><b>From:</b> a</p><p><b>Sent:</b> thu hai</p><p>{TCVN3}</p>",
        f"<p>Từ: a</p><p>Đã gửi: thứ hai</p><p>{TCVN3}</p>",
    ],
)
def test_a_letter_that_a_page_quotes_is_only_a_sign(quote: str) -> None:
    assert certain(found(page(f"<p>{UNICODE}</p>{quote}"))) is False
    assert certain(found(page(f"<p>Ok</p>{quote}"))) is False
    assert certain(found(page(f"<p>{TCVN3}</p>{quote}"))) is True


@pytest.mark.parametrize("subject", ["B¸o c¸o th¸ng 5 cña ®¬n vÞ", "=?windows-1258?Q?B=E1o_c=E1o?="])
def test_a_subject_that_is_answered_is_only_a_sign(subject: str) -> None:
    assert certain(found(subject=f"Re: {subject}")) is False
    answer = letter(POLICY, BY_LOGIN, ("From", ME), ("Subject", subject), ("In-Reply-To", "<1@example.org>"))
    assert certain(check(answer, DUTY, POLICY.context)) is False


def test_more_unicode_than_old_words_is_only_a_sign() -> None:
    assert certain(found(text(f"{UNICODE * 3} {TCVN3[:60]}"))) is False


def test_an_attached_text_is_only_a_sign() -> None:
    assert certain(found(text(UNICODE), text(TCVN3, path="2", attachment=True))) is False
    assert certain(found(text(TCVN3, path="2", attachment=True), text(TCVN3))) is True


def test_with_its_font_a_few_words_are_enough() -> None:
    few = "§Ò nghÞ b¸o c¸o"
    assert certain(found(page(f'<p style="font-family:.VnTime">{few}</p>'))) is True
    assert certain(found(page(f"<p>{few}</p>"))) is False


@pytest.mark.parametrize("font", [".VnTime", ".VnArialH", "VNI-Times"])
def test_a_font_name_alone_condemns_no_unicode(font: str) -> None:
    assert found(page(f'<p>{UNICODE}</p><p><font face="{font}">Văn phòng ® µm</font></p>')) is None


def test_letters_written_as_entities_are_read() -> None:
    spelled = "".join(f"&#{ord(char)};" if ord(char) > 127 else char for char in TCVN3)
    assert certain(found(page(spelled, "us-ascii"))) is True
    honest = "".join(f"&#{ord(char)};" if ord(char) > 127 else char for char in UNICODE)
    assert found(page(honest, "us-ascii")) is None


def test_what_is_in_a_tag_or_a_style_is_not_read() -> None:
    assert found(page(f'<style>/* {TCVN3} */</style><a title="{TCVN3}">Xem</a>')) is None


@pytest.mark.parametrize(
    "subject",
    [
        "B¸o c¸o th¸ng 5 cña ®¬n vÞ",
        "=?windows-1258?Q?B=E1o_c=E1o?=",
        "=?x-viet-tcvn5712?B?" + "QrhvIGO4bw==" + "?=",
        "=?utf-8?B?QsK4byBjwrhvIHRow6FuZyDCrsOq?= =?utf-8?Q?_c=C3=B1a_=C2=AE=C2=ACn_v=C3=9E?=",
    ],
)
def test_a_subject_that_is_not_unicode_is_found(subject: str) -> None:
    finding = found(subject=subject)
    assert finding is not None and finding.evidence["where"] == "Subject"
    assert certain(finding) is True


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Báo cáo tháng 5",
        "=?utf-8?B?QsOhbyBjw6Fv?=",
        "Réunion à Noël",
        "=?windows-1258?Q?Report?=",
        "® µm",
    ],
)
def test_an_ordinary_subject_is_not(subject: str) -> None:
    assert found(subject=subject) is None


def test_eight_bit_text_that_nobody_declares_is_a_sign() -> None:
    finding = found(text("ÄãºÃ£¬ÎÒÃÇ", UNKNOWN_8BIT))
    assert finding is not None and finding.evidence["reason"] == "undeclared"
    assert certain(finding) is False
    assert certain(found(text("d\xe9j\xe0 ®", UNKNOWN_8BIT))) is False


def test_no_word_of_the_text_is_in_the_finding() -> None:
    finding = found(text(TCVN3), subject="B¸o c¸o th¸ng 5 cña ®¬n vÞ")
    told = repr(finding)
    assert not any(word in told for word in TCVN3.split() if len(word) > 3 and not word.isascii())
