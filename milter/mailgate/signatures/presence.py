# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a document carries a signature, by the marks its format demands, not what that is worth."""

import base64
import binascii
import io
import re
import zipfile

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the OID of CMS SignedData (RFC 5652, 5.1), in DER
NO_SIGNERS = b"\x31\x00"  # an empty SET at its end: certificates only, as a .p7b file holds
CMS_NAMES = (".p7s", ".p7m", ".p7b", ".p7c")
ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,20}-----([A-Za-z0-9+/=\s]+)-----END")
SUBFILTERS = (b"/adbe.pkcs7", b"/adbe.x509", b"/ETSI.CAdES")  # ISO 32000-1, 12.8.3


def cms_of(data: bytes) -> bytes:
    """Return the CMS SignedData in a file, without PEM armour; b"" if it is none, or nobody signed it."""
    if (found := ARMOUR.match(data.lstrip())) is not None:
        try:
            data = base64.b64decode(found[1])
        except binascii.Error:
            return b""
    elif data[:2] == b"MI":  # base64 without armour
        data = _bare_base64(data)
    is_cms = data[:1] == b"\x30" and SIGNED_DATA in data[:32]
    return data if is_cms and not data.endswith(NO_SIGNERS) else b""


def _bare_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except binascii.Error:
        return data


def is_pdf(data: bytes) -> bool:
    """Whether readers take it for a PDF: its mark is in the first kilobyte."""
    return b"%PDF-" in data[:1024]


def pdf_signed(data: bytes) -> bool:
    """Whether a PDF holds a signature: these marks can't be compressed, for the signature counts bytes."""
    return b"/ByteRange" in data and any(subfilter in data for subfilter in SUBFILTERS)


def ooxml_signed(data: bytes) -> bool:
    """Whether an Office document (ISO/IEC 29500-2) holds a signature."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return any(name.startswith("_xmlsignatures/") and name.endswith(".xml") for name in names)
