# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found of digital signatures in a message: which there are, and whether they hold."""

from dataclasses import dataclass
from enum import StrEnum


class Signed(StrEnum):
    """What a signature is over."""

    MAIL = "mail"  # S/MIME (RFC 8551)
    DOCUMENT = "document"


class Soundness(StrEnum):
    """What is known of a signature."""

    PRESENT = "present"  # it is there; nobody verified it
    VALID = "valid"
    TAMPERED = "tampered"  # what was signed is not what is there, or the signature is not the key's
    EXPIRED = "expired"  # the certificate was valid once
    UNTRUSTED = "untrusted"  # no way from the certificate to a root the site trusts, or too weak an algorithm
    WRONG_SIGNER = "wrong-signer"  # sound, but the certificate does not name the author of the mail
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. `signer` is the certificate's common name or "", `name` the signed file's name or "".

    `whole` is false of a mail whose signature is over a part of it only, as when a list added a footer.
    `address` is a mail address the certificate names, the author's if it names him, or "".
    """

    signed: Signed
    soundness: Soundness
    signer: str = ""
    name: str = ""
    whole: bool = True
    address: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """What a second look at a message found. `uninspected` is why it could not be done, "" if it was.

    `looked` is whether there was a second look at all; most messages get none.
    """

    found: tuple[Signature, ...] = ()
    looked: bool = False
    uninspected: str = ""

    def of(self, signed: Signed) -> tuple[Signature, ...]:
        """Those over the mail, or those over documents."""
        return tuple(one for one in self.found if one.signed is signed)


NO_SECOND_LOOK = Signatures()
