# SPDX-License-Identifier: GPL-3.0-or-later
"""Small messages to begin with, each with something mail is made of, and the tokens they are mixed with."""

import base64
import binascii
from pathlib import Path

from gate import winmail

MAIL = Path(__file__).parents[3] / "shared" / "corpora" / "mail"
LARGEST = 20_000  # bytes of a collected message; a larger one only slows the mutations down

TEXT = "Kính gửi các đơn vị: đề nghị chuẩn bị báo cáo quý.\r\n".encode()
FILE = bytes(range(256)) * 3
HEAD = (
    b"From: =?utf-8?B?Q8OhbiBi4buZ?= <canbo1@soctrang.gov.vn>\r\nTo: vanthu@soctrang.gov.vn\r\n"
    b"Subject: =?utf-8?Q?B=C3=A1o_c=C3=A1o?=\r\nMessage-ID: <1@soctrang.gov.vn>\r\nMIME-Version: 1.0\r\n"
)
BASE64 = base64.encodebytes(FILE).replace(b"\n", b"\r\n")
QUOTED = b"=C3=A1 v=\r\n\xc3\xa0=20\r\n=\r\n = 3D\r\n"
LINES = b"".join(binascii.b2a_uu(FILE[at : at + 45]).replace(b"\n", b"\r\n") for at in range(0, 768, 45))
TITLE = winmail.attribute(winmail.ATTACHMENT, winmail.TITLE, b"a.pdf\0")
WINMAIL = winmail.tnef(winmail.file(b"a.pdf", "tài liệu.pdf".encode("utf-16-le")), winmail.file(b"b.xlsx"))
UUENCODED = b"begin 644 tai lieu.pdf\r\n" + LINES + b"`\r\nend\r\n"

TOKENS = [
    *(b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b" ", b"\t", b"\0", b"=", b"==", b"-", b"--", b":", b";"),
    *(
        b'"',
        b"\\",
        b"(",
        b")",
        b",",
        b"<",
        b">",
        b"@",
        b"'",
        b"%",
        b"*",
        b"\xff",
        b"\xe1\xba\xa1",
        b"\xcc\x81",
    ),
    *(
        b"--a",
        b"--a\r\n",
        b"\r\n--a\r\n",
        b"\r\n--a--\r\n",
        b"\n--a \n",
        b"\r--a\r\n",
        b"x--a",
        b"\r\n--ab\r\n",
    ),
    *(b"--b\r\n", b"\r\n--b--\r\n", b"=C3=A1", b"=\r\n", b"= \r\n", b" \r\n", b"QUJD", b"QQ==", b"QQ==QUJD"),
    *(
        b"begin 644 x\r\n",
        b"\r\nbegin 644 x\n",
        b"#0V%T\r\n",
        b"`\r\nend\r\n",
        b"\nend\n",
        b"\r\nM" + b"A" * 60,
    ),
    *(b"\r\nContent-Type: ", b"\r\nContent-Transfer-Encoding: ", b"\r\nContent-Disposition: ", b"boundary="),
    *(
        b"multipart/mixed; boundary=a",
        b"multipart/digest; boundary=b",
        b"multipart/signed",
        b"message/rfc822",
    ),
    *(b"text/plain", b"text/calendar", b"image/png", b"application/pdf", b"message/delivery-status"),
    *(
        b"base64",
        b"x-uuencode",
        b"quoted-printable",
        b"binary",
        b"attachment",
        b"inline",
        b'; filename="a b"',
    ),
    *(b"; filename*0*=utf-8''%C3%A1", b"; filename*1=b", b"; name==?utf-8?B?QQ==?=", b"; charset=utf-16"),
    *(b"=?utf-8?Q?a?=", b"=?utf-7?B?", b"=?x?", b"?=", b"\r\nSubject: ", b"\r\nX-Sieve-Redirected-From: "),
    *(
        b"\r\nReceived: ",
        b"\r\nAuto-Submitted: auto-generated",
        b"\r\nResent-From: ",
        b"@gmail.com",
        b"From x\r\n",
    ),
    *(WINMAIL[:6], TITLE, TITLE[:9], b"application/ms-tnef", b"name=winmail.dat"),
    *(b"a" * 80, b"(" * 40, b"=?" * 40, b"; a=b" * 30, b"\r\n " * 20),
]


def generated() -> list[bytes]:
    """Return the project's own seeds."""
    plain = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT
    entities = [_entity(b"text/plain; charset=utf-8", b"8bit", TEXT), *_files()]
    mixed = _multipart(b"mixed", b"a", entities)
    nested = _multipart(b"mixed", b"a", [_multipart(b"alternative", b"b", entities[:2]), *entities[2:4]])
    digest = _multipart(b"digest", b"b", [b"\r\n" + HEAD + mixed, b"\r\n" + plain])
    inside = _entity(b"message/rfc822", b"base64", base64.encodebytes(HEAD + mixed))
    forward = b"X-Sieve-Redirected-From: vanthu@soctrang.gov.vn\r\nReceived: by mx; x\r\n"
    return [
        plain,
        HEAD.replace(b"Subject: ", b"Subject:\r\n ") + b"\r\n",
        b"\r\n" + TEXT,
        *(HEAD + body for body in (*entities, mixed, nested, digest, inside)),
        HEAD + _multipart(b"mixed", b"b", [inside, mixed]),
        forward + HEAD + mixed,
        HEAD + b"\r\n" + TEXT + UUENCODED + TEXT,
    ]


def collected() -> list[bytes]:
    """Return the mail that others collected, if there is a collection beside the checkout."""
    files = sorted(path for path in MAIL.rglob("*") if path.is_file() and path.stat().st_size <= LARGEST)
    return [path.read_bytes() for path in files]


def _files() -> list[bytes]:
    pdf = b"application/pdf; name=tailieu.pdf\r\n"
    pdf += b"Content-Disposition: attachment;\r\n filename*=utf-8''t%C3%A0i.pdf"
    return [
        _entity(pdf, b"base64", BASE64),
        _entity(b"text/html", b"quoted-printable", QUOTED),
        _entity(b"application/octet-stream", b"x-uuencode", UUENCODED),
        _entity(b"application/ms-tnef; name=winmail.dat", b"base64", base64.encodebytes(WINMAIL)),
        _entity(b"application/octet-stream; name=winmail.dat", b"binary", WINMAIL),
        _entity(b"image/png\r\nContent-ID: <1@x>\r\nContent-Disposition: inline", b"base64", BASE64),
        _entity(b"message/rfc822", b"7bit", HEAD + b"\r\n" + TEXT),
    ]


def _entity(media_type: bytes, encoding: bytes, content: bytes) -> bytes:
    return b"Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n%s" % (media_type, encoding, content)


def _multipart(subtype: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    head = b"Content-Type: multipart/%s; boundary=%s\r\n\r\n" % (subtype, boundary)
    return head + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary
