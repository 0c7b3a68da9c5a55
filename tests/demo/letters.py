# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's mail: who sends what to whom, and what shall become of it."""

from dataclasses import dataclass
from email.message import EmailMessage

from bed.mailclient import compose

OFFICE, MINISTRY = "soctrang.gov.vn", "monre.gov.vn"
VANTHU, CANBO1, CANBO2, DESK = (f"{name}@{OFFICE}" for name in ("vanthu", "canbo1", "canbo2", "xulythurac"))
CITIZEN, COMPANY, PRIVATE = "nguoidan@example.org", "congty@example.com", "hopthu.rieng@gmail.com"
CHUYENVIEN, VANPHONG = f"chuyenvien@{MINISTRY}", f"vanphong@{MINISTRY}"
MB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail of the demo.

    `login` is None for a stranger. `duty` is the one that shall act, "" for none; `code` what Postfix shall
    answer; `ends` are the mailboxes and outside addresses where the mail must be found, and no other.
    """

    what: str
    to: tuple[str, ...]
    sender: str
    login: str | None = None
    author: str = ""
    subject: str = "Trao đổi công việc"
    attached_mb: int = 0
    duty: str = ""
    code: int = 250
    ends: tuple[str, ...] = ()

    def message(self, number: int) -> EmailMessage:
        """The mail itself; the number makes it findable among the others."""
        mail = compose(self.author or self.sender, self.to, self.subject or None)
        mail["X-Demo-Letter"] = str(number)
        if self.attached_mb:
            content = bytes(range(256)) * (self.attached_mb * MB // 256)
            mail.add_attachment(content, maintype="application", subtype="pdf", filename="bản vẽ.pdf")
        return mail


def passes(what: str, sender: str, to: str, *, subject: str = Letter.subject, attached_mb: int = 0) -> Letter:
    """A mail that arrives where it is addressed. People of the offices log in."""
    login = sender if sender.endswith((OFFICE, MINISTRY)) else None
    return Letter(
        what=what, login=login, sender=sender, to=(to,), ends=(to,), subject=subject, attached_mb=attached_mb
    )


SOCTRANG = (
    passes("a citizen writes to the office", CITIZEN, VANTHU),
    passes("a colleague sends a file of 3 MB", CANBO1, VANTHU, attached_mb=3),
    passes("the office answers a citizen", VANTHU, CITIZEN),
    passes("a person forwards by hand to a private mailbox", CANBO1, PRIVATE, subject="Fwd: Giấy mời họp"),
    Letter(
        what="a file of 51 MB is attached",
        login=CANBO1,
        sender=CANBO1,
        to=(COMPANY,),
        attached_mb=51,
        duty="attachment-cap",
        code=552,
    ),
    Letter(
        what="a stranger sends as the office",
        sender=VANTHU,
        to=(CANBO1,),
        duty="sender-domain",
        code=550,
    ),
    Letter(
        what="a stranger puts the office into From: only",
        sender=COMPANY,
        author=VANTHU,
        to=(CANBO1,),
        duty="sender-domain",
        code=550,
    ),
    Letter(
        what="a user sends as somebody else",
        login=CANBO1,
        sender=VANTHU,
        to=(CITIZEN,),
        duty="sender-domain",
        code=550,
    ),
    Letter(
        what="a user works under a private address",
        login=CANBO1,
        sender=CANBO1,
        author=PRIVATE,
        to=(CITIZEN,),
        duty="sender-domain",
        code=550,
    ),
    Letter(
        what="mail for a mailbox that forwards everything to Gmail",
        sender=CITIZEN,
        to=(CANBO2,),
        duty="auto-forward",
        ends=(CANBO2,),
    ),
    Letter(
        what="a suspicious mail is reported, a colleague copied",
        login=CANBO1,
        sender=CANBO1,
        to=(DESK, VANTHU),
        subject="Fwd: Trúng thưởng",
        duty="spam-report",
        ends=(DESK,),
    ),
    Letter(
        what="a suspicious mail with 51 MB is reported",
        login=CANBO1,
        sender=CANBO1,
        to=(DESK,),
        attached_mb=51,
        duty="spam-report",
        ends=(DESK,),
    ),
)


def untitled(what: str, subject: str) -> Letter:
    """A mail of the Ministry that is refused for its subject."""
    return Letter(
        what=what,
        login=CHUYENVIEN,
        sender=CHUYENVIEN,
        to=(CITIZEN,),
        subject=subject,
        duty="subject-required",
        code=550,
    )


MONRE = (
    untitled("mail without a subject", ""),
    untitled("nothing but reply marks", "Re: Fwd:"),
    untitled("what a mail client fills in", "(không có chủ đề)"),
    passes("the same with a subject", CHUYENVIEN, CITIZEN),
    passes("a citizen's mail without a subject", CITIZEN, VANPHONG, subject=""),
)
