# SPDX-License-Identifier: GPL-3.0-or-later
"""Vietnamese text that is not in Unicode (TCVN 6909:2001), whatever charset it claims."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailpolicy.context import Context
from mailpolicy.headertext import UNKNOWN_8BIT, decode
from mailpolicy.lists.datafile import DataFile, entries
from mailpolicy.message import Message, Part
from mailpolicy.office.sentas import written_here
from mailpolicy.regulation import Duty
from mailpolicy.text.legacy import Reading, reading, suspicious
from mailpolicy.text.visible import is_html, own_words, visible
from mailpolicy.verdict import Certainty, Evidence, Finding

LEGACY_CHARSETS = DataFile("legacy-charsets.txt", entries)
_FONTS = (".Vn", ".VN", ".vn", "VNI-")  # .VnTime, VNI-Times and their families
_ENTITIES = 8  # in HTML, others than the three every page has, before they are looked into
_SUBJECT = "Subject"
_REPLIES = ("re:", "fw:", "fwd:", "tl:", "trả lời:", "chuyển tiếp:")


@dataclass(frozen=True, slots=True)
class _Seen:
    """One place where text is not in Unicode."""

    what: str
    place: str
    certain: bool
    evidence: dict[str, Evidence]


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find Vietnamese in an older encoding. It is certain only in what the office's own people wrote.

    What others wrote, quoted and attached text among it, is not theirs to correct: a sign.
    """
    own = written_here(message, context)
    seen = _first(_places(message), certain=own)
    if seen is None:
        return None
    certain = own and seen.certain
    return Finding(
        duty.code,
        duty.article,
        f"{seen.what} in {seen.place}",
        {"where": seen.place, **seen.evidence},
        certainty=Certainty.CERTAIN if certain else Certainty.SIGN,
    )


def _first(places: Iterator[_Seen], *, certain: bool) -> _Seen | None:
    """The first place; if `certain`, the first that is, or without one the first of all."""
    first = None
    for seen in places:
        first = first or seen
        if seen.certain or not certain:
            return seen
    return first


def _places(message: Message) -> Iterator[_Seen]:
    answers = "In-Reply-To" in message.headers
    for raw in message.headers.raw(_SUBJECT):
        if (b"=?" in raw or not raw.isascii()) and (seen := _in_subject(raw, certain=not answers)):
            yield seen
    for part in message.parts:
        if not part.sample.isascii() or _entities(part):
            yield from _in_part(part)


def _in_subject(raw: bytes, *, certain: bool) -> _Seen | None:
    """Look at a subject. In an answer it is somebody else's, and `certain` is false."""
    text = decode(raw)
    certain = certain and not text.lower().startswith(_REPLIES)
    declared = [word.partition(b"?")[0].partition(b"*")[0] for word in raw.lower().split(b"=?")[1:]]
    names = [name.decode("ascii", "replace") for name in declared]
    if not text.isascii() and (legacy := _first_legacy(names)):
        return _declared(legacy, _SUBJECT, certain=certain)
    read = reading(text)
    if read is None or not read.likely:
        return None
    return _converted(read, _SUBJECT, certain=certain and read.signs >= 2)


def _in_part(part: Part) -> Iterator[_Seen]:
    place = f"part {part.path}"
    if legacy := _first_legacy([part.charset]):
        yield _declared(legacy, place, certain=not part.attachment)
    elif suspicious(part.sample) or _entities(part):
        yield from _by_its_words(part, place)
    elif part.charset == UNKNOWN_8BIT:
        yield _undeclared(place)


def _by_its_words(part: Part, place: str) -> Iterator[_Seen]:
    """Weigh the text; a legacy font makes few words enough, and is nothing without them."""
    text = visible(part)
    whole = reading(text)
    if whole is None or not whole.likely:
        if part.charset == UNKNOWN_8BIT:
            yield _undeclared(place)
        return
    own = reading(own_words(part))
    font = is_html(part) and any(name in part.sample for name in _FONTS)
    certain = own is not None and own.likely and (font or own.beyond_doubt) and own.words > own.unicode
    yield _converted(whole, place, certain=certain and not part.attachment, font=font)


def _entities(part: Part) -> bool:
    """Whether HTML spells letters as entities: then ASCII alone proves nothing."""
    text = part.sample
    if not is_html(part) or "&" not in text:
        return False
    common = text.count("&nbsp;") + text.count("&amp;") + text.count("&lt;") + text.count("&gt;")
    return text.count("&") - common >= _ENTITIES


def _first_legacy(names: Iterable[str]) -> str:
    return next((name for name in names if name in LEGACY_CHARSETS()), "")


def _declared(charset: str, place: str, *, certain: bool) -> _Seen:
    return _Seen(f"text declared as {charset}", place, certain, {"reason": "declared", "encoding": charset})


def _undeclared(place: str) -> _Seen:
    return _Seen("8-bit text of no declared charset", place, False, {"reason": "undeclared"})


def _converted(read: Reading, place: str, *, certain: bool, font: bool = False) -> _Seen:
    name = read.encoding.name
    evidence: dict[str, Evidence] = {"reason": "words", "encoding": name, "words": read.words, "font": font}
    return _Seen(f"{read.words} words in {name}", place, certain, evidence)
