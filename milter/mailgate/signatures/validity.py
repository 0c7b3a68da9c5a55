# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a signature holds now: over CMS (RFC 5652) and over PDF, with pyHanko and the site's own roots.

It runs in the examining process only. Nothing is fetched: neither certificates nor lists of revoked ones.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, x509  # type: ignore[import-untyped]
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    async_validate_cms_signature,
    async_validate_detached_cms,
    validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext

from mailpolicy.signature import Soundness

MAX_SIGNATURES = 20  # of one document
EXPIRED = frozenset({AdESIndeterminate.EXPIRED, AdESIndeterminate.OUT_OF_BOUNDS_NO_POE})
DECIDING = (
    Soundness.TAMPERED,
    Soundness.VALID,
    Soundness.EXPIRED,
    Soundness.UNTRUSTED,
    Soundness.UNREADABLE,
)
"""Of several signatures of a document the one that comes first here decides."""
SIGNING = {"digital_signature", "non_repudiation"}
ANY_KEY = KeyUsageConstraints(key_usage=())  # what the key is for is looked at below


@dataclass(frozen=True, slots=True)
class Examined:
    """One signature: `signer` is the certificate's common name, `addresses` are those it names."""

    soundness: Soundness
    signer: str = ""
    addresses: tuple[str, ...] = ()


UNREADABLE = Examined(Soundness.UNREADABLE)


class Verifier:
    """Verifies against the certificates in these PEM files, as of now."""

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = list(load_certs_from_pemder(roots))  # type: ignore[no-untyped-call]

    def _context(self) -> ValidationContext:
        """A context of its own for each signature: one message's certificates never vouch for another."""
        return ValidationContext(
            trust_roots=self._roots,
            allow_fetching=False,
            moment=datetime.now(UTC),
            revocation_mode="soft-fail",
        )

    def over_cms(self, signature: bytes, content: bytes | None) -> Examined:
        """Verify CMS SignedData over `content`, or over what it holds itself if that is None."""
        try:
            signed = cms.ContentInfo.load(signature)["content"]
            coroutine = self._detached(signed, content) if content is not None else self._opaque(signed)
            return _examined(asyncio.run(coroutine))
        except Exception:  # whatever a stranger wrote in place of a signature, it is one that can't be read
            return UNREADABLE

    async def _detached(self, signed: cms.SignedData, content: bytes) -> SignatureStatus:
        return await async_validate_detached_cms(content, signed, self._context(), key_usage_settings=ANY_KEY)

    async def _opaque(self, signed: cms.SignedData) -> SignatureStatus:
        return await async_validate_cms_signature(
            signed, validation_context=self._context(), key_usage_settings=ANY_KEY
        )

    def over_pdf(self, document: bytes) -> Examined:
        """Verify the signatures of a PDF. One that is broken decides; else the best one does."""
        try:
            signatures = PdfFileReader(io.BytesIO(document), strict=False).embedded_regular_signatures
            found = [self._embedded(one) for one in signatures[:MAX_SIGNATURES]]
        except Exception:  # as above
            return UNREADABLE
        return min(found, key=lambda one: DECIDING.index(one.soundness), default=UNREADABLE)

    def _embedded(self, signature: EmbeddedPdfSignature) -> Examined:
        status = validate_pdf_signature(signature, self._context(), key_usage_settings=ANY_KEY)
        found = _examined(status)
        changed = status.modification_level is not None and not status.docmdp_ok
        if changed and found.soundness is Soundness.VALID:
            # What was added to the file after it was signed is more than signatures and filled forms.
            return Examined(Soundness.TAMPERED, found.signer)
        return found


def _examined(status: SignatureStatus) -> Examined:
    certificate = status.signing_cert
    who = (_common_name(certificate), _addresses(certificate))
    if not (status.intact and status.valid):
        return Examined(Soundness.TAMPERED, *who)
    if status.trust_problem_indic is None:
        return Examined(Soundness.VALID if _may_sign(certificate) else Soundness.UNTRUSTED, *who)
    expired = status.trust_problem_indic in EXPIRED
    return Examined(Soundness.EXPIRED if expired else Soundness.UNTRUSTED, *who)


def _may_sign(certificate: x509.Certificate) -> bool:
    """Whether its key is for signing: one that says what it is for must say so (RFC 5280, 4.2.1.3)."""
    usage = certificate.key_usage_value
    return usage is None or bool(usage.native & SIGNING)


def _common_name(certificate: x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else str(name[0])


def _addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the addresses a certificate names, in its subjectAltName or in its subject (RFC 8550, 3)."""
    subject = certificate.subject.native.get("email_address", [])
    named = [subject] if isinstance(subject, str) else subject
    alternative = certificate.subject_alt_name_value or []
    return (*named, *(one.native for one in alternative if one.name == "rfc822_name"))
