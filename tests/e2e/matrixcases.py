# SPDX-License-Identifier: GPL-3.0-or-later
"""For each duty kept at the door a mail that breaks it and its twin, alike in all but that.

A case is built from an office, so that addresses and names are those of its regulation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import cache

from bed import Sent
from e2e.matrixoffice import (
    BLOCKED,
    CITIZEN,
    IDLE,
    PARTNER,
    PRIVATE,
    REVOKED,
    SUSPENDED,
    Office,
)
from signing import Signer, plain_pdf

MIB = 1024 * 1024


@dataclass(frozen=True)
class Post:
    """A mail and its sender's way in: with his login, or as a host on the Internet.

    `reaches` has it in the end, `misses` does not; those it is sent to, if nothing else is said.
    """

    mail: EmailMessage | bytes
    sender: str
    to: tuple[str, ...]
    login: bool = True
    reaches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    @property
    def message_id(self) -> str:
        """The mail's Message-ID."""
        mail = self.mail
        if isinstance(mail, bytes):
            mail = BytesParser(policy=default).parsebytes(mail)
        return str(mail["Message-ID"])

    def send(self, office: Office) -> Sent:
        """Hand it to the office's Postfix."""
        if self.login:
            return office.bed.send_as_user(self.mail, self.sender, self.to)
        return office.bed.send_as_stranger(self.mail, self.sender, self.to)


@dataclass(frozen=True)
class Case:
    """The mail that breaks the duty, and its twin."""

    broken: Post
    twin: Post


def attachment_cap(office: Office) -> Case:
    return Case(
        _own(office, office.me, attached=bytes(MIB + 1)), _own(office, office.me, attached=bytes(MIB))
    )


def subject_required(office: Office) -> Case:
    untitled = office.letter(office.me, office.colleague)
    del untitled["Subject"]
    return Case(Post(untitled, office.me, (office.colleague,)), _own(office, office.me))


def auto_forward(office: Office) -> Case:
    """Two Sieve scripts, one redirecting to public mail and one to a partner's own domain."""
    public, partner = (
        _from_outside(office, f"Người dân <{CITIZEN}>", to, "Đơn đề nghị")
        for to in (office.forwarder, office.keeper)
    )
    to = (office.forwarder,)
    return Case(
        Post(public, CITIZEN, to, login=False, reaches=to, misses=(PRIVATE,)),
        Post(partner, CITIZEN, (office.keeper,), login=False, reaches=(PARTNER,)),
    )


def spam_report(office: Office) -> Case:
    """What is reported is not spread."""
    others = (office.colleague, CITIZEN)
    to = (office.report, *others)
    report = Post(office.letter(office.me, to), office.me, to, reaches=(office.report,), misses=others)
    return Case(report, Post(office.letter(office.me, others), office.me, others))


def sender_domain(office: Office) -> Case:
    false = Post(office.letter(office.colleague, office.keeper), office.me, (office.agency,))
    return Case(false, Post(office.letter(office.me, office.agency), office.me, (office.agency,)))


def provisioning_desk(office: Office) -> Case:
    def request(mailbox: str) -> Post:
        mail = office.letter(mailbox, office.desk, "Đề nghị cấp mới hộp thư theo danh sách.\n")
        document = _signer().pdf(plain_pdf())
        mail.add_attachment(document, maintype="application", subtype="pdf", filename="danh-sach.pdf")
        return Post(mail, mailbox, (office.desk,))

    return Case(request(office.me), request(office.agency))


def online_registration(office: Office) -> Case:
    """A network's welcome, and what it writes about the office's own page."""

    def message(subject: str) -> Post:
        mail = _from_outside(office, "Facebook <notification@facebookmail.com>", office.colleague, subject)
        return Post(mail, "notification@facebookmail.com", (office.colleague,), login=False)

    return Case(message("Welcome to Facebook"), message("Your page was mentioned in a comment"))


def state_secrets(office: Office) -> Case:
    """The mark alone on its line, and a word of everyday life."""

    def text(line: str) -> Post:
        mail = office.letter(office.me, office.colleague, f"Kính gửi.\n\n{line}\n\nTrân trọng.\n")
        return Post(mail, office.me, (office.colleague,))

    return Case(text("TUYỆT MẬT"), text("Đề nghị giữ bí mật đề thi."))


def unicode(office: Office) -> Case:
    """The same words, in TCVN3 and in UTF-8."""

    def text(charset: str, body: bytes) -> Post:
        mail = office.letter(office.me, office.colleague)
        mail.set_payload(body)
        del mail["Content-Type"], mail["Content-Transfer-Encoding"]
        mail["Content-Type"] = f'text/plain; charset="{charset}"'
        mail["Content-Transfer-Encoding"] = "8bit"
        return Post(mail, office.me, (office.colleague,))

    return Case(
        text("x-viet-tcvn5712", b"KYnh g\xf6i \xb6ng Minh.\r\n"),
        text("utf-8", "Kính gửi ông Minh.\r\n".encode()),
    )


def address_format(office: Office) -> Case:
    """A unit's old address, which nobody would be given today."""
    mail = office.letter(office.odd, office.colleague)
    return Case(Post(mail, office.me, (office.colleague,)), _own(office, office.me))


def display_name(office: Office) -> Case:
    bare = office.letter(office.me, office.colleague)
    bare.replace_header("From", f"Minh <{office.me}>")
    return Case(Post(bare, office.me, (office.colleague,)), _own(office, office.me))


def mailing_list(office: Office) -> Case:
    nobody, manager = (
        Post(office.letter(one, office.all), one, (office.all,)) for one in (office.me, office.keeper)
    )
    return Case(nobody, manager)


def digital_signature(office: Office) -> Case:
    """The colleague has been issued a signature and writes to somebody outside."""
    plain, signed = (office.letter(office.colleague, CITIZEN) for _ in range(2))
    return Case(
        Post(plain, office.colleague, (CITIZEN,)),
        Post(_signer().smime(signed), office.colleague, (CITIZEN,)),
    )


def violations(office: Office) -> Case:
    return _stopped(office, SUSPENDED)


def inactivity(office: Office) -> Case:
    return _stopped(office, IDLE)


def emergency_revocation(office: Office) -> Case:
    return _stopped(office, REVOKED)


def spam_spreading(office: Office) -> Case:
    return _stopped(office, BLOCKED)


def _stopped(office: Office, name: str) -> Case:
    """A stopped sender; mail to him still arrives."""
    stopped = office.of(name)
    return Case(_own(office, stopped), _own(office, office.me, to=stopped))


def _own(office: Office, sender: str, *, to: str = "", attached: bytes = b"") -> Post:
    mail = office.letter(sender, to or office.colleague)
    if attached:
        mail.add_attachment(attached, maintype="application", subtype="pdf", filename="bao-cao.pdf")
    return Post(mail, sender, (to or office.colleague,))


def _from_outside(office: Office, author: str, to: str, subject: str) -> EmailMessage:
    mail = office.letter(office.me, to)
    mail.replace_header("From", author)
    mail.replace_header("Subject", subject)
    return mail


@cache
def _signer() -> Signer:
    return Signer.authority().issue("Van phong")


CASES: dict[str, Callable[[Office], Case]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        attachment_cap,
        subject_required,
        auto_forward,
        spam_report,
        sender_domain,
        provisioning_desk,
        online_registration,
        state_secrets,
        unicode,
        inactivity,
        address_format,
        display_name,
        mailing_list,
        digital_signature,
        violations,
        emergency_revocation,
        spam_spreading,
    )
}
