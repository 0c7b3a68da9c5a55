# SPDX-License-Identifier: GPL-3.0-or-later
"""Public keys as domains publish them for DKIM (RFC 6376, 3.6.1; RFC 8463)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from dkim.util import InvalidTagValueList, parse_tag_value  # type: ignore[import-untyped]

from mailgate.identity.signature import Signature, decoded

SMALLEST = 1024  # bits of an RSA key; RFC 8301, 3.2
LONGEST = 4096  # bytes of a record; a key of 4096 bits takes 750
RSA_PADDING, RSA_HASH = PKCS1v15(), Prehashed(SHA256())


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that is in force for mail. `strict`: not for signatures in the name of a subdomain (t=s)."""

    key: RSAPublicKey | Ed25519PublicKey
    strict: bool = False

    def verifies(self, signature: Signature, header_hash: bytes) -> bool:
        """Whether the signature is this key's over that hash."""
        if self.strict and signature.identity != signature.domain:
            return False
        try:
            if isinstance(self.key, RSAPublicKey) and signature.algorithm == "rsa":
                self.key.verify(signature.signature, header_hash, RSA_PADDING, RSA_HASH)
            elif isinstance(self.key, Ed25519PublicKey) and signature.algorithm == "ed25519":
                self.key.verify(signature.signature, header_hash)
            else:
                return False
        except InvalidSignature:
            return False
        return True


def read(record: bytes) -> PublicKey | None:
    """Read a TXT record; None if it is no key for mail, revoked, for testing (t=y), or too small."""
    if len(record) > LONGEST:
        return None
    try:
        tags = parse_tag_value(record)
    except InvalidTagValueList:
        return None
    flags = _listed(tags, b"t", b"")
    if tags.get(b"v", b"DKIM1") != b"DKIM1" or b"y" in flags:
        return None
    if b"sha256" not in _listed(tags, b"h", b"sha256") or not {b"*", b"email"} & _listed(tags, b"s", b"*"):
        return None
    key = _key(tags)
    return None if key is None else PublicKey(key, b"s" in flags)


def _listed(tags: Mapping[bytes, bytes], name: bytes, default: bytes) -> set[bytes]:
    return {item.strip() for item in tags.get(name, default).split(b":")}


def _key(tags: Mapping[bytes, bytes]) -> RSAPublicKey | Ed25519PublicKey | None:
    kind = tags.get(b"k", b"rsa")
    try:
        content = decoded(tags.get(b"p", b""))
        if kind == b"ed25519":
            return Ed25519PublicKey.from_public_bytes(content)
        key = load_der_public_key(content) if kind == b"rsa" else None
    except (ValueError, UnsupportedAlgorithm):  # the library refuses some keys that are too small itself
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST else None
