# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a text is Vietnamese from before Unicode: its words make sense only once they are converted."""

from dataclasses import dataclass, field

from mailpolicy.headertext import composed
from mailpolicy.text.encodings import ENCODINGS, Encoding
from mailpolicy.text.syllables import is_syllable

MAX_WORDS = 500  # of one text, that are no Vietnamese as they stand, are weighed
_SUSPECT = "".join(dict.fromkeys("".join(encoding.telltales for encoding in ENCODINGS)))
# Signs that stand alone or beside digits in honest text, never between letters of one word.
_SIGNS = frozenset("¢£¥¦§¨©ª«¬\xad®°±²³´µ¶·¸¹º»¼½¾¿×÷")
_BETWEEN_WORDS = {**dict.fromkeys(range(0x20), " "), **{ord(sign): " " for sign in "!\"#$%&'()*+,-./:;<=>?"}}
_BETWEEN_WORDS |= {
    ord(sign): " " for sign in "@[\\]^_`{|}~0123456789\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads in one old encoding.

    `words` are those that are Vietnamese syllables only once converted, `different` counts each once, and
    `signs` those of them with a sign between letters, as no living language writes. `against` are words that
    are not Vietnamese in this encoding, `unicode` words that are in Unicode and could not be in Latin-1.
    """

    encoding: Encoding
    words: int
    different: int
    signs: int
    against: int
    unicode: int

    @property
    def beyond_doubt(self) -> bool:
        """Whether a text without further evidence is in this encoding."""
        many = (self.words >= 5 and self.signs >= 3) or (self.words >= 8 and self.different >= 5)
        return many and self.likely

    @property
    def likely(self) -> bool:
        """Whether more speaks for this encoding than against it, be the text ever so short."""
        return self.different >= 3 and self.words > 2 * self.against


@dataclass(slots=True)
class _Count:
    words: int = 0
    against: int = 0
    different: set[str] = field(default_factory=set)


def suspicious(text: str) -> bool:
    """Whether a text has a character that old encodings are full of: quick, and wrong on the safe side."""
    if not text.isascii():
        for sign in _SUSPECT:  # no generator: every mail is asked
            if sign in text:
                return True
    return False


def reading(text: str) -> Reading | None:
    """Return how the text reads in the old encoding that explains most of its words, or None if none does."""
    if not suspicious(text):
        return None
    odd, unicode_words = _words(composed(text))
    readings = [_read(encoding, odd, unicode_words) for encoding in ENCODINGS]
    best = max(readings, key=lambda one: (one.words - one.against, one.signs))
    return best if best.words else None


def _words(text: str) -> tuple[list[str], int]:
    """The words that are not Vietnamese as they stand, and how many are in a way only Unicode allows."""
    odd, unicode_words = [], 0
    for word in text.translate(_BETWEEN_WORDS).split():
        if word.isascii() or len(word) < 2:
            continue
        if not is_syllable(word.lower()):
            odd.append(word)
            if len(odd) == MAX_WORDS:
                break
        elif max(word) > "\xff":
            unicode_words += 1
    return odd, unicode_words


def _read(encoding: Encoding, odd: list[str], unicode_words: int) -> Reading:
    count = _Count()
    converted = encoding.convert("\n".join(odd)).lower().split("\n") if odd else []
    for word, meant in zip(odd, converted, strict=True):
        if is_syllable(meant):
            count.words += 1
            count.different.add(word)
        else:
            count.against += 1
    signs = sum(1 for word in count.different if not _SIGNS.isdisjoint(word[1:-1]))
    return Reading(encoding, count.words, len(count.different), signs, count.against, unicode_words)
