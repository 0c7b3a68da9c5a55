# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes Vietnamese as programs before Unicode did, its bytes shown as Latin-1."""

import unicodedata

from mailpolicy.text.encodings import WINDOWS_1258, Encoding

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]


def written(encoding: Encoding, text: str) -> str:
    """The text in an old encoding; what that has no letter for in capitals is written small."""
    table = _spellings(encoding)
    composed = unicodedata.normalize("NFC", text)
    return "".join(table.get(char) or table.get(char.lower(), char) for char in composed)


def _spellings(encoding: Encoding) -> dict[str, str]:
    """Each letter's spelling: the character, or two of them, that the encoding reads as that letter."""
    table: dict[str, str] = {}
    codes = [chr(code) for code in encoding.table if code <= 0xFF]
    bases = [*"aeiouyAEIOUY", *codes]
    spelled = [*codes, *(base + code for base in bases for code in codes)]
    wanted = {letter for one in LETTERS for letter in (one, one.upper())}
    if encoding is WINDOWS_1258:
        spelled += [base + tone for base in "âêôăÂÊÔ" for tone in codes]
    for spelling in spelled:
        meant = encoding.convert(spelling)
        if meant in wanted:
            table.setdefault(meant, spelling)
    return table
