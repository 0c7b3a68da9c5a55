# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found of signatures in real signed documents: PDF, files with a signature beside or around them."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from gate.signedmail import (
    LATE,
    ROOT,
    SCAN,
    STRANGERS,
    VANTHU,
    mail,
    soundness,
    verifier,
    wire,
)
from signing import plain_pdf


def test_a_signed_pdf_is_verified() -> None:
    signed = VANTHU.pdf(plain_pdf())
    assert soundness(wire(mail(("a.pdf", signed))), documents=True) == ["valid"]
    assert soundness(wire(mail(("a.pdf", signed))), documents=True, roots=False) == ["present"]
    assert soundness(wire(mail(("a.pdf", signed)))) == []
    assert soundness(wire(mail(("a.pdf", plain_pdf()))), documents=True) == []


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
def test_a_pdfs_signature_is_told_apart(document: bytes, expected: str) -> None:
    assert verifier().over_pdf(document).soundness.value == expected


def test_a_page_changed_after_signing_is_tampering() -> None:
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
    assert verifier().over_pdf(changed).soundness.value == "tampered"


def test_a_signature_beside_its_document_is_verified() -> None:
    files = ("danhsach.docx", SCAN), ("danhsach.docx.p7s", VANTHU.detached(SCAN))
    assert soundness(wire(mail(*files)), documents=True) == ["valid"]
    other = ("danhsach.docx", SCAN + b"!"), files[1]
    assert soundness(wire(mail(*other)), documents=True) == ["tampered"]
    assert soundness(wire(mail(*other)), documents=True, roots=False) == ["present"]


def test_a_document_inside_its_signature_is_verified() -> None:
    inside = VANTHU.cms(SCAN, "-binary", "-nodetach", "-outform", "DER")
    for signature in (inside, VANTHU.cms(SCAN, "-binary", "-nodetach", "-outform", "PEM")):
        made = wire(mail(("congvan.docx.p7m", signature)))
        assert soundness(made, documents=True) == ["valid"]


def test_certificates_alone_are_no_signature(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(ROOT.pem)
    command = ["openssl", "crl2pkcs7", "-nocrl", "-certfile", "c.pem", "-outform", "DER"]
    bag = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert soundness(wire(mail(("chung-thu.p7b", bag))), documents=True, roots=False) == []
    signed = VANTHU.detached(SCAN)
    assert soundness(wire(mail(("chu-ky.p7b", signed))), documents=True, roots=False) == ["present"]


def test_a_signed_office_document_is_present_and_not_verified() -> None:
    def package(*names: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(name, "<x/>")
        return out.getvalue()

    signed = package("word/document.xml", "_xmlsignatures/sig1.xml")
    assert soundness(wire(mail(("a.docx", signed))), documents=True) == ["present"]
    plain = package("word/document.xml")
    assert soundness(wire(mail(("a.docx", plain))), documents=True) == []
    assert soundness(wire(mail(("a.docx", signed[:80]))), documents=True) == []
