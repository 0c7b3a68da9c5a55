# SPDX-License-Identifier: GPL-3.0-or-later
"""A text as marks are looked for in it: in NFC, and as old encodings meant it; and whether it is worth it."""

from mailpolicy.headertext import composed
from mailpolicy.text.encodings import TCVN3, VISCII, VNI, WINDOWS_1258

# Without one of these a text holds no mark. Each is looked for in every mail, so they are few.
_PLAIN_TRACES = ("MAT", "THU HOI", "BOC BI")
_TRACES = (
    "Ậ",
    "\u0302",
    "\u0323",
    "THU HỒI",
    "BÓC BÌ",
    "ộ mật",
    "\xcbT",
    "\xcbt",
    "A\xc4T",
    "\x87T",
    "‡T",
    "Â\xf2T",
)
_SPELLED_TRACES = ("#7852;", "#x1EAC;", "#x1eac;")  # Ậ as an HTML entity
_MAT = {TCVN3: ("M\xcbT", "m\xcbt"), VNI: ("MA\xc4T",), VISCII: ("M\x87T", "M‡T"), WINDOWS_1258: ("MÂ\xf2T",)}
_UNSEEN = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x2060, 0x2065)])


def has_trace(text: str) -> bool:
    """Whether a text may hold a mark: quick, and wrong on the safe side."""
    if any(trace in text for trace in _PLAIN_TRACES):
        return True
    if "&#" in text and any(trace in text for trace in _SPELLED_TRACES):
        return True
    return not text.isascii() and any(trace in text for trace in _TRACES)


def readings(text: str, *, small_capitals: bool = False) -> list[str]:
    """Return the text without invisible characters, and converted from each old encoding it spells MẬT in.

    `small_capitals`: it is shown in a font whose small letters look like capitals, such as .VnTimeH.
    """
    converted = [
        _raised(encoding.convert(text), small_capitals)
        for encoding, spellings in _MAT.items()
        if any(spelling in text for spelling in spellings)
    ]
    return [composed(reading.translate(_UNSEEN)) for reading in (text, *converted)]


def _raised(text: str, small_capitals: bool) -> str:
    """TCVN3 has no capitals with tones: in a line of capitals the small ones stand for them."""
    lines = text.splitlines()
    return "\n".join(line.upper() if small_capitals or _in_capitals(line) else line for line in lines)


def _in_capitals(line: str) -> bool:
    letters = "".join(char for char in line if char.isascii() and char.isalpha())
    return letters.isupper()
