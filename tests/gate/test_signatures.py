# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found of S/MIME in real signed mail: good, broken, wrapped by a list, hostile."""

from email.message import EmailMessage
from random import Random

import pytest

from gate.signedmail import (
    AUTHOR,
    LATE,
    ROOT,
    SCAN,
    STRANGERS,
    VANTHU,
    found,
    mail,
    soundness,
    verifier,
    wire,
)
from mailgate.mime import bounds
from mailgate.scanner import scan_message
from mailgate.signatures.entities import TooManyPartsError, read
from mailpolicy.message import Headers
from mailpolicy.smime import Smime, smime
from signing import Signer, content_of, plain_pdf, with_footer

# S/MIME


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        (VANTHU, "valid"),
        (ROOT.issue("Chi ky", AUTHOR), "valid"),
        (LATE, "expired"),
        (STRANGERS, "untrusted"),
        (ROOT.issue("Chua den ngay", AUTHOR, life=(1, 30)), "untrusted"),
        (ROOT.issue("Khoa ma hoa", AUTHOR, signing=False), "untrusted"),
    ],
    ids=["good", "another", "expired", "other-root", "not-yet", "key-not-for-signing"],
)
def test_a_mails_signature_is_judged_by_its_certificate(signer: Signer, expected: str, opaque: bool) -> None:
    (one,) = found(signer.smime(mail(), opaque=opaque))
    assert (one["signed"], one["soundness"], one["whole"]) == ("mail", expected, True)
    assert one["addresses"] == [AUTHOR]


def test_the_content_is_verified_byte_by_byte() -> None:
    signed = VANTHU.smime(mail())
    assert soundness(signed.replace(b"WFhY", b"WFhZ", 1)) == ["tampered"]
    assert soundness(signed.replace("Kính".encode(), "Xính".encode(), 1)) == ["tampered"]
    assert soundness(signed.replace(b"Subject: ", b"Subject: Fwd: ", 1)) == ["valid"]


def test_a_changed_opaque_content_is_tampered_with() -> None:
    content, outer = content_of(mail())
    cms = VANTHU.cms(content, "-binary", "-nodetach", "-nosmimecap", "-outform", "DER")
    made = EmailMessage()
    made["From"] = AUTHOR
    made.set_content(
        cms.replace(b"XXXX", b"XXXY", 1) if b"XXXX" in cms else cms.replace(b"WFhY", b"WFhZ", 1),
        maintype="application",
        subtype="pkcs7-mime",
        filename="smime.p7m",
    )
    assert outer
    assert soundness(wire(made)) == ["tampered"]


def test_a_weak_hash_is_not_trusted() -> None:
    content, outer = content_of(mail())
    assert soundness(outer + VANTHU.cms(content, "-md", "sha1", "-crlfeol")) == ["untrusted"]


def test_a_list_that_added_a_footer_leaves_the_signed_part_verifiable() -> None:
    (one,) = found(with_footer(VANTHU.smime(mail())))
    assert (one["soundness"], one["whole"]) == ("valid", False)


def test_a_signed_mail_that_is_only_attached_says_nothing_of_the_mail() -> None:
    outer = EmailMessage()
    outer["From"] = AUTHOR
    outer.set_content("Xem thư kèm")
    raw = wire(outer).removesuffix(b"\r\n")
    wrapped = (
        b'From: x@example.org\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\n'
        + raw.partition(b"\r\n\r\n")[2]
        + b"\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n"
        + VANTHU.smime(mail())
        + b"\r\n--o--\r\n"
    )
    assert found(wrapped, documents=True) == []
    fields, scan = scan_message(wrapped)
    assert smime(Headers(fields), scan.parts) is Smime.NONE


def test_the_name_tells_an_opaque_mail_whose_type_says_nothing() -> None:
    signed = VANTHU.smime(mail(), opaque=True)
    assert found(signed.replace(b"pkcs7-mime", b"octet-stream")) == found(signed)


def test_without_roots_a_signature_is_present() -> None:
    assert soundness(VANTHU.smime(mail()), roots=False) == ["present"]
    assert soundness(STRANGERS.smime(mail(), opaque=True), roots=False) == ["present"]


@pytest.mark.parametrize(
    "signature",
    [b"", b"0", b"\x30\x80" * 5000, b"\x30\x84\xff\xff\xff\xff", b"khong phai CMS", bytes(range(256)) * 40],
)
def test_what_is_no_cms_is_unreadable_and_breaks_nothing(signature: bytes) -> None:
    made = EmailMessage()
    made.set_content(signature, maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    pair = (
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nthu\r\n--b\r\n" + wire(made) + b"\r\n--b--\r\n"
    )
    assert soundness(pair) == ["unreadable"]


@pytest.mark.parametrize("at", range(-160, 0, 17))  # its signed attributes, and the signature itself
def test_a_damaged_signature_is_never_valid(at: int) -> None:
    content, _ = content_of(mail())
    cms = bytearray(VANTHU.cms(content, "-binary", "-nosmimecap", "-outform", "DER"))
    cms[at] ^= 0x55
    assert verifier().over_cms(bytes(cms), content).soundness.value != "valid"


# Presence by types alone, as the scanner tells them


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (VANTHU.smime(mail()), Smime.SIGNED),
        (VANTHU.smime(mail(), opaque=True), Smime.SIGNED),
        (with_footer(VANTHU.smime(mail())), Smime.SIGNED),
        (with_footer(VANTHU.smime(mail(), opaque=True)), Smime.SIGNED),
        (VANTHU.smime(mail(), opaque=True).replace(b"pkcs7-mime", b"octet-stream"), Smime.SIGNED),
        (wire(mail()), Smime.NONE),
        (VANTHU.smime(mail()).replace(b"pkcs7-signature", b"pgp-signature"), Smime.NONE),
        (VANTHU.smime(mail(), opaque=True).replace(b"signed-data", b"enveloped-data"), Smime.ENCRYPTED),
        (VANTHU.smime(mail(), opaque=True).replace(b"signed-data", b"certs-only"), Smime.NONE),
    ],
    ids=[
        "detached",
        "opaque",
        "footer",
        "opaque-footer",
        "by-name",
        "plain",
        "pgp",
        "encrypted",
        "certificates",
    ],
)
def test_types_alone_tell_what_is_signed(raw: bytes, expected: Smime) -> None:
    fields, scan = scan_message(raw)
    assert smime(Headers(fields), scan.parts) is expected


# Exact bytes


def test_parts_are_cut_out_exactly() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\none\r\n\r\n--bc\r\n\r\n--b  \r\n\r\ntwo\r\n--b--\r\nepilogue"
    )
    one, two = read(raw).children
    assert one.exact == b"Content-Type: text/plain\r\n\r\none\r\n\r\n--bc\r\n"
    assert (two.exact, two.decoded()) == (b"\r\ntwo", b"two")


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
            for n in range(bounds.MAX_DEPTH + 2)
        ),
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n\r\n" * bounds.MAX_PARTS,
    ],
    ids=["deep", "many"],
)
def test_bounds_end_the_examination(raw: bytes) -> None:
    with pytest.raises(TooManyPartsError):
        read(raw)


def test_a_message_of_nothing_can_be_read() -> None:
    assert read(b"\r\n").decoded() == b""


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_breaks_the_examination(seed: int) -> None:
    files = ("a.pdf", VANTHU.pdf(plain_pdf())), ("b.docx.p7s", VANTHU.detached(SCAN))
    random = Random(seed)  # noqa: S311 - the same mutations in every run
    raws = [VANTHU.smime(mail(*files), opaque=opaque) for opaque in (False, True)]
    for _ in range(25):
        raw = bytearray(raws[random.randrange(2)])
        for _ in range(random.randrange(1, 8)):
            at = random.randrange(len(raw))
            raw[at : at + random.choice((0, 1, 30))] = random.randbytes(random.choice((0, 1, 2)))
        found(bytes(raw), documents=True)
