# SPDX-License-Identifier: GPL-3.0-or-later
"""How a display name looks to a reader: names that fold to the same text are taken for each other."""

import re
import unicodedata

from mailpolicy.directory import Kind

LONGEST = 200  # characters that are looked at; no reader sees more of a name
# Words a name must have to be somebody's in particular: "Văn phòng" is every office's.
_WORDS = {Kind.PERSON: 2, Kind.UNIT: 3, Kind.AGENCY: 3}

_AGENCY_BEGINS = re.compile(r" [-–—|/] |[,;(]")
# Letters that look like Latin ones, capitals apart from small ones where they look like different letters.
_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХҺԚԜ", "abesijkmhopctyxhqw", strict=True))
_CYRILLIC |= dict(zip("авеѕіјкмнорстухһԁԛԝ", "abesijkmhopctyxhdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx", strict=True))
_GREEK |= dict(zip("αβεηικμνορτυχ", "abenikmvoptux", strict=True))
_OTHERS = dict.fromkeys("ĐđÐðƉɖ", "d") | dict.fromkeys("Łł", "l") | dict.fromkeys("Øø", "o")
_LATIN = str.maketrans(_CYRILLIC | _GREEK | _OTHERS | {"ı": "i", "ɑ": "a", "ɡ": "g"})


def fold(text: str) -> str:
    """Return the letters and digits that a reader sees, in lower case and without marks, as one word.

    Cyrillic and Greek letters become the Latin ones they look like; spaces, punctuation and invisible
    characters are left out. Other alphabets stay as they are.
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_LATIN)
    return "".join(char for char in text.casefold() if char.isalnum())


def person_of(display: str) -> str:
    """Return the name before the agency, as in `Nguyễn Văn A - Sở Nội vụ`; the whole where there is none."""
    return _AGENCY_BEGINS.split(display[:LONGEST], maxsplit=1)[0].strip()


def readings(display: str) -> tuple[str, ...]:
    """Return the folded name as a whole and, where it differs, without the agency."""
    whole, person = fold(display), fold(person_of(display))
    return tuple(dict.fromkeys(key for key in (whole, person) if key))


def keys(name: str, kind: Kind) -> tuple[str, ...]:
    """Return the folded names under which an official's mailbox is found by its display name.

    A person is found with and without the agency, a unit's mailbox by its whole name only. Names of too few
    words are nobody's in particular: they give no key.
    """
    if kind not in _WORDS:
        return ()
    if kind is Kind.PERSON:
        return readings(name) if len(person_of(name).split()) >= _WORDS[kind] else ()
    return (fold(name),) if len(name.split()) >= _WORDS[kind] else ()
