# SPDX-License-Identifier: GPL-3.0-or-later
"""What was verified of incoming mail, as Authentication-Results of method smime (RFC 8601, RFC 7281)."""

import re

from mailgate.effects import DeleteHeader, Edit, InsertHeader
from mailgate.identity import authresults
from mailgate.identity.authresults import FIELD
from mailgate.reply import ascii_text
from mailpolicy.message import Message, Origin
from mailpolicy.signature import Signature, Signatures, Signed, Soundness

RESULTS = {
    Soundness.VALID: "pass",
    Soundness.TAMPERED: "fail",
    Soundness.EXPIRED: "fail",
    Soundness.UNTRUSTED: "fail",
    Soundness.WRONG_SIGNER: "policy",
    Soundness.UNREADABLE: "neutral",
}
ONLY_A_PART = "only a part of the message is signed"
NOT_IN_A_VALUE = re.compile(r"[^A-Za-z0-9.@!#$%&'*+/=?^_`{|}~-]+")


def edits(message: Message, authserv_id: str) -> list[Edit]:
    """Take out results that were forged under this gate's name, and write its own above all fields."""
    if message.origin is not Origin.STRANGER:
        return []
    forged = [
        DeleteHeader(FIELD, occurrence)
        for occurrence, value in enumerate(message.headers.raw(FIELD), 1)
        if _is_forged(value, authserv_id)
    ]
    said = _said(message.signatures)
    written: list[Edit] = [InsertHeader(FIELD, f"{authserv_id}; {said}")] if said else []
    return [*reversed(forged), *written]


def _is_forged(value: bytes, authserv_id: str) -> bool:
    """Whether it claims to be this gate's result; those of other methods may be another milter's."""
    return b"smime" in value.lower() and authresults.read(value).authserv_id == authserv_id.lower()


def _said(signatures: Signatures) -> str:
    """The result, or "" where nothing was looked at or nothing is signed."""
    mail = signatures.of(Signed.MAIL)
    if mail:
        return "; ".join(_result(one) for one in mail)
    return f'smime=temperror reason="{signatures.uninspected}"' if signatures.uninspected else ""


def _result(signature: Signature) -> str:
    result, reason = RESULTS[signature.soundness], signature.soundness.value
    if signature.soundness is Soundness.VALID:
        result, reason = (result, "") if signature.whole else ("policy", ONLY_A_PART)
    address = NOT_IN_A_VALUE.sub("?", ascii_text(signature.address))
    who = f" body.smime-identifier={address}" if address else ""
    return f"smime={result}" + (f' reason="{reason}"' if reason else "") + who
