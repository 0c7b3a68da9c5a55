# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as an attached file, for every rule that speaks of attachments."""

SIGNATURES = frozenset(
    {
        "application/pgp-signature",
        "application/pgp-encrypted",  # the version part only; the encrypted data is another part
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)
BODY_TEXT = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"}
)
CALENDAR = frozenset({"text/calendar"})
REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
    }
)


def is_attachment(
    media_type: str,
    *,
    parent: str = "",
    disposition: str = "",
    named: bool = False,
    content_id: bool = False,
    in_attached_message: bool = False,
) -> bool:
    """Whether a leaf part is an attached file, as a person would say.

    The first row that fits counts:

    | part | attached? |
    |---|---|
    | anything inside a mail that is itself attached | yes: the whole mail is the attachment |
    | a signature, S/MIME or PGP, whatever its disposition | no |
    | `Content-Disposition: attachment` | yes, whatever its type |
    | a picture in multipart/related with a Content-ID | no: it is shown in the text |
    | a part with a file name | yes |
    | text of the message: plain, HTML or the like | no |
    | an invitation, text/calendar | no |
    | a delivery or read report, the returned header in it | no |
    | a mail | yes, and so is all that is in it |
    | everything else: documents, archives, lone pictures, encrypted data, unknown types | yes |

    `parent` is the type of the enclosing container, "" at the top; `named` is whether it has a file name.
    """
    if in_attached_message:
        return True
    if media_type in SIGNATURES:
        return False
    if disposition == "attachment":
        return True
    if parent == "multipart/related" and content_id and media_type.startswith("image/"):
        return False
    if named:
        return True
    return media_type not in BODY_TEXT | CALENDAR | REPORTS
