# SPDX-License-Identifier: GPL-3.0-or-later
"""Which strings are Vietnamese syllables: an initial, a rhyme and one of six tones, put together by rule."""

import unicodedata

INITIALS = (
    *("", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh"),
    *("p", "ph", "qu", "q", "r", "s", "t", "th", "tr", "v", "x"),
)
# The finals that each vowel, or group of vowels, goes with; "-" is none.
FINALS = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- ch m n ng nh p t u",
    "i": "- a ch m n ng nh p t u",
    "iê": "c m n ng p t u",
    "o": "- a c e i m n ng p t",
    "oa": "c ch i m n ng nh o p t y",
    "oă": "c m n ng t",
    "oe": "n o t",
    "oo": "c ng",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- a c i m n ng p t y",
    "uâ": "n ng t y",
    "uê": "- ch n nh t",
    "uô": "c i m n ng t",
    "uơ": "-",
    "uy": "a ch n nh p t u",
    "uyê": "n t",
    "ư": "- a c i m n ng t u",
    "ươ": "c i m n ng p t u",
    "y": "- t",
    "yê": "m n ng t u",
}
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONES_BEFORE_A_STOP = "\u0301\u0323"  # the acute and the dot below
_STOPS = ("c", "ch", "p", "t")


def _bases() -> frozenset[str]:
    """Every syllable without its tone."""
    rhymes = [vowel + final.replace("-", "") for vowel, finals in FINALS.items() for final in finals.split()]
    return frozenset(initial + rhyme for initial in INITIALS for rhyme in rhymes)


_BASES = _bases()


def is_syllable(word: str) -> bool:
    """Whether a word in lower case and NFC can be a Vietnamese syllable."""
    if word in _BASES:
        return True
    decomposed = unicodedata.normalize("NFD", word)
    bare = decomposed.translate(_WITHOUT_TONES)
    if len(bare) != len(decomposed) - 1 or unicodedata.normalize("NFC", bare) not in _BASES:
        return False
    return not bare.endswith(_STOPS) or any(tone in decomposed for tone in _TONES_BEFORE_A_STOP)


_WITHOUT_TONES = dict.fromkeys(map(ord, _TONES))
