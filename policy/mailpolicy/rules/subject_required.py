# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that the office sends without a subject."""

import unicodedata

from mailpolicy.context import Context
from mailpolicy.message import Message, Origin
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Finding

# What mail clients put before, or in place of, a subject; compared in lower case.
PREFIXES = ("re", "fw", "fwd", "aw", "wg", "tr", "rv", "sv", "vs", "tl", "trả lời", "chuyển tiếp", "hồi đáp")
PLACEHOLDERS = frozenset(
    {
        "no subject",
        "none",
        "no title",
        "untitled",
        "untitled message",
        "(no subject line)",
        "không có chủ đề",
        "không chủ đề",
        "không có tiêu đề",
        "không tiêu đề",
        "chưa có tiêu đề",
        "chưa có chủ đề",
        "khong co chu de",
        "khong chu de",
        "khong co tieu de",
        "khong tieu de",
    }
)


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find mail of the office's own people whose subject is missing or says nothing.

    Mail that arrives from outside is not the office's to title. Automatic mail (RFC 3834) and reports
    with the null sender are passed over.
    """
    if not _sent_by_the_office(message, context) or not message.envelope.sender or message.headers.automatic:
        return None
    subjects = message.headers.text("Subject")
    if any(says_something(subject) for subject in subjects):
        return None
    what = "says nothing" if any(map(str.strip, subjects)) else "is blank" if subjects else "is missing"
    evidence = {"fields": len(message.headers.positions("Subject"))}
    return Finding(duty.code, duty.article, f"the subject {what}", evidence)


def says_something(subject: str) -> bool:
    """Whether any letter or digit is left once reply marks and mail clients' placeholders are taken off."""
    text = "".join(char for char in unicodedata.normalize("NFKC", subject) if not _invisible(char))
    text = _without_prefixes(" ".join(text.lower().split()))
    if text.strip("()[]<>{}\"'*-. ") in PLACEHOLDERS:
        return False
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def _invisible(char: str) -> bool:
    """Zero-width and other format characters, and the Hangul fillers: letters that show nothing."""
    return unicodedata.category(char) == "Cf" or char in "\u115f\u1160"


def _without_prefixes(text: str) -> str:
    """Take off `Re:`, `Fwd:`, `Re[2]:`, `Trả lời:` and the like, however many there are."""
    while True:
        head, colon, rest = text.partition(":")
        if not colon or head.strip().partition("[")[0].strip() not in PREFIXES:
            return text
        text = rest.strip()


def _sent_by_the_office(message: Message, context: Context) -> bool:
    if message.origin is Origin.LOGIN:
        return True
    return message.origin is Origin.TRUSTED and context.is_official(message.envelope.sender)
