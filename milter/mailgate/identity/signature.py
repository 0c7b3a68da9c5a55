# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM-Signature fields (RFC 6376, 3.5): reading those that can prove something, and what they sign.

Tags, their checks and the choice of fields are dkimpy's; what strangers may stretch is bounded before.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dkim import select_headers, validate_signature_fields  # type: ignore[import-untyped]
from dkim.canonicalization import Relaxed  # type: ignore[import-untyped]
from dkim.util import parse_tag_value  # type: ignore[import-untyped]

from mailpolicy.address import ascii_domain

FIELD = "DKIM-Signature"
LONGEST = (
    8192  # bytes of a field that is read; with an RSA key of 4096 bits and all fields signed it takes 2,000
)
MOST_SIGNED = 100  # names in h=
ALGORITHMS = {b"rsa-sha256": "rsa", b"ed25519-sha256": "ed25519"}
FORMS = {b"simple": False, b"relaxed": True}

Fields = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that proves its domain's word if body, key and header agree with it.

    `name` and `value` are the field as received. `algorithm` is "rsa" or "ed25519", with SHA-256; `signed`
    are the names in h=, in lower case; `identity` is the domain of i=.
    """

    name: str
    value: bytes
    domain: str
    selector: str
    identity: str
    algorithm: str
    relaxed_header: bool
    relaxed_body: bool
    signed: tuple[bytes, ...]
    body_hash: bytes
    signature: bytes

    def header_hash(self, fields: Fields) -> bytes:
        """Return the SHA-256 of the signed fields and of this field without its signature (3.7)."""
        # With From once more, a second From that nobody signed breaks the signature.
        wanted = [*self.signed, b"from"]
        names = {name.decode("latin-1") for name in wanted}
        relevant = [
            (name.encode("latin-1"), value)
            for name, value in fields
            if name.isascii() and name.lower() in names
        ]
        own = (self.name.encode("ascii"), without_signature(self.value))
        return header_hash(select_headers(relevant, wanted), own, relaxed=self.relaxed_header)


def header_hash(signed: Sequence[tuple[bytes, bytes]], own: tuple[bytes, bytes], *, relaxed: bool) -> bytes:
    """Return the SHA-256 of the signed fields in this order and of the signature's own, its b= empty."""
    canonical = _relaxed if relaxed else _simple
    return hashlib.sha256(b"".join(map(canonical, signed)) + canonical(own).removesuffix(b"\r\n")).digest()


def _relaxed(field: tuple[bytes, bytes]) -> bytes:
    [(name, value)] = Relaxed.canonicalize_headers([field])
    return bytes(name + b":" + value)


def _simple(field: tuple[bytes, bytes]) -> bytes:
    """The field as it was on the wire, where Postfix has eaten the one space that may follow the colon."""
    name, value = field
    space = b"" if value[:1] in (b"\t", b"\r", b"\n") else b" "
    return name + b":" + space + value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def without_signature(value: bytes) -> bytes:
    """Return the field's value with that of its tag b= taken out."""
    tags = value.split(b";")
    for position, tag in enumerate(tags):
        name, equals, _ = tag.partition(b"=")
        if name.strip() == b"b":
            tags[position] = name + equals
    return b";".join(tags)


def read(name: str, value: bytes) -> Signature | None:
    """Read a DKIM-Signature field; None if it is malformed, or can prove nothing.

    Nothing is proved by a signature over only the beginning of the body (l=), nor by SHA-1 (RFC 8301, 3.1).
    """
    if len(value) > LONGEST:
        return None
    try:
        # dkimpy's patterns take time with the square of white space: each run of it becomes one space.
        tags = parse_tag_value(b" ".join(value.split()))
        validate_signature_fields(tags)
        return None if b"l" in tags else _signature(name, value, tags)
    except Exception:  # dkimpy raises errors of several kinds for malformed fields, IndexError among them
        return None


def _signature(name: str, value: bytes, tags: Mapping[bytes, bytes]) -> Signature | None:
    """Take the tags apart. Raises KeyError or ValueError for what is not known here."""
    header_form, _, body_form = tags.get(b"c", b"simple").partition(b"/")
    signed = tuple(part.strip().lower() for part in tags[b"h"].split(b":"))
    if b"from" not in signed or len(signed) > MOST_SIGNED:
        return None
    domain = tags[b"d"].decode("ascii")
    identity = tags.get(b"i", b"").decode("ascii", "replace").rpartition("@")[2]
    return Signature(
        name,
        value,
        ascii_domain(domain),
        tags[b"s"].decode("ascii"),
        ascii_domain(identity or domain),
        ALGORITHMS[tags[b"a"]],
        FORMS[header_form],
        FORMS[body_form or b"simple"],
        signed,
        decoded(tags[b"bh"]),
        decoded(tags[b"b"]),
    )


def decoded(text: bytes) -> bytes:
    """Decode base64 with white space in it. Raises ValueError for anything else."""
    return base64.b64decode(b"".join(text.split()), validate=True)
