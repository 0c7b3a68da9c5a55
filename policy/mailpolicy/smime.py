# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mail is signed or encrypted (RFC 8551, RFC 3156), as its MIME types say; nothing is decoded."""

from enum import StrEnum

from mailpolicy.message import Headers, Part

DETACHED = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
OPAQUE_NAME = "smime.p7m"  # tells, whatever the type (RFC 8551, 3.10)
ENCRYPTED = ("enveloped-data", "encrypted")  # of smime-type: authEnveloped-data too
NO_SIGNATURE = ("certs-only", "compressed-data")


class Smime(StrEnum):
    """What the MIME structure of a message says of S/MIME."""

    NONE = "none"
    SIGNED = "signed"
    ENCRYPTED = "encrypted"  # whether it is signed inside can't be seen


def smime(headers: Headers, parts: tuple[Part, ...]) -> Smime:
    """Say from types alone whether a mail is S/MIME-signed. A signed mail that is attached does not count.

    A multipart/signed may lie inside others, as when a list added a footer.
    """
    if len(parts) == 1:
        return _opaque(headers, parts[0])
    attached = tuple(f"{part.path}." for part in parts if part.container and part.type == "message/rfc822")
    signed = [part.path for part in parts if part.type == "multipart/signed" and part.container]
    for part in parts:
        around = part.path.rpartition(".")[0] or "TEXT"
        inside = not part.path.startswith(attached)
        if inside and part.type in DETACHED and around in signed:
            return Smime.SIGNED
        if inside and (part.filename or "").lower() == OPAQUE_NAME:
            return Smime.SIGNED
    return Smime.NONE


def is_encrypted(headers: Headers, parts: tuple[Part, ...]) -> bool:
    """Whether the whole mail is encrypted, by S/MIME or by PGP/MIME (RFC 1847, 2.2)."""
    if smime(headers, parts) is Smime.ENCRYPTED:
        return True
    return bool(parts) and parts[0].container and parts[0].type == "multipart/encrypted"


def _opaque(headers: Headers, part: Part) -> Smime:
    if part.type not in OPAQUE and (part.filename or "").lower() != OPAQUE_NAME:
        return Smime.NONE
    declared = b" ".join(headers.raw("Content-Type")).decode("latin-1").lower()
    if any(kind in declared for kind in ENCRYPTED):
        return Smime.ENCRYPTED
    return Smime.NONE if any(kind in declared for kind in NO_SIGNATURE) else Smime.SIGNED
