# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found of signatures in real signed mail and documents: good ones, broken ones, hostile ones."""

import io
import subprocess
import zipfile
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest

from mailgate.scanner import scan_message
from mailgate.signatures.entities import TooManyPartsError, read
from mailgate.signatures.examine import Examination, Found
from mailgate.signatures.validity import Verifier
from mailpolicy.message import Headers
from mailpolicy.smime import Smime, smime
from signing import Signer, content_of, plain_pdf, with_footer

AUTHOR = "vanthu@monre.gov.vn"
ROOT = Signer.authority()
VANTHU = ROOT.issue("Van thu", AUTHOR)
STRANGERS = Signer.authority("Co quan khac").issue("Nguoi la", AUTHOR)
LATE = ROOT.issue("Het han", AUTHOR, life=(-30, -1))
SCAN = b"X" * 6000


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    root = tmp_path_factory.mktemp("roots") / "root.pem"
    root.write_bytes(ROOT.pem)
    return Verifier([str(root)])


def mail(*files: tuple[str, bytes]) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = AUTHOR, "nguoidan@example.org", "Công văn"
    made.set_content("Kính gửi ông bà,\n\n-- \nFrom nay về sau\n")
    for name, data in files or (("quet.jpg", SCAN),):
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def found(raw: bytes, verifier: Verifier | None, *, documents: bool = False) -> list[Found]:
    return list(Examination(verifier, read(raw)).look(documents=documents))


def soundness(raw: bytes, verifier: Verifier | None, *, documents: bool = False) -> list[object]:
    return [one["soundness"] for one in found(raw, verifier, documents=documents)]


def wire(made: EmailMessage) -> bytes:
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


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
def test_a_mails_signature_is_judged_by_its_certificate(
    verifier: Verifier, signer: Signer, expected: str, opaque: bool
) -> None:
    (one,) = found(signer.smime(mail(), opaque=opaque), verifier)
    assert (one["signed"], one["soundness"], one["whole"]) == ("mail", expected, True)
    assert one["addresses"] == [AUTHOR]


def test_the_content_is_verified_byte_by_byte(verifier: Verifier) -> None:
    signed = VANTHU.smime(mail())
    assert soundness(signed.replace(b"WFhY", b"WFhZ", 1), verifier) == ["tampered"]
    assert soundness(signed.replace("Kính".encode(), "Xính".encode(), 1), verifier) == ["tampered"]
    assert soundness(signed.replace(b"Subject: ", b"Subject: Fwd: ", 1), verifier) == ["valid"]


def test_a_changed_opaque_content_is_tampered_with(verifier: Verifier) -> None:
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
    assert soundness(wire(made), verifier) == ["tampered"]


def test_a_weak_hash_is_not_trusted(verifier: Verifier) -> None:
    content, outer = content_of(mail())
    assert soundness(outer + VANTHU.cms(content, "-md", "sha1", "-crlfeol"), verifier) == ["untrusted"]


def test_a_list_that_added_a_footer_leaves_the_signed_part_verifiable(verifier: Verifier) -> None:
    (one,) = found(with_footer(VANTHU.smime(mail())), verifier)
    assert (one["soundness"], one["whole"]) == ("valid", False)


def test_a_signed_mail_that_is_only_attached_says_nothing_of_the_mail(verifier: Verifier) -> None:
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
    assert found(wrapped, verifier, documents=True) == []
    fields, scan = scan_message(wrapped)
    assert smime(Headers(fields), scan.parts) is Smime.NONE


def test_the_name_tells_an_opaque_mail_whose_type_says_nothing(verifier: Verifier) -> None:
    signed = VANTHU.smime(mail(), opaque=True)
    assert found(signed.replace(b"pkcs7-mime", b"octet-stream"), verifier) == found(signed, verifier)


def test_without_roots_a_signature_is_present(verifier: Verifier) -> None:
    assert soundness(VANTHU.smime(mail()), None) == ["present"]
    assert soundness(STRANGERS.smime(mail(), opaque=True), None) == ["present"]


@pytest.mark.parametrize(
    "signature",
    [b"", b"0", b"\x30\x80" * 5000, b"\x30\x84\xff\xff\xff\xff", b"khong phai CMS", bytes(range(256)) * 40],
)
def test_what_is_no_cms_is_unreadable_and_breaks_nothing(verifier: Verifier, signature: bytes) -> None:
    made = EmailMessage()
    made.set_content(signature, maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    pair = (
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nthu\r\n--b\r\n" + wire(made) + b"\r\n--b--\r\n"
    )
    assert soundness(pair, verifier) == ["unreadable"]


@pytest.mark.parametrize("at", range(-160, 0, 17))  # its signed attributes, and the signature itself
def test_a_damaged_signature_is_never_valid(verifier: Verifier, at: int) -> None:
    content, _ = content_of(mail())
    cms = bytearray(VANTHU.cms(content, "-binary", "-nosmimecap", "-outform", "DER"))
    cms[at] ^= 0x55
    assert verifier.over_cms(bytes(cms), content).soundness.value != "valid"


# Documents


def test_a_signed_pdf_is_verified(verifier: Verifier) -> None:
    signed = VANTHU.pdf(plain_pdf())
    assert soundness(wire(mail(("a.pdf", signed))), verifier, documents=True) == ["valid"]
    assert soundness(wire(mail(("a.pdf", signed))), None, documents=True) == ["present"]
    assert soundness(wire(mail(("a.pdf", signed))), verifier) == []
    assert soundness(wire(mail(("a.pdf", plain_pdf()))), verifier, documents=True) == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (LATE.pdf(plain_pdf()), "expired"),
        (STRANGERS.pdf(plain_pdf()), "untrusted"),
        (VANTHU.pdf(plain_pdf()).replace(b"hop thu", b"hop tho", 1), "tampered"),
        (ROOT.issue("Dau co quan").pdf(VANTHU.pdf(plain_pdf()), "Chu ky 2"), "valid"),
        (STRANGERS.pdf(VANTHU.pdf(plain_pdf()), "Chu ky 2"), "valid"),
        (VANTHU.pdf(plain_pdf())[:-400], "unreadable"),
    ],
    ids=["expired", "other-root", "tampered", "signed-twice", "one-of-two-trusted", "cut-off"],
)
def test_a_pdfs_signature_is_told_apart(verifier: Verifier, document: bytes, expected: str) -> None:
    assert verifier.over_pdf(document).soundness.value == expected


def test_a_page_changed_after_signing_is_tampering(verifier: Verifier) -> None:
    signed = VANTHU.pdf(plain_pdf())
    text = b"BT /F1 18 Tf 72 720 Td (Noi dung khac) Tj ET"
    start = len(signed)
    added = b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(text), text)
    previous = signed.rindex(b"startxref")
    xref_at = int(signed[previous:].split()[1])
    table = b"xref\n4 1\n%010d 00000 n \n" % start
    size = signed.count(b" obj") + 10
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    changed = signed + added + table + trailer % (size, xref_at, start + len(added))
    assert verifier.over_pdf(changed).soundness.value == "tampered"


def test_a_signature_beside_its_document_is_verified(verifier: Verifier) -> None:
    files = ("danhsach.docx", SCAN), ("danhsach.docx.p7s", VANTHU.detached(SCAN))
    assert soundness(wire(mail(*files)), verifier, documents=True) == ["valid"]
    other = ("danhsach.docx", SCAN + b"!"), files[1]
    assert soundness(wire(mail(*other)), verifier, documents=True) == ["tampered"]
    assert soundness(wire(mail(*other)), None, documents=True) == ["present"]


def test_a_document_inside_its_signature_is_verified(verifier: Verifier) -> None:
    inside = VANTHU.cms(SCAN, "-binary", "-nodetach", "-outform", "DER")
    for signature in (inside, VANTHU.cms(SCAN, "-binary", "-nodetach", "-outform", "PEM")):
        made = wire(mail(("congvan.docx.p7m", signature)))
        assert soundness(made, verifier, documents=True) == ["valid"]


def test_certificates_alone_are_no_signature(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(ROOT.pem)
    command = ["openssl", "crl2pkcs7", "-nocrl", "-certfile", "c.pem", "-outform", "DER"]
    bag = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert soundness(wire(mail(("chung-thu.p7b", bag))), None, documents=True) == []
    signed = VANTHU.detached(SCAN)
    assert soundness(wire(mail(("chu-ky.p7b", signed))), None, documents=True) == ["present"]


def test_a_signed_office_document_is_present_and_not_verified(verifier: Verifier) -> None:
    def package(*names: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(name, "<x/>")
        return out.getvalue()

    signed = package("word/document.xml", "_xmlsignatures/sig1.xml")
    assert soundness(wire(mail(("a.docx", signed))), verifier, documents=True) == ["present"]
    plain = package("word/document.xml")
    assert soundness(wire(mail(("a.docx", plain))), verifier, documents=True) == []
    assert soundness(wire(mail(("a.docx", signed[:80]))), verifier, documents=True) == []


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
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(40)),
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n\r\n" * 3000,
    ],
    ids=["deep", "many"],
)
def test_bounds_end_the_examination(raw: bytes) -> None:
    with pytest.raises(TooManyPartsError):
        read(raw)


def test_a_message_of_nothing_can_be_read() -> None:
    assert read(b"\r\n").decoded() == b""


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_breaks_the_examination(verifier: Verifier, seed: int) -> None:
    files = ("a.pdf", VANTHU.pdf(plain_pdf())), ("b.docx.p7s", VANTHU.detached(SCAN))
    random = Random(seed)  # noqa: S311 - the same mutations in every run
    raws = [VANTHU.smime(mail(*files), opaque=opaque) for opaque in (False, True)]
    for _ in range(25):
        raw = bytearray(raws[random.randrange(2)])
        for _ in range(random.randrange(1, 8)):
            at = random.randrange(len(raw))
            raw[at : at + random.choice((0, 1, 30))] = random.randbytes(random.choice((0, 1, 2)))
        found(bytes(raw), verifier, documents=True)
