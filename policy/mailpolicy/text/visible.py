# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader sees of a text part, HTML without its tags; and which of it its sender wrote himself."""

import html
import re

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


def own_words(text: str) -> str:
    """Return what its sender wrote: without quoted lines, and up to where a whole mail is quoted."""
    own = []
    for line in text.splitlines():
        folded = line.strip().casefold()
        if folded.startswith(_QUOTE_BEGINS):
            break
        if not folded.startswith(">") and not folded.endswith(_WROTE):
            own.append(line)
    return "\n".join(own)
