# SPDX-License-Identifier: GPL-3.0-or-later
"""The encodings Vietnamese was written in before Unicode, as they look when their bytes pass for Latin-1.

Such text travels under a false charset, or as valid UTF-8 pasted from an old document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mailpolicy.headertext import composed

# TCVN 5712:1993 from byte A1 on; its lower half is the "ABC" fonts' TCVN3. "." is no letter.
_TCVN = "ĂÂÊÔƠƯĐăâêôơưđẰ.....àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
# VISCII (RFC 1456) from byte 80 on; six rare capitals lie among the control characters and are left out.
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
# VNI puts the marks behind the vowel, each combination as one letter; the rest are letters of its own.
_VNI_MARKS = {
    "ø": _GRAVE,
    "ù": _ACUTE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "ê": _BREVE,
    **dict(zip("áàåãä", (_CIRCUMFLEX + tone for tone in (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT)), strict=True)),
    **dict(zip("éèúüë", (_BREVE + tone for tone in (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT)), strict=True)),
}
_VNI_LETTERS = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}

Convert = Callable[[str], str]


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One old encoding. `telltales` are characters its text is full of and Unicode Vietnamese has none of."""

    name: str
    telltales: str
    table: Mapping[int, str]

    def convert(self, text: str) -> str:
        """Return the text as it was meant, in NFC."""
        return composed(text.translate(self.table))


def _table(letters: str, first: int) -> dict[int, str]:
    """From Latin-1's characters, and from those Windows shows for 80 to 9F, to the letters meant."""
    table: dict[int, str] = {}
    for byte, letter in enumerate(letters, first):
        if letter != ".":
            table[byte] = letter
            table[ord(bytes([byte]).decode("cp1252", "replace"))] = letter
    table.pop(0xFFFD, None)
    return table


def _vni_table() -> dict[int, str]:
    pairs = {**_VNI_MARKS, **_VNI_LETTERS}
    capitals = {letter.upper(): meant.upper() for letter, meant in pairs.items()}
    return {ord(letter): meant for letter, meant in (pairs | capitals).items()}


def _cp1258_table() -> dict[int, str]:
    high = [(byte, bytes([byte]).decode("cp1258")) for byte in range(0xA0, 0x100)]
    return {byte: meant for byte, meant in high if chr(byte) != meant}


TCVN3 = Encoding("TCVN3", "®µ¸¹Ö", MappingProxyType(_table(_TCVN, 0xA1)))
VNI = Encoding("VNI", "ñøïäÑØÏÄ", MappingProxyType(_vni_table()))
VISCII = Encoding("VISCII", "ð®ßÐ", MappingProxyType(_table(_VISCII, 0x80)))
WINDOWS_1258 = Encoding("windows-1258", "ðÞÐ", MappingProxyType(_cp1258_table()))
ENCODINGS = (TCVN3, VNI, VISCII, WINDOWS_1258)
