# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters of an office: who writes to whom about what, in which encoding, and in which SMTP session."""

import base64
import quopri
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from gate import ordinary_words as words
from gate.ordinary import word
from gate.ordinary_office import LOGIN_HOST, OUTSIDE_HOST, Office
from mailgate.saved import Assumed
from mailpolicy.directory import Mailbox

SCAN = 14 * 1024 * 1024  # bytes, decoded
_CHUNK = 57 * 1_000


@dataclass(frozen=True)
class Mail:
    """One mail at the door. `pieces` makes its bytes anew each time; a large one is never whole in memory."""

    kind: str
    pieces: Callable[[], Iterator[bytes]]
    session: Assumed


@dataclass(frozen=True)
class Letter:
    """The head of a letter: who writes to whom about what."""

    author: str
    sender: str
    to: tuple[str, ...]
    subject: str
    fields: tuple[str, ...] = ()

    def head(self, content: str) -> str:
        lines = [
            f"From: {self.author}",
            f"To: {', '.join(self.to)}",
            f"Subject: {self.subject}",
            "Date: Sat, 21 Nov 2026 08:00:00 +0700",
            f"Message-ID: <{abs(hash_of(self.author + self.subject))}@example.org>",
            "MIME-Version: 1.0",
            *self.fields,
            content,
        ]
        return "\r\n".join(lines) + "\r\n\r\n"


def hash_of(text: str) -> int:
    """A number that is the same in every run."""
    return int.from_bytes(text.encode()[-12:], "big")


class Writer:
    """Writes the mail of one office, from a seed."""

    def __init__(self, office: Office, seed: int = 2026) -> None:
        self.office = office
        self.random = Random(seed)  # noqa: S311 (mail, no secrets)

    def line(self, lines: tuple[str, ...]) -> str:
        return self.random.choice(lines).replace("{n}", str(self.random.randint(1, 12)))

    def text(self, lines: tuple[str, ...], count: int = 8) -> str:
        body = [self.line(lines) for _ in range(self.random.randint(2, count))]
        return "\r\n".join([*body, "", *self.line(words.FOOTERS).split("\n")]) + "\r\n"

    def subject(self, subjects: tuple[str, ...]) -> str:
        subject = self.line(subjects)
        return subject if subject.isascii() or self.random.random() < 0.1 else word(subject)

    def person(self) -> Mailbox:
        return self.random.choice(self.office.people)

    def colleagues(self) -> tuple[str, ...]:
        boxes = [*self.office.people, *self.office.units]
        return tuple(box.address for box in self.random.sample(boxes, self.random.randint(1, 4)))

    def shown(self, box: Mailbox) -> str:
        return f"{word(f'{box.name} - {box.unit}')} <{box.address}>"

    def outsider(self) -> str:
        name = self.random.choice(("nguoidan", "congty", "partner", "to.dan.pho", "hotro"))
        domain = self.random.choice(("example.org", "example.com", "gmail.com", "yahoo.com.vn", "hcm.vnn.vn"))
        return f"{name}{self.random.randint(1, 99)}@{domain}"

    def by_login(self, box: Mailbox, to: tuple[str, ...]) -> Assumed:
        login = box.address if box in self.office.people else self.office.people[0].address
        return Assumed(box.address, to, login=login, client=LOGIN_HOST)

    def written(self, subjects: tuple[str, ...], to: tuple[str, ...], *fields: str) -> tuple[Letter, Assumed]:
        """A letter that a person of the office writes."""
        box = self.person()
        return Letter(self.shown(box), box.address, to, self.subject(subjects), fields), self.by_login(
            box, to
        )

    def received(self, subject: str, *fields: str, author: str = "") -> tuple[Letter, Assumed]:
        """A letter from outside, to one or two mailboxes."""
        address = author or self.outsider()
        to = self.colleagues()[:2]
        name = self.random.choice(("Nguyen Van", "Công ty", "=?UTF-8?B?Q8O0bmcgdHk=?=", "Support"))
        shown = f'"{name}" <{address}>' if not name.startswith("=?") else f"{name} <{address}>"
        passed = f"Received: from mail.example.org ([{OUTSIDE_HOST}])\r\n\tby mx (Postfix) with ESMTPS id 4Q"
        letter = Letter(shown, address, to, subject, (passed, *fields))
        return letter, Assumed(address, to, client=OUTSIDE_HOST)


def mail(kind: str, letter: Letter, session: Assumed, content: tuple[str, bytes]) -> Mail:
    raw = letter.head(content[0]).encode() + content[1]
    return Mail(kind, lambda: iter((raw,)), session)


def plain(text: str, charset: str = "utf-8", encoding: str = "8bit") -> tuple[str, bytes]:
    """A text as Content-* fields and body."""
    data = text.encode(charset, "replace")
    if encoding == "base64":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}", data


def page(text: str, style: str = "font-family:'Times New Roman'") -> tuple[str, bytes]:
    """The text as Outlook writes HTML."""
    lines = "".join(
        f'<p class="MsoNormal"><span style="{style}">{line}<o:p></o:p></span></p>\r\n'
        for line in text.split("\r\n")
    )
    whole = (
        f"<html><head><style>p.MsoNormal {{ margin:0 }}</style></head><body>{lines}&nbsp;</body></html>\r\n"
    )
    return "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", whole.encode()


def mixed(*parts: tuple[str, bytes], kind: str = "mixed") -> tuple[str, bytes]:
    """A multipart of these."""
    body = b"".join(b"--b-%d\r\n%s\r\n\r\n%s\r\n" % (len(kind), head.encode(), data) for head, data in parts)
    return f'Content-Type: multipart/{kind}; boundary="b-{len(kind)}"', body + b"--b-%d--\r\n" % len(kind)


def file(name: str, kind: str = "application/pdf") -> tuple[str, bytes]:
    """An attached file."""
    shown = name if name.isascii() else word(name)
    head = f'Content-Type: {kind}; name="{shown}"\r\nContent-Disposition: attachment; filename="{shown}"'
    data = base64.encodebytes(bytes(range(256)) * 20).replace(b"\n", b"\r\n")
    return head + "\r\nContent-Transfer-Encoding: base64", data


def scanned(letter: Letter) -> Iterator[bytes]:
    """A letter with a scan of 14 MB, in pieces."""
    head, body = mixed(plain("Kính gửi các đơn vị bản quét.\r\n"), file("scan0001.pdf"))
    before, empty, _ = body.rpartition(b"\r\n\r\n--b-5--")[0].rpartition(b"\r\n\r\n")
    yield letter.head(head).encode() + before + empty
    piece = base64.encodebytes(bytes(_CHUNK)).replace(b"\n", b"\r\n")
    for _ in range(SCAN // _CHUNK):
        yield piece
    yield b"\r\n--b-5--\r\n"
