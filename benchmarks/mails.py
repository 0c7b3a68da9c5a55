# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages that are measured with: an ordinary small one, large ones, and some made to be slow."""

import base64
import random
from collections.abc import Sequence
from functools import cache

from gate.milterclient import Mail

ON_THE_WIRE = 78 / 57  # bytes for each byte in base64, line ends included
SENDER, RECIPIENT = "<canbo1@soctrang.gov.vn>", "<vanthu@soctrang.gov.vn>"
BOUNDARY = b"=_b47"

Fields = Sequence[tuple[bytes, bytes]]


def mail(fields: Fields, body: bytes) -> Mail:
    """Wrap content into the envelope of a user who is logged in."""
    login = SENDER.strip("<>")
    return Mail(SENDER, [RECIPIENT], [*_HEAD, *fields], body, login=login)


_HEAD: Fields = [
    (b"From", b"=?utf-8?B?Q8OhbiBi4buZ?= <canbo1@soctrang.gov.vn>"),
    (b"To", b"vanthu@soctrang.gov.vn"),
    (b"Subject", b"=?utf-8?B?R2nhuqV5IG3hu51pIGjhu41w?= tu\xe1\xba\xa7n 47"),
    (b"Date", b"Fri, 20 Nov 2026 09:00:00 +0700"),
    (b"Message-ID", b"<benchmark.1@soctrang.gov.vn>"),
    (b"MIME-Version", b"1.0"),
]


@cache
def small() -> Mail:
    """About 5.5 KB of text under 26 header fields."""
    received = b"from mail (mail [10.20.0.5])\n\tby mx with ESMTPSA id 4QTest0001; Fri, 20 Nov 2026 09:00"
    fields = [
        (b"Content-Type", b"text/plain; charset=utf-8"),
        (b"Content-Transfer-Encoding", b"8bit"),
        *((b"Received", received) for _ in range(3)),
        *((b"X-Office-%d" % number, b"some value of a usual length, %d" % number) for number in range(15)),
    ]
    line = "Kính gửi các đơn vị: đề nghị chuẩn bị báo cáo quý trước ngày 10.\r\n".encode()
    return mail(fields, line * 47)


@cache
def large(megabytes: float = 13.5) -> Mail:
    """A short text and one base64 attachment, so many MB (1e6) on the wire."""
    content = random.Random(1).randbytes(int(megabytes * 1e6 / ON_THE_WIRE))  # noqa: S311 - noise, no secret
    return mail(_multipart(), b"".join([_text(), _attachment(content), _end()]))


def repeated(start: bytes, unit: bytes, length: int) -> Mail:
    """A multipart of so many bytes: how it begins, and one piece again and again."""
    return mail(_multipart(), start + unit * ((length - len(start)) // len(unit)))


def _multipart() -> Fields:
    return [(b"Content-Type", b'multipart/mixed; boundary="' + BOUNDARY + b'"')]


def _text() -> bytes:
    return b"--" + BOUNDARY + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nXem t\xe1\xbb\x87p.\r\n"


def _attachment(content: bytes) -> bytes:
    head = b"--" + BOUNDARY + b"\r\nContent-Type: application/pdf; name=tailieu.pdf\r\n"
    head += b"Content-Disposition: attachment; filename=tailieu.pdf\r\n"
    head += b"Content-Transfer-Encoding: base64\r\n\r\n"
    return head + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _end() -> bytes:
    return b"--" + BOUNDARY + b"--\r\n"
