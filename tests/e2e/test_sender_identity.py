# SPDX-License-Identifier: GPL-3.0-or-later
"""Who mail is from, on a real Postfix with a real name server: signed going out, proved coming back."""

import secrets
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import dkim  # type: ignore[import-untyped]
import dns.resolver
import pytest

from bed import Bed, compose
from bed.gate import Gate
from bed.nameserver import NameServer, txt
from bed.outside import Departed
from bed.process import wait_for
from gate.dkimkeys import ed25519_key, record, rsa_key
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.snapshot.encode import encode

pytestmark = pytest.mark.e2e

OFFICE, SECOND, THIRD = "soctrang.gov.vn", "so.soctrang.gov.vn", "huyen.soctrang.gov.vn"
WRITER, READER = f"canbo1@{OFFICE}", f"canbo2@{OFFICE}"
EDWARD, UNSIGNED = f"canbo1@{SECOND}", f"canbo1@{THIRD}"
CITIZEN = "congdan@example.org"
DESK = f"vanphong@{OFFICE}"
USERS = dict.fromkeys((WRITER, READER, EDWARD, UNSIGNED), "Mat-Khau-7894")
DIRECTORY = encode(
    [
        *(Mailbox(user, Kind.PERSON) for user in USERS),
        Mailbox(DESK, Kind.UNIT, unit="Văn phòng", managers=(WRITER,)),
    ],
    [Unit("Văn phòng", head=WRITER)],
    datetime.now(UTC),
)
MX = f"mx.{OFFICE}"
SITE = """
regulation = "soctrang-59-2024"
trusted_networks = ["127.0.0.1/32"]
domains = ["{domains}"]
[duties.sender-domain]
mode = "enforce"
[gate.identity]
nameservers = ["{nameserver}"]
authserv_ids = ["{mx}"]
[gate.identity.dkim."{office}"]
selector = "s2026"
key = "{rsa}"
[gate.identity.dkim."{second}"]
selector = "ed"
key = "{edward}"
"""


@pytest.fixture(scope="module")
def names(nsd: None) -> Iterator[NameServer]:
    zone = [txt("s2026._domainkey", record(rsa_key())), txt("ed._domainkey.so", record(ed25519_key()))]
    with NameServer({OFFICE: zone}) as running:
        yield running


@pytest.fixture(scope="module")
def gate(names: NameServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    folder = tmp_path_factory.mktemp("keys")
    files = {"rsa": folder / "rsa.pem", "edward": folder / "edward.pem"}
    for file, key in ((files["rsa"], rsa_key()), (files["edward"], ed25519_key())):
        file.write_bytes(key)
        file.chmod(0o400)
    domains = '", "'.join((OFFICE, SECOND, THIRD))
    site = SITE.format(
        domains=domains, nameserver=names.address, mx=MX, office=OFFICE, second=SECOND, **files
    )
    with Gate(site, directory=DIRECTORY) as running:
        yield running


@pytest.fixture(scope="module")
def office(gate: Gate) -> Iterator[Bed]:
    with Bed(OFFICE, USERS, milter=gate.milter) as running:
        yield running


def departed(office: Bed, mail: EmailMessage | bytes, by: str = "user", sender: str = WRITER) -> Departed:
    """Send to somebody outside, and take what has left."""
    to = f"{secrets.token_hex(8)}@example.org"
    if by == "user":
        assert office.send_as_user(mail, sender, to).accepted
    elif by == "host":
        assert office.send_as_host(mail, sender, to).accepted
    else:
        office.sendmail(mail, sender, to)
    return wait_for(lambda: next(iter(office.outside.departed(to)), None), 15, "the mail to leave")


def keys(names: NameServer) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], names.port
    return resolver


def is_signed(mail: Departed, names: NameServer) -> bool:
    """Whether dkimpy verifies the signature with the key that DNS gives."""

    def look_up(name: bytes, timeout: float = 5) -> bytes:
        [answer] = keys(names).resolve(name.decode(), "TXT")
        return b"".join(answer.strings)

    return bool(dkim.verify(mail.content, dnsfunc=look_up))


def raw(body: bytes, author: str = WRITER, more: bytes = b"") -> bytes:
    header = f"From: {author}\r\nTo: {CITIZEN}\r\nSubject: Tra loi\r\n".encode()
    return header + more + b"\r\n" + body


LONG_SUBJECT = "Về việc trả lời đơn đề nghị của công dân về thủ tục hành chính " * 4
BIG = compose(WRITER, CITIZEN, LONG_SUBJECT)
BIG.add_attachment(
    secrets.token_bytes(10 * 1024 * 1024), maintype="application", subtype="pdf", filename="a.pdf"
)
LETTERS: dict[str, EmailMessage | bytes] = {
    "ordinary": compose(WRITER, CITIZEN, LONG_SUBJECT),
    "10 MB": BIG,
    "8bit": raw(
        "Kính gửi: \t ông bà \r\n".encode(), more=b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n"
    ),
    "empty": raw(b""),
    "blank lines": raw(b"\r\n\r\n"),
    "dots and spaces": raw(b".\r\n..\r\n  . \t \r\na \r\n \r\n\r\n"),
    "longest lines": raw(b"x" * 998 + b"\r\n" + b"y " * 499 + b"\r\n"),
    "folded": raw(
        b"x\r\n", more=b"References: <1@example.org>\r\n\t  <2@example.org>\r\n <3@example.org>\r\n"
    ),
    "no date": raw(b"x\r\n"),
}


@pytest.mark.parametrize("name", LETTERS)
def test_what_users_send_leaves_signed(office: Bed, names: NameServer, name: str) -> None:
    assert is_signed(departed(office, LETTERS[name]), names)


def test_postfix_cuts_a_line_above_998_octets_and_the_signature_is_lost(
    office: Bed, names: NameServer
) -> None:
    assert not is_signed(departed(office, raw(b"x" * 999 + b"\r\n")), names)


@pytest.mark.parametrize("by", ["host", "program"])
def test_what_the_hosts_own_programs_write_leaves_signed(office: Bed, names: NameServer, by: str) -> None:
    assert is_signed(departed(office, compose(WRITER, CITIZEN, "Thông báo"), by), names)


@pytest.mark.parametrize(
    ("mail", "by", "sender"),
    [
        (compose(UNSIGNED, CITIZEN, "Không có khóa"), "user", UNSIGNED),
        (compose(CITIZEN, CITIZEN, "Chuyển tiếp"), "host", CITIZEN),
        (raw(b"x\r\n", more=b"Received: from mail.example.org by mx\r\n"), "host", CITIZEN),
    ],
    ids=["a domain without a key", "another's mail", "what came from elsewhere"],
)
def test_nothing_else_is_signed(office: Bed, mail: EmailMessage | bytes, by: str, sender: str) -> None:
    assert b"dkim-signature" not in departed(office, mail, by, sender).content.lower()


def returned(office: Bed, content: bytes, sender: str = CITIZEN) -> int:
    """Deliver as a host on the Internet, byte by byte; the code of the reply."""
    with smtplib.SMTP("127.0.0.1", office.postfix.mx_port) as server:
        server.ehlo()
        server.docmd("XCLIENT", "ADDR=203.0.113.7 NAME=mx.example.org")
        server.ehlo()
        server.mail(sender)
        server.rcpt(READER)
        return server.data(content)[0]


@pytest.mark.parametrize("author", [WRITER, EDWARD])
def test_our_own_mail_passes_when_it_comes_back_whole_and_not_when_it_was_changed(
    office: Bed, author: str
) -> None:
    mine = departed(office, compose(author, CITIZEN, "Gửi danh sách"), sender=author).content
    listed = b"List-Id: <ds.example.org>\r\nSender: ds@example.org\r\n" + mine
    assert returned(office, listed) == 250
    assert returned(office, listed, sender=author) == 250
    assert returned(office, listed + b"-- \r\nDanh sach\r\n") == 550
    assert returned(office, listed.replace(b"Subject: ", b"Subject: [ds] ", 1)) == 550


def test_a_forger_is_refused_and_so_is_whoever_forges_proof(office: Bed) -> None:
    forged = raw(b"x\r\n")
    proof = f"Authentication-Results: {MX}; dkim=pass header.d={OFFICE}\r\n".encode()
    assert returned(office, forged) == 550
    assert returned(office, b"Received: from mail.example.org by mx\r\n" + proof + forged) == 550


def test_forged_results_are_taken_out_and_others_stay(office: Bed) -> None:
    mail = compose(CITIZEN, READER, "Chào")
    for server in (MX, "mx.example.org", MX, MX):
        mail["Authentication-Results"] = f"{server}; dkim=pass header.d={OFFICE}"
    del mail["Message-ID"]
    mail["Message-ID"] = f"<{secrets.token_hex(8)}@example.org>"
    content = b"Received: from mail.example.org by mx\r\n" + mail.as_bytes()
    assert returned(office, content) == 250
    arrived = office.wait_for_mail(READER, lambda one: one["Message-ID"] == mail["Message-ID"])
    assert arrived.get_all("Authentication-Results") == [f"mx.example.org; dkim=pass header.d={OFFICE}"]


def test_what_was_looked_at_is_counted(office: Bed, gate: Gate) -> None:
    from urllib.request import urlopen

    returned(office, raw(b"x\r\n"))
    with urlopen(f"http://127.0.0.1:{gate.metrics_port}/metrics", timeout=10) as answer:
        served = answer.read().decode()
    assert 'mailgate_sender_proofs_total{outcome="unproved"}' in served
    assert 'mailgate_sender_proofs_total{outcome="unproved"} 0.0' not in served


def test_a_units_manager_sends_as_the_unit_and_nobody_else_does(office: Bed) -> None:
    mail = compose(DESK, READER, "Thông báo của văn phòng")
    assert office.send_as_user(mail, WRITER, READER, sender=DESK).accepted
    assert office.send_as_user(mail, WRITER, READER).accepted
    refused = office.send_as_user(mail, READER, WRITER, sender=DESK)
    assert "[PW-ST-sender-domain]" in str(refused.answer)
    assert not office.send_as_user(mail, READER, WRITER).accepted
