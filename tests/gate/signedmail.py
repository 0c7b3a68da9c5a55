# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed mail for the tests of signatures, and what is found in it."""

import tempfile
from email.message import EmailMessage
from functools import cache

from mailgate.signatures.entities import read
from mailgate.signatures.examine import Examination, Found
from mailgate.signatures.validity import Verifier
from signing import Signer

AUTHOR = "vanthu@monre.gov.vn"
ROOT = Signer.authority()
VANTHU = ROOT.issue("Van thu", AUTHOR)
STRANGERS = Signer.authority("Co quan khac").issue("Nguoi la", AUTHOR)
LATE = ROOT.issue("Het han", AUTHOR, life=(-30, -1))
SCAN = b"X" * 6000


@cache
def verifier() -> Verifier:
    """Trusts ROOT."""
    with tempfile.NamedTemporaryFile(suffix=".pem") as root:
        root.write(ROOT.pem)
        root.flush()
        return Verifier([root.name])


def mail(*files: tuple[str, bytes]) -> EmailMessage:
    """AUTHOR's mail with these files, or with one scan."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = AUTHOR, "nguoidan@example.org", "Công văn"
    made.set_content("Kính gửi ông bà,\n\n-- \nFrom nay về sau\n")
    for name, data in files or (("quet.jpg", SCAN),):
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def found(raw: bytes, *, documents: bool = False, roots: bool = True) -> list[Found]:
    """What is found with these roots, or without any."""
    return list(Examination(verifier() if roots else None, read(raw)).look(documents=documents))


def soundness(raw: bytes, *, documents: bool = False, roots: bool = True) -> list[object]:
    """How sound each signature is."""
    return [one["soundness"] for one in found(raw, documents=documents, roots=roots)]


def wire(made: EmailMessage) -> bytes:
    """The mail as it is sent, lines ended by CRLF."""
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
