# SPDX-License-Identifier: GPL-3.0-or-later
"""What a part's header declares: type, boundaries, encoding, disposition and names, in every reading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from mailgate.mime.bounds import MAX_BOUNDARY, MAX_BOUNDARY_READINGS, MAX_FIELDS, Budget
from mailgate.mime.fields import CONTENT_FIELDS, Fields
from mailgate.mime.names import file_names
from mailgate.mime.parameters import Value, charset_of, collect, parse
from mailgate.mime.reasons import Reason
from mailpolicy.attachment import is_attachment

MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
UNENCODED = frozenset({"7bit", "8bit", "binary"})
UUENCODE = frozenset({"x-uuencode", "x-uue", "uuencode", "uue"})
_ENCODINGS = UNENCODED | UUENCODE | {"base64", "quoted-printable"}
_UNREADABLE = "application/octet-stream"  # what a part is to readers that make nothing of its type

_TYPE = re.compile(rb"[!#$%&'*+\-.^_`{|}~\w]{1,100}/[!#$%&'*+\-.^_`{|}~\w]{1,100}")
_TOKEN_LIMIT = 40  # characters kept of an encoding or a disposition
_BOUNDARY_LIMIT = 70  # RFC 2046, 5.1.1
_CACHED_BYTES = 200  # of the values of one part's fields
_CACHED_HEADERS = 256


@dataclass(frozen=True, slots=True)
class Declared:
    """A part as its header declares it.

    `types` holds every reading of the type, the one that counts first. `encoding` is as written, in lower
    case; `decodable` is whether it is known and all readers agree on it. `contested` is whether another
    reading sees other parts here: then everything inside counts, as it stands, as attached.
    """

    types: tuple[str, ...] = ("text/plain",)
    boundaries: tuple[bytes, ...] = ()
    encoding: str = "7bit"
    decodable: bool = True
    disposition: str = ""
    names: tuple[str, ...] = ()
    content_id: bool = False
    charset: str = "us-ascii"
    contested: bool = False

    @property
    def type(self) -> str:
        """The reading that counts."""
        return self.types[0]

    @property
    def is_message(self) -> bool:
        """Whether it holds a whole message."""
        return self.type in MESSAGES

    def attached(self, parent: str, *, in_attached_message: bool) -> bool:
        """Whether any reading of the part is an attached file. `parent` is the enclosing container's type."""
        known = self.disposition in ("", "inline")
        return any(
            is_attachment(
                media_type,
                parent=parent,
                disposition=self.disposition if known else "attachment",  # RFC 2183, 2.8
                named=bool(self.names),
                content_id=self.content_id,
                in_attached_message=in_attached_message,
            )
            for media_type in self.types
        )


_BEYOND = Declared(types=(_UNREADABLE,), decodable=False, contested=True)


def declare(fields: Fields, reasons: set[Reason], budget: Budget, default: str = "text/plain") -> Declared:
    """Read a part's Content-* fields; `reasons` gets what is wrong. `default` is the type if none is said."""
    if not fields:
        return _silent(default)
    values = b"".join([value for _, value in fields])
    if not budget.take_values(values):
        reasons.add(Reason.HEADER_OVERLONG)
        return _BEYOND
    small = len(fields) <= len(CONTENT_FIELDS) and len(values) <= _CACHED_BYTES
    declared, found = (_read_cached if small else _read)(tuple(fields[:MAX_FIELDS]), default)
    reasons |= found
    if len(fields) > MAX_FIELDS:
        reasons.add(Reason.HEADER_OVERLONG)
        return replace(declared, contested=True)
    return declared


@cache
def _silent(default: str) -> Declared:
    return Declared(types=(default,))


def _read(fields: tuple[tuple[str, bytes], ...], default: str) -> tuple[Declared, frozenset[Reason]]:
    reasons: set[Reason] = set()
    content_type = _value(fields, "content-type", Reason.TYPE_REPEATED, reasons)
    disposition = _value(fields, "content-disposition", Reason.DISPOSITION_REPEATED, reasons)
    types = (default,) if content_type is None else _types(content_type, default, reasons)
    encoding, decodable = _encoding(fields, reasons)
    names = file_names(disposition, content_type, reasons=reasons)
    declared = Declared(
        types=types,
        boundaries=_boundaries(content_type, reasons) if content_type and _rank(types[0]) == 0 else (),
        encoding=encoding,
        decodable=decodable,
        disposition=_disposition(disposition.heads) if disposition else "",
        names=names,
        content_id=any(name == "content-id" and value.strip() for name, value in fields),
        charset=charset_of(content_type) if content_type else "us-ascii",
        contested=_is_contested(types, encoding, decodable, reasons) or Reason.HEADER_OVERLONG in reasons,
    )
    return declared, frozenset(reasons)


_read_cached = lru_cache(_CACHED_HEADERS)(_read)  # most parts declare what many others do


def _value(
    fields: Iterable[tuple[str, bytes]], name: str, repeated: Reason, reasons: set[Reason]
) -> Value | None:
    """Every field of the name, as one value; None if there is none."""
    found = [parse(value, reasons) for key, value in fields if key == name]
    if len(found) < 2:
        return found[0] if found else None
    reasons.add(repeated)
    whole = Value()
    for value in found:
        whole.heads += value.heads
        whole.parameters |= value.parameters
    return whole


def _types(value: Value, default: str, reasons: set[Reason]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for head in value.heads or [b""]:
        token = head.partition(b"(")[0].split(None, 1)[:1]
        if token and _TYPE.fullmatch(token[0]):
            found[token[0].lower().decode("ascii")] = None
            continue
        reasons.add(Reason.TYPE_INVALID)
        if token and token[0].lower().startswith(b"multipart"):
            found["multipart/mixed"] = None
        found |= {default: None, _UNREADABLE: None}
    return tuple(sorted(found, key=_rank))


def _rank(media_type: str) -> int:
    """Multiparts before messages before files before text: what may hold more stands first."""
    if media_type.startswith("multipart/"):
        return 0
    if media_type in MESSAGES:
        return 1
    return 3 if media_type.startswith("text/") else 2


def _boundaries(value: Value, reasons: set[Reason]) -> tuple[bytes, ...]:
    """Every reading of the boundary that can be used; none if there are so many that all are nonsense."""
    found: dict[bytes, None] = {}
    for readings, _ in collect(value, "boundary"):
        for reading in readings:
            found |= {reading: None, reading.rstrip(): None}
    if len({boundary.rstrip() for boundary in found}) > 1:
        reasons.add(Reason.BOUNDARY_REPEATED)
    if any(len(boundary) > _BOUNDARY_LIMIT for boundary in found):
        reasons.add(Reason.BOUNDARY_OVERLONG)
        found |= {boundary[:_BOUNDARY_LIMIT]: None for boundary in tuple(found)}  # as some readers cut it
    usable = tuple(boundary for boundary in found if 0 < len(boundary) <= MAX_BOUNDARY)
    if len(found) > MAX_BOUNDARY_READINGS or any(len(boundary) > MAX_BOUNDARY for boundary in found):
        reasons.add(Reason.HEADER_OVERLONG)
    if usable and len(found) <= MAX_BOUNDARY_READINGS:
        return usable
    reasons.add(Reason.BOUNDARY_MISSING)
    return ()


def _encoding(fields: Iterable[tuple[str, bytes]], reasons: set[Reason]) -> tuple[str, bool]:
    """The first encoding as written, and whether it is known and the only one."""
    found: dict[str, None] = {}
    for name, value in fields:
        if name == "content-transfer-encoding":
            found[value.strip().lower().decode("latin-1")[:_TOKEN_LIMIT]] = None
            if b"(" in value:
                reasons.add(Reason.HEADER_COMMENT)
    if not found:
        return "7bit", True
    if sum(name == "content-transfer-encoding" for name, _ in fields) > 1:
        reasons.add(Reason.ENCODING_REPEATED)
    if not found.keys() <= _ENCODINGS:
        reasons.add(Reason.ENCODING_UNKNOWN)
    return next(iter(found)), len(found) == 1 and found.keys() <= _ENCODINGS


def _disposition(heads: list[bytes]) -> str:
    """The disposition that says "attachment" most: attachment, one that is unknown, inline, none."""
    tokens = [head.partition(b"(")[0].strip().lower().decode("latin-1")[:_TOKEN_LIMIT] for head in heads]
    return min((token for token in tokens if token), key=_disposition_rank, default="")


def _disposition_rank(token: str) -> int:
    return {"attachment": 0, "inline": 2}.get(token, 1)


def _is_contested(types: tuple[str, ...], encoding: str, decodable: bool, reasons: set[Reason]) -> bool:
    """Whether another reading of a container is a file, or is decoded before parts are looked for."""
    rank = _rank(types[0])
    if rank > 1:
        return False
    plain = decodable and encoding in UNENCODED
    if rank == 0 and not plain:
        reasons.add(Reason.ENCODING_ON_MULTIPART)
    if rank == 1 and not plain:
        reasons.add(Reason.ENCODING_ON_MESSAGE)
    misread = not plain if rank == 0 else not decodable
    return misread or any(_rank(other) != rank and is_attachment(other) for other in types[1:])
