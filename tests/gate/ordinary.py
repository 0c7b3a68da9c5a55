# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary office mail, each piece written as the program it is named after writes it."""

import base64
from email import encoders, policy
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

NAME = "Công văn số 12 (dự thảo).pdf"
DATA = bytes(range(256)) * 8


def base64_lines(data: bytes = DATA) -> str:
    return base64.encodebytes(data).decode()


def word(text: str) -> str:
    """An encoded-word (RFC 2047)."""
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="


def percent(text: str) -> str:
    """The bytes of a name in RFC 2231's form."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


TEXT = "Kính gửi các đơn vị,\n\nXin xem tệp đính kèm.\n"
HTML = "<html><body><p>Kính gửi các đơn vị</p></body></html>\n"
HEAD = """\
Received: from mail.example.org (mail.example.org [192.0.2.7]) (using TLSv1.3)
\tby mx.soctrang.gov.vn (Postfix) with ESMTPS id 4Q (version=1) for <vanthu@soctrang.gov.vn>;
\tSat, 21 Nov 2026 08:00:00 +0700 (+07)
Date: Sat, 21 Nov 2026 08:00:00 +0700 (ICT)
From: "Văn thư (Sở)" <canbo@example.org>
To: vanthu@soctrang.gov.vn (Văn thư)
Subject: Công văn (gấp)
Message-ID: <1@example.org>
"""

GMAIL = f"""\
MIME-Version: 1.0
{HEAD}Content-Type: multipart/mixed; boundary="000000000000a1b2c306123456"

--000000000000a1b2c306123456
Content-Type: multipart/alternative; boundary="000000000000a1b2c106123456"

--000000000000a1b2c106123456
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: base64

{base64_lines(TEXT.encode())}
--000000000000a1b2c106123456
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<div dir=3D"ltr">K=C3=ADnh g=E1=BB=ADi c=C3=A1c =C4=91=C6=A1n v=E1=BB=8B=
</div>

--000000000000a1b2c106123456--
--000000000000a1b2c306123456
Content-Type: application/pdf; name="{word(NAME)}"
Content-Disposition: attachment; filename="{word(NAME)}"
Content-Transfer-Encoding: base64
Content-ID: <f_m1abcdef0>
X-Attachment-Id: f_m1abcdef0

{base64_lines()}
--000000000000a1b2c306123456--
"""

OUTLOOK = f"""\
{HEAD}Accept-Language: vi-VN, en-US
Content-Language: vi-VN
X-MS-Has-Attach: yes
Content-Type: multipart/related;
\tboundary="_004_SG2PR01MB1234ABCDSG2PR01MB1234apcp_";
\ttype="multipart/alternative"
MIME-Version: 1.0

--_004_SG2PR01MB1234ABCDSG2PR01MB1234apcp_
Content-Type: multipart/alternative;
\tboundary="_000_SG2PR01MB1234ABCDSG2PR01MB1234apcp_"

--_000_SG2PR01MB1234ABCDSG2PR01MB1234apcp_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

{base64_lines(TEXT.encode())}
--_000_SG2PR01MB1234ABCDSG2PR01MB1234apcp_
Content-Type: text/html; charset="utf-8"
Content-ID: <0123456789ABCDEF@apcprd01.prod.outlook.com>
Content-Transfer-Encoding: base64

{base64_lines(HTML.encode())}
--_000_SG2PR01MB1234ABCDSG2PR01MB1234apcp_--

--_004_SG2PR01MB1234ABCDSG2PR01MB1234apcp_
Content-Type: image/png; name="image001.png"
Content-Description: image001.png (logo)
Content-Disposition: inline; filename="image001.png"; size=2048;
\tcreation-date="Sat, 21 Nov 2026 01:00:00 GMT";
\tmodification-date="Sat, 21 Nov 2026 01:00:00 GMT"
Content-ID: <image001.png@01DB3C00.12345678>
Content-Transfer-Encoding: base64

{base64_lines()}
--_004_SG2PR01MB1234ABCDSG2PR01MB1234apcp_
Content-Type: application/pdf;
\tname="{word("Công văn số 12 ")}
 {word("(dự thảo).pdf")}"
Content-Description: {word(NAME)}
Content-Disposition: attachment;
\tfilename="{word("Công văn số 12 ")}
 {word("(dự thảo).pdf")}"; size=2048;
\tcreation-date="Sat, 21 Nov 2026 01:00:00 GMT"
Content-Transfer-Encoding: base64

{base64_lines()}
--_004_SG2PR01MB1234ABCDSG2PR01MB1234apcp_--
"""

APPLE = f"""\
{HEAD}Content-Type: multipart/alternative;
\tboundary="Apple-Mail=_8A7B6C5D-1234-4321-ABCD-0123456789AB"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))
X-Mailer: Apple Mail (2.3774.600.62)


--Apple-Mail=_8A7B6C5D-1234-4321-ABCD-0123456789AB
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain;
\tcharset=utf-8

K=C3=ADnh g=E1=BB=ADi

--Apple-Mail=_8A7B6C5D-1234-4321-ABCD-0123456789AB
Content-Type: multipart/mixed;
\tboundary="Apple-Mail=_11112222-1234-4321-ABCD-0123456789AB"


--Apple-Mail=_11112222-1234-4321-ABCD-0123456789AB
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
\tcharset=us-ascii

<html><body>Kinh gui</body></html>
--Apple-Mail=_11112222-1234-4321-ABCD-0123456789AB
Content-Disposition: inline;
\tfilename*0*=utf-8''{percent(NAME[:10])};
\tfilename*1*={percent(NAME[10:])}
Content-Type: application/pdf;
\tx-unix-mode=0644;
\tname="{word(NAME)}"
Content-Transfer-Encoding: base64

{base64_lines()}
--Apple-Mail=_11112222-1234-4321-ABCD-0123456789AB
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
\tcharset=us-ascii

<html><body></body></html>
--Apple-Mail=_11112222-1234-4321-ABCD-0123456789AB--

--Apple-Mail=_8A7B6C5D-1234-4321-ABCD-0123456789AB--
"""

THUNDERBIRD = f"""\
Content-Type: multipart/mixed; boundary="------------0abcDEF1234567890ghiJKL0"
{HEAD}MIME-Version: 1.0
User-Agent: Mozilla Thunderbird (Windows)
Content-Language: vi

This is a multi-part message in MIME format.
--------------0abcDEF1234567890ghiJKL0
Content-Type: multipart/related;
 boundary="------------1abcDEF1234567890ghiJKL1"

--------------1abcDEF1234567890ghiJKL1
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: 8bit

{HTML}
--------------1abcDEF1234567890ghiJKL1
Content-Type: image/png; name="logo (1).png"
Content-Disposition: inline; filename="logo (1).png"
Content-Id: <part1.abc@example.org>
Content-Transfer-Encoding: base64

{base64_lines()}
--------------1abcDEF1234567890ghiJKL1--
--------------0abcDEF1234567890ghiJKL0
Content-Type: application/pdf;
 name="=?UTF-8?Q?C=C3=B4ng_v=C4=83n_s=E1=BB=91_12_=28d=E1=BB=B1_th=E1=BA=A3o?=
 =?UTF-8?Q?=29=2Epdf?="
Content-Disposition: attachment;
 filename*0*=UTF-8''{percent(NAME[:12])};
 filename*1*={percent(NAME[12:])}
Content-Transfer-Encoding: base64

{base64_lines()}
--------------0abcDEF1234567890ghiJKL0--
"""

ROUNDCUBE = f"""\
MIME-Version: 1.0
{HEAD}User-Agent: Roundcube Webmail/1.6.9
Content-Type: multipart/mixed;
 boundary="=_0f1e2d3c4b5a69788796a5b4c3d2e1f0"

--=_0f1e2d3c4b5a69788796a5b4c3d2e1f0
Content-Transfer-Encoding: 8bit
Content-Type: text/plain; charset=UTF-8;
 format=flowed

{TEXT}
--=_0f1e2d3c4b5a69788796a5b4c3d2e1f0
Content-Transfer-Encoding: base64
Content-Type: application/pdf;
 name="{word(NAME)}"
Content-Disposition: attachment;
 filename*=UTF-8''{percent(NAME)};
 size=2048

{base64_lines()}
--=_0f1e2d3c4b5a69788796a5b4c3d2e1f0--
"""

ZIMBRA = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/mixed;
\tboundary="----=_Part_1234_567890123.1700000000000"
X-Mailer: Zimbra 9.0.0_GA_4583 (ZimbraWebClient - GC120 (Win)/9.0.0_GA_4583)
Thread-Topic: Cong van

------=_Part_1234_567890123.1700000000000
Content-Type: multipart/alternative;
\tboundary="----=_Part_1233_123456789.1700000000000"

------=_Part_1233_123456789.1700000000000
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

Kinh gui

------=_Part_1233_123456789.1700000000000
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body>Kinh gui</body></html>
------=_Part_1233_123456789.1700000000000--

------=_Part_1234_567890123.1700000000000
Content-Type: application/pdf; name="{NAME}"
Content-Disposition: attachment; filename="{NAME}"
Content-Transfer-Encoding: base64

{base64_lines()}
------=_Part_1234_567890123.1700000000000--
"""

INVITATION = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mixed-1"

--mixed-1
Content-Type: multipart/alternative; boundary="mixed-1-alternative"

--mixed-1-alternative
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

{base64_lines(TEXT.encode())}
--mixed-1-alternative
Content-Type: text/calendar; charset="UTF-8"; method=REQUEST
Content-Transfer-Encoding: 7bit

BEGIN:VCALENDAR
METHOD:REQUEST
END:VCALENDAR

--mixed-1-alternative--
--mixed-1
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{base64_lines()}
--mixed-1--
"""

SMIME = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256;
 boundary="------------ms01"

This is a cryptographically signed message in MIME format.

--------------ms01
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: quoted-printable

K=C3=ADnh g=E1=BB=ADi
--------------ms01
Content-Type: application/pkcs7-signature; name="smime.p7s"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="smime.p7s"
Content-Description: S/MIME Cryptographic Signature

{base64_lines()}
--------------ms01--

"""

PGP = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/encrypted;
 protocol="application/pgp-encrypted";
 boundary="------------pgp01"

This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)
--------------pgp01
Content-Type: application/pgp-encrypted
Content-Description: PGP/MIME version identification

Version: 1

--------------pgp01
Content-Type: application/octet-stream; name="encrypted.asc"
Content-Description: OpenPGP encrypted message
Content-Disposition: inline; filename="encrypted.asc"

-----BEGIN PGP MESSAGE-----

wcFMA0123456789ABAQ//abcdef
=AbCd
-----END PGP MESSAGE-----

--------------pgp01--
"""

BOUNCE = f"""\
{HEAD}Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Q1234567.1700000000/mx.example.org"
Content-Transfer-Encoding: 8bit

This is a MIME-encapsulated message.

--4Q1234567.1700000000/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host mx.example.org.

--4Q1234567.1700000000/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 21 Nov 2026 08:00:00 +0700 (+07)

Final-Recipient: rfc822; khong-co@example.org
Action: failed
Status: 5.1.1

--4Q1234567.1700000000/mx.example.org
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

{ROUNDCUBE}
--4Q1234567.1700000000/mx.example.org--
"""

BOUNCE_OF_THE_HEADER = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="report-1"

--report-1
Content-Type: text/plain; charset=us-ascii

Delivery has failed.

--report-1
Content-Type: message/delivery-status

Reporting-MTA: dns;SG2PR01MB1234.apcprd01.prod.outlook.com

--report-1
Content-Type: message/rfc822

{GMAIL.partition(chr(10) * 2)[0]}

--report-1--
"""

RECEIPT = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification;
 boundary="------------mdn1"

--------------mdn1
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit

Thư đã được đọc.
--------------mdn1
Content-Type: message/disposition-notification; name="MDNPart2.txt"
Content-Disposition: inline
Content-Transfer-Encoding: 7bit

Reporting-UA: canbo; Mozilla Thunderbird
Disposition: manual-action/MDN-sent-manually; displayed

--------------mdn1
Content-Type: text/rfc822-headers; name="MDNPart3.txt"
Content-Transfer-Encoding: 7bit
Content-Disposition: inline

From: vanthu@soctrang.gov.vn
Subject: Hoi

--------------mdn1--

"""

DIGEST = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="===============0123456789=="
Precedence: list

--===============0123456789==
Content-Type: text/plain; charset="utf-8"
MIME-Version: 1.0
Content-Transfer-Encoding: base64
Content-Description: Ban tin (so 12)

{base64_lines(TEXT.encode())}
--===============0123456789==
Content-Type: multipart/digest; boundary="===============9876543210=="
MIME-Version: 1.0

--===============9876543210==
Content-Type: message/rfc822
MIME-Version: 1.0

{HEAD}Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

{TEXT}
--===============9876543210==

{HEAD}
{TEXT}
--===============9876543210==--

--===============0123456789==
Content-Type: text/plain; charset="us-ascii"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
Content-Disposition: inline

_______________________________________________
Ban tin mailing list

--===============0123456789==--
"""

FORWARDED = f"""\
{HEAD}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer-1"

--outer-1
Content-Type: text/plain

Xem thu dinh kem.
--outer-1
Content-Type: message/rfc822; charset=UTF-8; name="{word("Công văn.eml")}"
Content-Disposition: attachment; filename*=UTF-8''{percent("Công văn.eml")}
Content-Transfer-Encoding: 8bit

{OUTLOOK}
--outer-1--
"""

PLAIN = f"""\
{HEAD}Content-Type: text/plain; charset=utf-8;
Content-Transfer-Encoding: 8BIT
Content-Length: 61

{TEXT}
begin from the top (and end
at the bottom)
-- 
Văn thư
"""  # noqa: W291 (a signature's mark ends with a space)

BY_HAND = {
    "Gmail": (GMAIL, (NAME,)),
    "Outlook": (OUTLOOK, (NAME,)),
    "Apple Mail": (APPLE, (NAME,)),
    "Thunderbird": (THUNDERBIRD, (NAME,)),
    "Roundcube": (ROUNDCUBE, (NAME,)),
    "Zimbra": (ZIMBRA, (NAME,)),
    "invitation": (INVITATION, ("invite.ics",)),
    "S/MIME": (SMIME, ()),
    "PGP/MIME": (PGP, ("encrypted.asc",)),
    "bounce": (BOUNCE, (NAME,)),
    "bounce of the header": (BOUNCE_OF_THE_HEADER, ()),
    "read receipt": (RECEIPT, ("MDNPart2.txt", "MDNPart3.txt")),
    "digest": (DIGEST, ()),
    "forwarded as attachment": (FORWARDED, ("Công văn.eml", "image001.png", NAME)),
    "plain": (PLAIN, ()),
}


def modern() -> bytes:
    """The standard library's newer interface: text, alternative, a picture in it, a file."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Công văn (gấp)"
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    body = message.get_body(("html",))
    assert isinstance(body, EmailMessage)
    body.add_related(DATA, "image", "png", cid="<logo@example.org>")
    message.add_attachment(DATA, "application", "pdf", filename=NAME)
    return message.as_bytes()


def classic() -> bytes:
    """Its older interface, as many web applications use it."""
    message = MIMEMultipart()
    message["From"], message["Subject"] = "a@example.org", word("Công văn")
    message.attach(MIMEText(TEXT, "plain", "utf-8"))
    file = MIMEApplication(DATA, "pdf")
    file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", NAME))
    message.attach(file)
    return message.as_bytes()


def nested() -> bytes:
    """A mail attached to a mail, with a file whose type nobody knows."""
    inner = MIMEMultipart()
    part = MIMEBase("application", "x-unknown", name="du-lieu.bin")
    part.set_payload(DATA)
    encoders.encode_base64(part)
    inner.attach(part)
    outer = MIMEMultipart()
    outer.attach(MIMEText("Xem"))
    outer.attach(MIMEMessage(inner))
    return outer.as_bytes()


BY_PROGRAM = {
    "EmailMessage": (modern, (NAME,)),
    "MIMEMultipart": (classic, (NAME,)),
    "MIMEMessage": (nested, ("du-lieu.bin",)),
}
