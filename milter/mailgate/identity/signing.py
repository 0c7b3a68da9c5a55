# SPDX-License-Identifier: GPL-3.0-or-later
"""The office's own DKIM signature (RFC 6376, 5): what it covers, and how it is made as mail streams."""

import base64
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from dkim import select_headers  # type: ignore[import-untyped]

from mailgate.identity.bodyhash import BodyHash
from mailgate.identity.publickey import RSA_HASH, RSA_PADDING
from mailgate.identity.signature import FIELD, MOST_SIGNED, Fields, header_hash

# RFC 5322, 3.6 allows one of each: signed once more than they are there, so that none can be added (8.15).
ONCE = (
    *("from", "sender", "reply-to", "to", "cc", "subject", "date"),
    *("message-id", "in-reply-to", "references"),
)
SIGNED = frozenset(
    {
        *ONCE,
        *("mime-version", "content-type", "content-transfer-encoding", "content-disposition"),
        *("resent-date", "resent-from", "resent-to", "resent-cc", "resent-message-id"),
        *("list-id", "list-help", "list-unsubscribe", "list-subscribe", "list-post", "list-archive"),
    }
)
WIDTH = 72  # characters of a line of the field


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and the domain and selector under which its public half is published."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        """The signature algorithm as a= names it."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(digest, RSA_PADDING, RSA_HASH)
        return self.key.sign(digest)


@dataclass(slots=True)
class Signing:
    """One message on its way out: body(), then value(), once. Both canonical forms are relaxed."""

    key: SigningKey
    fields: Fields
    _body: BodyHash = field(default_factory=lambda: BodyHash(relaxed=True))

    def body(self, chunk: bytes) -> None:
        """Take some of the body."""
        self._body.update(chunk)

    def value(self) -> str | None:
        """Return the value of the DKIM-Signature field; None if there are too many fields to sign."""
        relevant = [(name.encode("latin-1"), value) for name, value in self.fields if name.lower() in SIGNED]
        names = _names([name.decode("latin-1").lower() for name, _ in relevant])
        if len(names) > MOST_SIGNED:
            return None
        unsigned = self._tags(names)
        signed = select_headers(relevant, [name.encode("latin-1") for name in names])
        digest = header_hash(signed, (FIELD.encode(), unsigned.encode()), relaxed=True)
        encoded = base64.b64encode(self.key.sign(digest)).decode("ascii")
        return unsigned + "\n\t ".join(encoded[at : at + WIDTH] for at in range(0, len(encoded), WIDTH))

    def _tags(self, names: list[str]) -> str:
        body_hash = base64.b64encode(self._body.digest()).decode("ascii")
        listed = "\n\t ".join(_folded(names))
        return (
            f"v=1; a={self.key.algorithm}; c=relaxed/relaxed; d={self.key.domain};\n"
            f"\ts={self.key.selector}; t={int(time.time())};\n"
            f"\th={listed};\n"
            f"\tbh={body_hash};\n\tb="
        )


def _names(there: list[str]) -> list[str]:
    """The names for h=: each as often as it is there, those of ONCE that are there once more; always From."""
    more = [name for name in ONCE if name in there or name == "from"]
    return [*Counter(there).elements(), *more]


def _folded(names: list[str]) -> Iterator[str]:
    """The names joined by colons, in lines."""
    line = ""
    for name in names:
        if line and len(line) + len(name) > WIDTH:
            yield line
            line = ""
        line += f"{name}:"
    yield line.removesuffix(":")
