# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mail asks for mailboxes: told by its subject, its files' names, and its writer's own words."""

import re
import unicodedata
from collections.abc import Iterator

from mailpolicy.headertext import composed
from mailpolicy.message import Message
from mailpolicy.text.visible import own_words

THINGS = (
    *("hộp thư", "tài khoản thư", "tài khoản email", "tài khoản mail", "mật khẩu thư", "mật khẩu email"),
    *("thư điện tử công vụ", "email công vụ"),
    *("mailbox", "mailboxes", "email account", "email accounts", "mail account", "mail accounts"),
)
ACTS = (
    *("cấp", "tạo", "lập", "mở", "thêm", "bổ sung", "hủy", "huỷ", "xóa", "xoá", "đổi", "thu hồi"),
    *("điều chỉnh", "cập nhật", "khôi phục", "lấy lại", "danh sách"),
    *("create", "new", "add", "delete", "remove", "cancel", "change", "reset", "list of"),
)
"""What is done with one, in the words before it; the list of them is named the same way."""
ASKING = (
    *("đề nghị", "yêu cầu", "xin", "kính mong", "mong", "nhờ", "đăng ký"),
    *("please", "request", "we need", "i need"),
)
NOT_IT = ("góp ý", "tố giác", "thoại", "đường dây", "hai", "ba", "tư", "năm", "sáu", "bảy", *"234567")
"""After `hộp thư`: a box for complaints, voice mail; without marks, the day of a meeting (`họp thứ hai`)."""
NEAR = 8  # words between an act and its thing
_REACH = 100  # characters that so many words may take
_WORD = re.compile(r"[^\W_]+")


def where_asked(message: Message) -> str:
    """Return where a mail asks for mailboxes: `subject`, `file name` or `text`; "" if it does not."""
    if any(_speaks_of_it(subject) for subject in message.headers.text("Subject")):
        return "subject"
    if any(_speaks_of_it(name) for part in message.parts for name in part.filenames):
        return "file name"
    if any(_speaks_of_it(text) and _asks(text) for text in _texts(message)):
        return "text"
    return ""


def _texts(message: Message) -> Iterator[str]:
    return (own_words(part) for part in message.parts if part.sample)


def _speaks_of_it(text: str) -> bool:
    words = _words(text)
    return any(_is_acted_on(words, thing) for thing in _spelled(THINGS, words))


def _is_acted_on(words: str, thing: str) -> bool:
    """Whether the thing is named with an act in the words before it."""
    at = words.find(f" {thing} ")
    while at >= 0:
        end = at + len(thing) + 1
        before = " ".join(words[max(0, at - _REACH) : at].split()[-NEAR:])
        other = any(words.startswith(f" {after} ", end) for after in _spelled(NOT_IT, words))
        if not other and _has(f" {before} ", ACTS, words):
            return True
        at = words.find(f" {thing} ", end)
    return False


def _has(window: str, phrases: tuple[str, ...], words: str) -> bool:
    [gives] = _spelled(("cung cấp",), words)  # to give, not to issue
    window = window.replace(f" {gives} ", " ")
    return any(f" {phrase} " in window for phrase in _spelled(phrases, words))


def _asks(text: str) -> bool:
    words = _words(text)
    return _has(words, ASKING, words)


def _words(text: str) -> str:
    """The words in lower case, one space around each."""
    return f" {' '.join(_WORD.findall(composed(text).casefold()))} "


def _spelled(phrases: tuple[str, ...], words: str) -> tuple[str, ...]:
    """The phrases as the writer would spell them: without marks where he uses none."""
    return tuple(map(_bare, phrases)) if words.isascii() else phrases


def _bare(phrase: str) -> str:
    decomposed = unicodedata.normalize("NFD", phrase.replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
