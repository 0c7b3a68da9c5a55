# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that take a second look: offices, their letters, an inspector with roots, and what comes out."""

import tempfile
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from gate.offices import INSIDE, OUTSIDE, Client
from listed import office
from mailgate.effects import InsertHeader
from mailgate.mime.saved import split_saved
from mailgate.session import Outcome, Session
from mailgate.signatures.settings import SignatureSettings
from mailgate.terms import Terms
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.judge import Policy
from signing import Signer, plain_pdf

DESK, AGENCY = "sottt@cantho.gov.vn", "sonv@cantho.gov.vn"
MINISTER, CITIZEN = "canbo1@monre.gov.vn", "luatsu@example.org"
CT = office("CT", [Mailbox(AGENCY, Kind.AGENCY)])
MR = office("MR", [Mailbox(MINISTER)])
ROOT = Signer.authority()
SEAL, LAWYER = ROOT.issue("So Noi vu", AGENCY), ROOT.issue("Luat su", CITIZEN)
PAGE = plain_pdf()
SIGNED_PAGE = SEAL.pdf(PAGE)


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """One that lives as long as the tests."""
    return tempfile.TemporaryDirectory()


def _root_file() -> str:
    path = Path(_folder().name) / "root.pem"
    path.write_bytes(ROOT.pem)
    return str(path)


def verifying() -> SignatureSettings:
    """Trusts ROOT, and looks into messages of a megabyte at most."""
    return SignatureSettings(roots=(_root_file(),), authserv_id="mx.monre.gov.vn", largest_mb=1)


def letter(author: str, to: str, *files: tuple[str, bytes]) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = author, to, "Đề nghị cấp hộp thư"
    made.set_content("Kính gửi")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return made


def judged(
    raw: bytes,
    settings: SignatureSettings,
    policy: Policy,
    *,
    sender: str,
    to: str,
    login: str = "",
    client: Client = OUTSIDE,
    chunk: int = 65_535,
) -> Outcome:
    session = Session(lambda: Terms.of(policy, settings))
    fields, body = split_saved(raw)
    session.connect(*client)
    session.mail(f"<{sender}>")
    session.log_in(login)
    session.rcpt(f"<{to}>")
    for name, value in fields:
        session.header(name, value)
    content = b"".join(body)
    for at in range(0, len(content), chunk):
        session.body(content[at : at + chunk])
    return session.end("4bXyZ")


def request(raw: bytes, settings: SignatureSettings, *, chunk: int = 65_535) -> Outcome:
    return judged(raw, settings, CT, sender=AGENCY, to=DESK, login=AGENCY, client=INSIDE, chunk=chunk)


def incoming(raw: bytes, settings: SignatureSettings, policy: Policy = MR) -> Outcome:
    return judged(raw, settings, policy, sender=CITIZEN, to=MINISTER)


def result_of(outcome: Outcome) -> list[str]:
    return [edit.value for edit in outcome.answer.edits if isinstance(edit, InsertHeader)]
