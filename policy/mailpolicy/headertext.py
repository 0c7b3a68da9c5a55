# SPDX-License-Identifier: GPL-3.0-or-later
"""Header text as people read it: unfolded, encoded-words decoded (RFC 2047), in time linear in its length.

The standard library's decoder is not used: on crafted headers it takes seconds (CPython issue 87075).
"""

import binascii
import codecs
import encodings
import unicodedata
from encodings.aliases import aliases
from pkgutil import iter_modules

MAX_BYTES = 16_384  # of one value; what lies beyond is not decoded, and no rule needs it
_SLICE = 200  # characters that are composed at a time


def decode(value: bytes) -> str:
    """Return the value as NFC text. What can't be decoded becomes U+FFFD; a broken encoded-word stays."""
    if b"=?" not in value:
        return composed(unfold(value))
    return composed("".join(_pieces(_one_line(value))))


def composed(text: str) -> str:
    """Return the text in NFC. Of hundreds of marks in a row, only so many are put in order as is fast."""
    if len(text) <= _SLICE or text.isascii():
        return unicodedata.normalize("NFC", text)
    slices, start = [], 0
    while start < len(text):
        end = start + _SLICE
        while end < min(len(text), start + 2 * _SLICE) and unicodedata.combining(text[end]):
            end += 1  # a mark stays with its letter
        slices.append(unicodedata.normalize("NFC", text[start:end]))
        start = end
    return "".join(slices)


def unfold(value: bytes) -> str:
    """Return the value on one line with encoded-words left as they are."""
    return _raw_text(_one_line(value))


def _one_line(value: bytes) -> bytes:
    return b"".join(value[:MAX_BYTES].splitlines())


def _raw_text(text: bytes) -> str:
    """Bytes outside encoded-words: UTF-8 (RFC 6532), or Latin-1 where they are not."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _pieces(text: bytes) -> list[str]:
    """Split into plain text and decoded words.

    White space between two encoded-words is dropped (RFC 2047, 6.2). Neighbouring words of one
    charset are joined before decoding: senders split inside a character.
    """
    pieces: list[str] = []
    pending, pending_charset = b"", ""
    position, after_word = 0, False
    last = text.rfind(b"?=")  # no word ends later, so none is looked for
    while 0 <= (start := text.find(b"=?", position)) < last:
        word = _encoded_word(text, start)
        if word is None:
            pieces.append(_flush(pending, pending_charset) + _raw_text(text[position : start + 2]))
            pending, position, after_word = b"", start + 2, False
            continue
        charset, data, end = word
        between = text[position:start]
        if not (after_word and not between.strip() and charset == pending_charset):
            pieces.append(_flush(pending, pending_charset))
            pending = b""
            if not after_word or between.strip():
                pieces.append(_raw_text(between))
        pending, pending_charset = pending + data, charset
        position, after_word = end, True
    return [*pieces, _flush(pending, pending_charset), _raw_text(text[position:])]


def _encoded_word(text: bytes, start: int) -> tuple[str, bytes, int] | None:
    """Read `=?charset?B|Q?data?=` at `start`: charset, decoded bytes, end; None if it is not one."""
    first = text.find(b"?", start + 2, start + 80)
    if first < 0 or text[first + 2 : first + 3] != b"?":
        return None
    end = text.find(b"?=", first + 3)
    if end < 0:
        return None
    charset = text[start + 2 : first].partition(b"*")[0].decode("ascii", "replace").lower()
    data = text[first + 3 : end]
    how = text[first + 1 : first + 2].upper()
    if how == b"B":
        return charset, base64_bytes(data), end + 2
    if how == b"Q":
        return charset, binascii.a2b_qp(data.replace(b"_", b" ")), end + 2
    return None


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 leniently: foreign characters skipped, padding supplied, a lone last digit dropped."""
    digits = data.translate(None, _NOT_BASE64)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


def _flush(data: bytes, charset: str) -> str:
    return charset_text(data, charset) if data else ""


# Only known names are looked up: strangers choose them, and Python remembers each unknown one for good.
# Those of Python's own codecs that are no charsets are left out: some are slow.
_PYTHONS_OWN = {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
_CHARSETS = {*aliases, *(module.name for module in iter_modules(encodings.__path__))} - _PYTHONS_OWN


def charset_text(data: bytes, charset: str) -> str:
    """Decode by a declared charset; an unknown one, or one that is no text encoding, is read as UTF-8."""
    name = encodings.normalize_encoding(charset).lower()
    if name not in _CHARSETS:
        return data.decode("utf-8", "replace")
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")
    if not codec._is_text_encoding:
        return data.decode("utf-8", "replace")
    try:
        return codec.decode(data, "replace")[0]
    except (UnicodeError, ValueError):
        return data.decode("utf-8", "replace")


def body_text(data: bytes, charset: str) -> tuple[str, str]:
    """Decode a text that may have been cut anywhere. Returns it, and the charset it was read in.

    Text that is declared as ASCII or UTF-8, or as nothing, but is mostly neither, is UNKNOWN_8BIT; it is
    read as Latin-1, which keeps its bytes.
    """
    if charset not in _UNICODE:
        return charset_text(data, charset), charset
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken or 2 * broken <= len(text) - len(text.encode("ascii", "ignore")):
        return text, charset
    return data.decode("latin-1"), UNKNOWN_8BIT


UNKNOWN_8BIT = "unknown-8bit"
"""The charset of text in bytes that nobody declares (RFC 1428, 3)."""
_UNICODE = frozenset({"", "us-ascii", "ascii", "utf-8", "utf8"})
