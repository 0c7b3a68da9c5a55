# SPDX-License-Identifier: GPL-3.0-or-later
"""Vietnamese from before Unicode is told from Unicode, and from the languages that Latin-1 is for."""

import unicodedata
from typing import Literal

import pytest

from mailpolicy.regulation import load_all
from mailpolicy.text.encodings import ENCODINGS, TCVN3, VISCII, VNI, WINDOWS_1258, Encoding
from mailpolicy.text.legacy import reading, suspicious
from oldtext import LETTERS, written

MEANT = "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập - Tự do - Hạnh phúc."
LEGACY = {
    "TCVN3": "Céng hßa x· héi chñ nghÜa ViÖt Nam. §éc lËp - Tù do - H¹nh phóc.",
    "VNI": "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. Ñoäc laäp - Töï do - Haïnh phuùc.",
    "VISCII": "Cµng hòa xã hµi chü nghîa Vi®t Nam. Ðµc l§p - Tñ do - HÕnh phúc.",
    "windows-1258": "Côòng hoÌa xaÞ hôòi chuÒ nghiÞa Viêòt Nam. Ðôòc lâòp - Týò do - Haònh phuìc.",
}
BY_NAME = {encoding.name: encoding for encoding in ENCODINGS}
HONEST = {
    "Vietnamese": "Kính gửi các đơn vị: đề nghị báo cáo trước ngày 5 tháng này. Trân trọng cảm ơn!",
    "French": "Où êtes-vous allé cet été ? Très bien, à Noël, naïve, où dû, goût, forêt, père, garçon, ñ",
    "German": "Schöne Grüße aus Köln, für Käthe Müller; daß die Bären größer wären, hätten, möchte über Öl",
    "Spanish": "El señor Núñez y la niña del año pasado mañana España está más allá según también",
    "Portuguese": "Não são ações; coração, São João, você é difícil, informação também português ñ",
    "Swedish": "På många så få gå när är två där för öl å då små når på så hår må",
    "Danish": "Må vi få en øl på øen så går vi hjem før når æbler, møde på små øer, blå ø",
    "Czech read as Latin-1": "Pøíli¹ ¾lu»ouèký kùò úpìl ïábelské ódy",
    "Polish read as Latin-1": "Za¿ó³æ gê¶l± ja¼ñ",
    "Thai read as Latin-1": "ÊÇÑÊ´Õ¤ÃÑº ¢Íº¤Ø³ÁÒ¡ ÊÓ¹Ñ¡§Ò¹",
    "Chinese GBK read as Latin-1": "ÄãºÃ£¬ÎÒÃÇÃ÷Ìì¼û ±±¾© ÉÏº£ ÎÄ¼þ ¸½¼þ",
    "UTF-8 read as Latin-1": "KÃ\xadnh gá»\xadi cÃ¡c Ä\x91Æ¡n vá»\x8b bÃ¡o cÃ¡o trÆ°á»\x9bc ngÃ\xa0y",
    "signs": "Microsoft® Windows® 5 µm ±2 µg N·m © 2024 §5 £10 ¥5 • · µm N·m m² ½ ¾ «tên»",
    "names": "Nguyễn Văn A; Señor Núñez; Größe; Ångström; Malmö; Besançon; São Tomé; Curaçao",
}


@pytest.mark.parametrize("name", LEGACY)
def test_each_encoding_is_named_and_reads_as_was_meant(name: str) -> None:
    found = reading(LEGACY[name])
    assert found is not None and found.encoding.name == name and found.beyond_doubt
    assert BY_NAME[name].convert(LEGACY[name]) == MEANT


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("language", HONEST)
def test_honest_text_is_in_no_old_encoding(language: str, form: Literal["NFC", "NFD"]) -> None:
    found = reading(unicodedata.normalize(form, f"{HONEST[language]} ® µm {HONEST['Vietnamese']}"))
    assert found is None or not found.likely, found


def test_what_is_quick_to_pass_over_is_passed_over() -> None:
    assert not suspicious(HONEST["Vietnamese"] * 50)
    assert not suspicious("Plain English, as in most newsletters." * 50)
    assert all(suspicious(text) for text in LEGACY.values())


@pytest.mark.parametrize("encoding", [TCVN3, VISCII])
def test_capitals_and_small_letters_are_told_apart(encoding: Encoding) -> None:
    meant = encoding.convert("".join(map(chr, range(0xA1, 0x100))))
    assert "đ" in meant and "Đ" in meant


@pytest.mark.parametrize(
    ("encoding", "text", "meant"),
    [
        (TCVN3, "tr\xadíc ngµy ®Ò nghÞ b¸o c¸o", "trước ngày đề nghị báo cáo"),
        (TCVN3, "¡n qu¶", "Ăn quả"),
        (
            VNI,
            "ñeà nghò UÛy ban thaønh phoá, kyû nieäm, ñöôïc, buùt",
            "đề nghị Ủy ban thành phố, kỷ niệm, được, bút",
        ),
        (WINDOWS_1258, "ngýõÌi ðýõòc", "người được"),
    ],
)
def test_single_letters_convert(encoding: Encoding, text: str, meant: str) -> None:
    assert encoding.convert(text) == meant


def test_a_long_text_is_weighed_by_its_beginning() -> None:
    found = reading("b¸o c¸o " * 50_000)
    assert found is not None and found.words == 500


SENTENCES = [duty.sentence for one in load_all() for duty in one.duties if len(duty.sentence) > 120]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda one: one.name)
def test_every_letter_is_written_and_read(encoding: Encoding) -> None:
    small = "".join(LETTERS)
    assert encoding.convert(written(encoding, small)) == small


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda one: one.name)
def test_the_regulations_own_sentences_are_known_in_every_encoding(encoding: Encoding) -> None:
    assert len(SENTENCES) > 80
    for sentence in SENTENCES:
        found = reading(written(encoding, sentence))
        assert found is not None and found.beyond_doubt and found.encoding is encoding, (sentence, found)
        assert reading(sentence) is None
