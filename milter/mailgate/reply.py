# SPDX-License-Identifier: GPL-3.0-or-later
"""The words strangers and users read: SMTP refusals and the mark in the header. Nothing private is in them.

SMTP replies are ASCII (RFC 5321, 4.2), so Vietnamese is written without its marks, with English below it.
"""

import textwrap
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

from mailgate.effects import Reply
from mailpolicy.citation import article_vi
from mailpolicy.parameters import AttachmentCap, StateSecrets
from mailpolicy.regulation import Duty, Regulation

MARK = "X-Postwarden"
"""The header field the gate writes; it is taken out of mail that comes with one already."""
LINES = 8  # for each language; libmilter takes 32
WIDTH = 300  # characters of text in a line; with codes and CRLF below the 512 octets of RFC 5321, 4.5.3.1.5


@dataclass(frozen=True, slots=True)
class Wording:
    """How a duty's refusal reads, and what its sender can do. The refusals may use the fields of _VALUES."""

    code: str
    xcode: str
    vietnamese: str
    english: str
    help_vi: str
    help_en: str


def _cap(duty: Duty) -> dict[str, object]:
    cap = cast(AttachmentCap, duty.parameters)
    vi, en = ("mỗi tệp", "per file") if cap.per == "file" else ("mỗi thư", "per message")
    return {"limit": cap.limit_mb, "per_vi": vi, "per_en": en}


def _law(duty: Duty) -> dict[str, object]:
    return {"law": cast(StateSecrets, duty.parameters).law}


_VALUES: Mapping[str, Callable[[Duty], dict[str, object]]] = {"attachment-cap": _cap, "state-secrets": _law}


def _read_wordings() -> dict[str, Wording]:
    text = files("mailgate").joinpath("wordings.toml").read_text("utf-8")
    return {code: Wording(**table) for code, table in tomllib.loads(text).items()}


WORDINGS = _read_wordings()


def refusal(duty: Duty, regulation: Regulation) -> Reply:
    """Word the refusal of a message that breaks this duty, citing regulation and article."""
    wording = WORDINGS[duty.code]
    values = _VALUES[duty.code](duty) if duty.code in _VALUES else {}
    tag = f"[PW-{regulation.short}-{duty.code}]"
    vietnamese = f"{tag} {wording.vietnamese.format(**values)} {_cited_vi(duty, regulation)}"
    english = f"{tag} {wording.english.format(**values)} {_cited_en(duty, regulation)}"
    return Reply(wording.code, wording.xcode, (*_lines(vietnamese), *_lines(english)))


def malformed() -> Reply:
    """Word the refusal of a message with broken MIME: no regulation is cited, for none speaks of it."""
    return Reply(
        "550",
        "5.6.0",  # media error
        (
            "[PW-malformed] Cau truc MIME khong ro rang: moi phan mem thu co the doc mot cach. "
            "Hay soan lai va gui bang phan mem thu thong dung.",
            "[PW-malformed] Its MIME structure is not clear: mail programs may each read it in another way. "
            "Please write it again in a common mail program.",
        ),
    )


def temporary() -> Reply:
    """Word the answer to a message that could not be judged: the sender's server tries again."""
    return Reply(
        "451",
        "4.3.0",
        (
            "[PW-tempfail] Chua kiem tra duoc thu nay. May chu gui se tu dong gui lai.",
            "[PW-tempfail] This message could not be checked just now. Please try again later.",
        ),
    )


def mark(code: str, article: str, regulation: Regulation) -> str:
    """Return what the header says of one finding, as in `spam-report; ST 9.4`; without article the code."""
    return f"{code}; {regulation.short} {ascii_text(article)}" if article else code


def _cited_vi(duty: Duty, regulation: Regulation) -> str:
    return f"({article_vi(duty.article)}, {regulation.citation_vi})"


def _cited_en(duty: Duty, regulation: Regulation) -> str:
    articles = ascii_text(duty.article).replace("can cu", "legal basis")
    word = "Articles" if len(duty.articles) > 1 else "Article"
    return f"({word} {articles}, {regulation.citation_en})"


def _lines(text: str) -> list[str]:
    return textwrap.wrap(ascii_text(text), WIDTH, break_on_hyphens=False, max_lines=LINES, placeholder=" ...")


def ascii_text(text: str) -> str:
    """Return Vietnamese without its marks; any other character that is not printable ASCII becomes "?"."""
    plain = text.translate(_PLAIN)
    bare = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return "".join(char if " " <= char <= "~" else "?" for char in bare)


_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "–": "-", "—": "-"} | dict.fromkeys("“”", '"') | dict.fromkeys("‘’", "'")
)
