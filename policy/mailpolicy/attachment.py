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
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/amp", "text/watch-html"}
)
CALENDAR = frozenset({"text/calendar"})
REPORTS = frozenset(
    {"message/delivery-status", "message/disposition-notification", "message/feedback-report"}
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

    | part | attached? |
    |---|---|
    | anything inside a mail that is itself attached | yes: the whole mail is the attachment |
    | `Content-Disposition: attachment` | yes, whatever its type, except a signature |
    | text of the message: plain or HTML, no file name | no |
    | a picture in multipart/related with a Content-ID, not `attachment` | no: it is shown in the text |
    | S/MIME and PGP signatures | no |
    | an invitation, text/calendar without a file name | no |
    | delivery and read reports | no |
    | everything else: named parts, documents, archives, lone pictures, unknown types | yes |

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
