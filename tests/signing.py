# SPDX-License-Identifier: GPL-3.0-or-later
"""Real signatures for tests: an authority, its certificates, S/MIME by openssl, PDF signatures by pyHanko."""

import copy
import datetime as dt
import io
import subprocess
import tempfile
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

DAY = dt.timedelta(days=1)
LIFE = (-30, 365)  # days from now
LIST_FOOTER = "-- \r\nDanh sách thư của cơ quan\r\n"


@dataclass(frozen=True)
class Signer:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    issuer: "Signer | None" = None

    @classmethod
    def authority(cls, name: str = "Co quan chung thuc") -> Self:
        """A root that signs certificates."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(_certificate(name, key, name, key, ca=True), key)

    def issue(
        self, name: str, *addresses: str, life: tuple[int, int] = LIFE, signing: bool = True
    ) -> "Signer":
        """A person's or an office's certificate; `life` in days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        made = _certificate(name, key, str(issuer), self.key, addresses=addresses, life=life, signing=signing)
        return Signer(made, key, self)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as PEM."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def cms(self, content: bytes, *options: str) -> bytes:
        """What `openssl cms -sign` makes of it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            (path / "cert.pem").write_bytes(self.pem)
            (path / "key.pem").write_bytes(self.key_pem)
            command = ["openssl", "cms", "-sign", "-md", "sha256", "-signer", "cert.pem", "-inkey", "key.pem"]
            done = subprocess.run(
                [*command, *options], input=content, cwd=folder, capture_output=True, check=True
            )
        return done.stdout

    def smime(self, mail: EmailMessage, *, opaque: bool = False) -> bytes:
        """The mail with its content signed, lines ended by CRLF; its other fields stay outside."""
        content, outer = content_of(mail)
        signed = self.cms(content, "-crlfeol", *(["-nodetach"] if opaque else []))
        return outer + signed

    def detached(self, document: bytes) -> bytes:
        """A .p7s file for a document."""
        return self.cms(document, "-binary", "-outform", "DER")

    def pdf(self, document: bytes, field: str = "Chu ky 1") -> bytes:
        """The PDF, signed."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            (path / "cert.pem").write_bytes(self.pem)
            (path / "key.pem").write_bytes(self.key_pem)
            signer = signers.SimpleSigner.load(str(path / "key.pem"), str(path / "cert.pem"))  # type: ignore[no-untyped-call]
        assert signer is not None
        writer = IncrementalPdfFileWriter(io.BytesIO(document))
        meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
        out = signers.sign_pdf(writer, meta, signer=signer)
        return bytes(out.getvalue())


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    addresses: tuple[str, ...] = (),
    life: tuple[int, int] = LIFE,
    ca: bool = False,
    signing: bool = True,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + life[0] * DAY)
        .not_valid_after(now + life[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(signing=signing and not ca, ca=ca, agreeing=not signing), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if addresses:
        names = x509.SubjectAlternativeName([x509.RFC822Name(address) for address in addresses])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, signing: bool, ca: bool, agreeing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signing,
        content_commitment=signing,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=agreeing,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def content_of(mail: EmailMessage) -> tuple[bytes, bytes]:
    """The MIME entity that is signed, and the fields that stay outside, lines ended by CRLF."""
    content, outer = copy.deepcopy(mail), EmailMessage()
    for name, value in mail.items():
        if not name.lower().startswith("content-"):
            del content[name]
            outer[name] = value
    del outer["MIME-Version"]
    return content.as_bytes(policy=SMTP), outer.as_bytes(policy=SMTP).removesuffix(b"\r\n")


def with_footer(signed: bytes, list_id: str = "<danhsach.example.org>") -> bytes:
    """The signed mail as a mailing list sends it on: its content wrapped together with a footer."""
    head, _, body = signed.partition(b"\r\n\r\n")
    fields = head.split(b"\r\n")
    at = next(
        i for i, line in enumerate(fields) if line.lower().startswith((b"content-type", b"mime-version"))
    )
    outer = b"\r\n".join(fields[:at])
    inner = b"\r\n".join(line for line in fields[at:] if not line.lower().startswith(b"mime-version"))
    return (
        outer
        + f"\r\nList-Id: {list_id}\r\nMIME-Version: 1.0\r\n".encode()
        + b'Content-Type: multipart/mixed; boundary="wrapped"\r\n\r\n'
        + b"--wrapped\r\n"
        + inner
        + b"\r\n\r\n"
        + body
        + b"\r\n--wrapped\r\n"
        + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        + LIST_FOOTER.encode()
        + b"\r\n--wrapped--\r\n"
    )


@cache
def plain_pdf(text: str = "De nghi cap moi hop thu") -> bytes:
    """A PDF of one page."""
    stream = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
