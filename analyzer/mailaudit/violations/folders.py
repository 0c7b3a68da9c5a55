# SPDX-License-Identifier: GPL-3.0-or-later
"""What a folder is for, told by its name: Dovecot's lines do not say its special use (RFC 6154)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from unicodedata import normalize


class Use(StrEnum):
    """What a folder holds."""

    INBOX = "inbox"
    SENT = "sent"
    FILED = "filed"  # whatever else its owner keeps
    TRASH = "trash"
    SPAM = "spam"
    DRAFTS = "drafts"  # not yet anybody's mail


KEPT = (Use.INBOX, Use.SENT, Use.FILED)
"""What holds mail that came or went, and is to be kept."""

# As Outlook, Thunderbird, Apple Mail, Roundcube, SOGo and Zimbra name them, in lower case.
NAMES: Mapping[Use, tuple[str, ...]] = {
    Use.TRASH: (
        *("trash", "bin", "recycle bin", "deleted", "deleted items", "deleted messages"),
        *("thùng rác", "đã xóa", "thư đã xóa", "mục đã xóa", "tin nhắn đã xóa"),
        *("đã xoá", "thư đã xoá", "mục đã xoá", "tin nhắn đã xoá"),
        *("corbeille", "éléments supprimés", "papierkorb", "gelöscht", "gelöschte elemente"),
        *("удаленные", "удалённые", "корзина", "已删除", "已删除邮件", "废纸篓", "ゴミ箱", "휴지통"),
    ),
    Use.SPAM: (
        *("spam", "junk", "junk mail", "junk e-mail", "junk email", "bulk mail"),
        *("thư rác", "hộp thư rác", "email rác", "e-mail rác", "thư quảng cáo"),
        *("courrier indésirable", "indésirables", "pourriel", "spamverdacht", "junk-e-mail", "спам"),
        *("垃圾邮件", "迷惑メール", "스팸"),
    ),
    Use.DRAFTS: (
        *("drafts", "draft", "templates", "outbox", "nháp", "bản nháp", "thư nháp", "mẫu", "brouillons"),
        *("entwürfe", "черновики", "草稿", "草稿箱", "下書き", "임시보관함"),
    ),
    Use.SENT: (
        *("sent", "sent items", "sent messages", "sent mail", "sent-mail"),
        *("đã gửi", "thư đã gửi", "mục đã gửi", "hộp thư đã gửi", "tin nhắn đã gửi"),
        *("envoyés", "éléments envoyés", "gesendet", "gesendete elemente", "gesendete objekte"),
        *("отправленные", "已发送", "已发送邮件", "送信済み", "보낸편지함"),
    ),
}
BETWEEN = re.compile(r"[/.]")
"""What parts a folder from the one it lies in: the namespace's separator, one of these nearly everywhere."""

_USES = {normalize("NFC", name): use for use, names in NAMES.items() for name in names}


def use_of(folder: str) -> Use:
    """Return what a folder is for; one within the trash, or within spam, is that too."""
    parts = BETWEEN.split(normalize("NFC", folder).lower())
    named = {_USES[part.strip()] for part in parts if part.strip() in _USES}
    if named:
        return next(use for use in NAMES if use in named)
    return Use.INBOX if parts == ["inbox"] else Use.FILED
