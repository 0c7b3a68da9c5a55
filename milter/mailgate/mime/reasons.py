# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a message is called malformed: the codes that Scan.malformed holds, explained in docs/scanner.md."""

from enum import StrEnum


class Reason(StrEnum):
    """One way in which two readers may disagree on a message, or one bound that it reached."""

    # boundaries
    BOUNDARY_MISSING = "boundary-missing"
    BOUNDARY_OVERLONG = "boundary-overlong"
    BOUNDARY_REPEATED = "boundary-repeated"
    BOUNDARY_CLASH = "boundary-clash"
    BOUNDARY_UNUSED = "boundary-unused"
    BOUNDARY_UNCLOSED = "boundary-unclosed"
    BOUNDARY_LOOSE = "boundary-loose"
    BOUNDARY_AFTER_CR = "boundary-after-cr"
    PART_AFTER_CLOSE = "part-after-close"
    TEXT_AFTER_CLOSE = "text-after-close"
    TEXT_BEFORE_PARTS = "text-before-parts"

    # header fields
    TYPE_REPEATED = "content-type-repeated"
    TYPE_INVALID = "content-type-invalid"
    ENCODING_REPEATED = "transfer-encoding-repeated"
    ENCODING_UNKNOWN = "transfer-encoding-unknown"
    ENCODING_ON_MULTIPART = "transfer-encoding-on-multipart"
    ENCODING_ON_MESSAGE = "transfer-encoding-on-message"
    DISPOSITION_REPEATED = "content-disposition-repeated"
    PARAMETER_REPEATED = "parameter-repeated"
    PARAMETER_BROKEN = "parameter-broken"
    HEADER_COMMENT = "header-comment"
    HEADER_BROKEN = "header-broken"

    # bytes
    NUL = "nul"
    BARE_CR = "bare-cr"
    BASE64_AFTER_PADDING = "base64-after-padding"
    UUENCODE_BROKEN = "uuencode-broken"
    TNEF_BROKEN = "tnef-broken"

    # bounds reached
    TOO_DEEP = "too-deep"
    TOO_MANY_PARTS = "too-many-parts"
    HEADER_OVERLONG = "header-overlong"
    NAME_OVERLONG = "name-overlong"


def note_bare_cr(data: bytes, reasons: set[Reason]) -> None:
    """Add BARE_CR if a CR in the data is not followed by LF. The data must not end between the two."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        reasons.add(Reason.BARE_CR)
