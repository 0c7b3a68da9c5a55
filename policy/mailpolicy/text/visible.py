# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader sees of a text part, HTML without its tags; and which of it its sender wrote himself."""

import html
import re
from dataclasses import replace

from mailpolicy.message import Part

_UNSEEN = ("style", "script", "head", "title")
_BLOCK = re.compile(
    r"<(?:/?(?:p|div|t[drh]|table|li|ul|ol|h[1-6]|blockquote|body)|[bh]r)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
# Lines above a mail that is quoted whole, folded; what follows is somebody else's text.
_QUOTE_BEGINS = (
    "-----original message-----",
    "---------- forwarded message",
    "-------- forwarded message --------",
    "-------- original message --------",
    "-------- thư gốc --------",
    "-------- thư đã chuyển tiếp --------",
    "---------- thông báo được chuyển tiếp",
    "begin forwarded message:",
    "bắt đầu thư được chuyển tiếp:",
    "________________________________",
)
_FROM = ("from:", "từ:", "người gửi:")
_SENT = ("sent:", "date:", "to:", "đã gửi:", "ngày:", "ngày gửi:", "gửi:", "đến:", "tới:")
# What HTML has in front of a mail that is answered: Gmail, Thunderbird, Apple, Yahoo, Outlook.
_QUOTE_ELEMENTS = (
    'class="gmail_quote',
    'class="moz-cite-prefix',
    "<blockquote",
    'class="yahoo_quoted',
    'id="divrplyfwdmsg',
    'id="appendonsend',
    "border-top:solid #e1e1e1",
    "border-top:solid #b5c4df",
)
_WROTE = (" wrote:", " đã viết:", " viết:")


def is_html(part: Part) -> bool:
    """Whether a part's text is HTML."""
    return part.type == "text/html"


def visible(part: Part) -> str:
    """Return the text of a part's sample as it is shown. Takes time linear in its length."""
    if not is_html(part):
        return part.sample
    text = part.sample
    for name in _UNSEEN:
        text = _without(text, name)
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", text)))


def _without(text: str, name: str) -> str:
    """Take out elements whose content is not shown; one that is never closed stays."""
    kept, position, folded = [], 0, text.lower()
    if len(folded) != len(text):
        return text
    while (start := folded.find(f"<{name}", position)) >= 0:
        end = folded.find(f"</{name}", start)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end
    return "".join(kept) + text[position:]


def own_words(part: Part) -> str:
    """Return what its sender wrote: without quoted lines, and up to where a whole mail is quoted."""
    own: list[str] = []
    lines = [line.strip() for line in visible(_unquoted(part)).splitlines()]
    folded = [line.casefold() for line in lines if line]
    for number, (line, text) in enumerate(zip(filter(None, lines), folded, strict=True)):
        if text.startswith(_QUOTE_BEGINS) or _is_copied_head(folded, number):
            break
        if not text.startswith(">") and not text.endswith(_WROTE):
            own.append(line)
    return "\n".join(own)


def _unquoted(part: Part) -> Part:
    """Cut HTML where mail programs begin the mail that is answered."""
    if not is_html(part):
        return part
    folded = part.sample.lower()
    begins = [at for mark in _QUOTE_ELEMENTS if (at := folded.find(mark)) >= 0]
    return replace(part, sample=part.sample[: min(begins)]) if begins else part


def _is_copied_head(folded: list[str], number: int) -> bool:
    """Whether another mail's head is copied here, as Outlook does: From: in one line, Sent: in the next."""
    following = folded[number + 1] if number + 1 < len(folded) else ""
    return folded[number].startswith(_FROM) and following.startswith(_SENT)
