# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary mail by the thousand, always the same: every kind of mail that crosses an office's door.

What single programs write is in gate.ordinary; here it travels between people.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from gate import ordinary_words as words
from gate.correspondence import Letter, Mail, Writer, file, mail, mixed, page, plain, scanned
from gate.ordinary import BY_HAND, BY_PROGRAM, word
from gate.ordinary_office import LOGIN_HOST, OUTSIDE_HOST, PROGRAM_HOST, Office
from mailgate.saved import Assumed


def letter_to_colleagues(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    encoding = writer.random.choice(("8bit", "base64", "quoted-printable"))
    return mail(
        "letter to colleagues", letter, session, plain(writer.text(words.SENTENCES_VI), "utf-8", encoding)
    )


def letter_in_two_forms(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    text = writer.text(words.SENTENCES_VI)
    style = writer.random.choice(
        ("font-family:'Times New Roman'", "font-family:.VnTime", "font-family:VNI-Times")
    )
    return mail(
        "letter as text and HTML", letter, session, mixed(plain(text), page(text, style), kind="alternative")
    )


def letter_from_a_mac(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    text = unicodedata.normalize("NFD", writer.text(words.SENTENCES_VI))
    return mail("letter in decomposed letters", letter, session, plain(text))


def answer(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, (writer.outsider(),), "In-Reply-To: <1@example.org>")
    quoted = "\r\n".join("> " + line for line in writer.text(words.SENTENCES_VI).splitlines())
    text = f"{writer.text(words.SENTENCES_VI, 3)}\r\nVào 20/11/2026, người dân đã viết:\r\n{quoted}\r\n"
    return mail(
        "answer with the letter quoted",
        replace(letter, subject="Re: " + letter.subject),
        session,
        plain(text),
    )


def forwarded_in_the_text(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    quoted = f"-----Original Message-----\r\nFrom: a\r\n\r\n{writer.text(words.SENTENCES_VI)}"
    text = f"Kính chuyển anh xem.\r\n\r\n{quoted}"
    return mail("forwarded in the text", letter, session, plain(text))


def forwarded_as_a_file(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    inner = ("Content-Type: message/rfc822", BY_HAND["Gmail"][0].replace("\n", "\r\n").encode())
    return mail("forwarded as a file", letter, session, mixed(plain("Xem thu dinh kem.\r\n"), inner))


def english_letter(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_EN, (writer.outsider(),))
    charset = writer.random.choice(("utf-8", "iso-8859-1", "windows-1252"))
    text = writer.text(words.SENTENCES_EN).encode("latin-1", "replace").decode("latin-1")
    return mail("letter in English", letter, session, plain(text, charset, "quoted-printable"))


def letter_with_files(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, (*writer.colleagues(), writer.outsider()))
    files = [file(name) for name in writer.random.sample(words.FILES, 3)]
    return mail("letter with files", letter, session, mixed(plain(writer.text(words.SENTENCES_VI)), *files))


def units_letter(writer: Writer) -> Mail:
    unit = writer.random.choice(writer.office.units)
    to = (writer.outsider(),)
    letter = Letter(
        f"{word(unit.name)} <{unit.address}>", unit.address, to, writer.subject(words.SUBJECTS_VI)
    )
    text = writer.text(words.SENTENCES_VI)
    return mail("unit's letter by its manager", letter, writer.by_login(unit, to), plain(text))


def notice_to_the_list(writer: Writer) -> Mail:
    agency, to = writer.office.units[0], (writer.office.everybody.address,)
    letter = Letter(
        f"{word(agency.name)} <{agency.address}>", agency.address, to, writer.subject(words.SUBJECTS_VI)
    )
    session = Assumed(agency.address, to, login=agency.address, client=LOGIN_HOST)
    return mail("notice to the office's list", letter, session, plain(writer.text(words.SENTENCES_VI)))


def invitation(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Họp giao ban\r\nEND:VCALENDAR\r\n"
    part = ("Content-Type: text/calendar; charset=utf-8; method=REQUEST", calendar.encode())
    return mail("invitation", letter, session, mixed(plain("Mời họp.\r\n"), part, kind="alternative"))


def signed_letter(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, (writer.outsider(),))
    signature = file("smime.p7s", "application/pkcs7-signature")
    return mail(
        "signed letter (S/MIME)",
        letter,
        session,
        mixed(plain(writer.text(words.SENTENCES_VI)), signature, kind="signed"),
    )


def read_receipt(writer: Writer) -> Mail:
    box, to = writer.person(), (writer.outsider(),)
    letter = Letter(writer.shown(box), "", to, word("Đã đọc: Công văn"), ("Auto-Submitted: auto-replied",))
    report = ("Content-Type: message/disposition-notification", b"Disposition: manual-action; displayed\r\n")
    session = Assumed("", to, login=box.address, client=LOGIN_HOST)
    return mail("read receipt", letter, session, mixed(plain("Thư đã được đọc.\r\n"), report, kind="report"))


def vacation_answer(writer: Writer) -> Mail:
    box, to = writer.person(), (writer.outsider(),)
    fields = (
        "Auto-Submitted: auto-replied (vacation)",
        "X-Sieve: Pigeonhole Sieve 0.5.19",
        "Precedence: bulk",
    )
    letter = Letter(box.address, "", to, "Automatic reply", fields)
    return mail(
        "vacation answer", letter, Assumed("", to, client=PROGRAM_HOST), plain("Tôi đi công tác.\r\n")
    )


def programs_notice(writer: Writer) -> Mail:
    unit, to = writer.office.units[0], writer.colleagues()
    letter = Letter(
        unit.address, unit.address, to, word("Hồ sơ mới chờ xử lý"), ("Auto-Submitted: auto-generated",)
    )
    return mail(
        "program's notice", letter, Assumed(unit.address, to, client=PROGRAM_HOST), page("Có 3 hồ sơ mới.")
    )


def citizens_letter(writer: Writer) -> Mail:
    letter, session = writer.received(writer.subject(words.SUBJECTS_VI))
    return mail("citizen's letter", letter, session, plain(writer.text(words.SENTENCES_VI)))


def citizens_page(writer: Writer) -> Mail:
    letter, session = writer.received(writer.subject(words.SUBJECTS_VI))
    text = writer.text(words.SENTENCES_VI)
    return mail(
        "citizen's letter as HTML", letter, session, mixed(plain(text), page(text), kind="alternative")
    )


def foreign_letter(writer: Writer) -> Mail:
    letter, session = writer.received(writer.line(words.SUBJECTS_EN))
    lines = writer.random.choice((words.SENTENCES_EN, words.SENTENCES_FR))
    text = writer.text(lines).encode("latin-1", "replace").decode("latin-1")
    return mail("foreign letter", letter, session, plain(text, "iso-8859-1", "quoted-printable"))


def newsletter(writer: Writer) -> Mail:
    author, subject = writer.random.choice(words.OFFERS)
    number = str(writer.random.randint(1, 12))
    subject = word(subject.replace("{n}", number))
    letter, session = writer.received(subject, "List-Unsubscribe: <https://example.org/u>", author=author)
    text = writer.text(words.SENTENCES_VI) + "\r\nMẬT ONG RỪNG U MINH\r\nCẬP NHẬT BẢO MẬT\r\nMua ngay"
    return mail("newsletter", letter, session, page(text))


def list_post(writer: Writer) -> Mail:
    fields = ("List-Id: <dien-dan.example.org>", "Precedence: list", "Sender: list-bounces@example.org")
    letter, session = writer.received(f"[dien-dan] {writer.line(words.SUBJECTS_EN)}", *fields)
    session = replace(session, sender="list-bounces@example.org")
    return mail("mailing list's post", letter, session, plain(writer.text(words.SENTENCES_EN, 4), "utf-8"))


def foreign_bounce(writer: Writer) -> Mail:
    letter, session = writer.received(
        "Undelivered Mail Returned to Sender", author="MAILER-DAEMON@example.org"
    )
    report = (
        "Content-Type: message/delivery-status",
        b"Reporting-MTA: dns; mx.example.org\r\n\r\nAction: failed\r\n",
    )
    returned = ("Content-Type: message/rfc822", BY_HAND["Roundcube"][0].replace("\n", "\r\n").encode())
    content = mixed(plain("This is the mail system.\r\n"), report, returned, kind="report")
    return mail("bounce", letter, replace(session, sender=""), content)


def from_a_program_by_hand(writer: Writer) -> Mail:
    """One of gate.ordinary's messages, as a mail from outside."""
    samples = {name: text.encode() for name, (text, _) in BY_HAND.items()}
    samples |= {name: write() for name, (write, _) in BY_PROGRAM.items()}
    name = writer.random.choice(list(samples))
    to = (writer.office.units[0].address,)
    return Mail(
        f"as {name} writes it",
        lambda: iter((samples[name],)),
        Assumed("canbo@example.org", to, client=OUTSIDE_HOST),
    )


def scan(writer: Writer) -> Mail:
    letter, session = writer.written(words.SUBJECTS_VI, writer.colleagues())
    return Mail("scan of 14 MB", lambda: scanned(letter), session)


KINDS: tuple[Callable[[Writer], Mail], ...] = (
    letter_to_colleagues,
    letter_in_two_forms,
    letter_from_a_mac,
    answer,
    forwarded_in_the_text,
    forwarded_as_a_file,
    english_letter,
    letter_with_files,
    units_letter,
    notice_to_the_list,
    invitation,
    signed_letter,
    read_receipt,
    vacation_answer,
    programs_notice,
    citizens_letter,
    citizens_page,
    foreign_letter,
    newsletter,
    list_post,
    foreign_bounce,
    from_a_program_by_hand,
)
SCANS = 350  # one mail in so many is a scan of 14 MB


def mails(office: Office, count: int, seed: int = 2026) -> Iterator[Mail]:
    """Give this many mails of an office, every kind in turn."""
    writer = Writer(office, seed)
    for number in range(count):
        make = scan if number % SCANS == SCANS - 1 else KINDS[number % len(KINDS)]
        yield make(writer)
