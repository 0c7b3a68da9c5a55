# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words are Vietnamese syllables."""

import re
import unicodedata

import pytest

from mailpolicy.regulation import load
from mailpolicy.text.syllables import is_syllable


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "quyển",
        "giữ",
        "gì",
        "khuỷu",
        "hoà",
        "hòa",
        "thuở",
        "ước",
        "ưỡn",
        "yêu",
        "được",
        "quốc",
        "a",
    ],
)
def test_a_syllable_is_one_wherever_its_tone_stands(word: str) -> None:
    assert is_syllable(unicodedata.normalize("NFC", word))


@pytest.mark.parametrize(
    "word",
    [
        "",
        "être",
        "für",
        "señor",
        "größer",
        "cộp̀",
        "hảt",
        "mâi",
        "bl",
        "zô",
        "strong",
        "b¸o",
        "tr\xadíc",
        "hòà",
    ],
)
def test_no_other_languages_word_is_one(word: str) -> None:
    assert not is_syllable(unicodedata.normalize("NFC", word))


@pytest.mark.parametrize("name", ["soctrang", "tayson", "cantho", "hcm", "monre"])
def test_the_regulations_own_sentences_are_made_of_syllables(name: str) -> None:
    text = " ".join(duty.sentence for duty in load(name).duties).lower()
    words = {word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()}
    abbreviations = {"cđ", "hđnd", "nđ", "qđ", "tđ"}
    assert len(words) > 100
    assert {word for word in words if not is_syllable(word)} <= abbreviations
