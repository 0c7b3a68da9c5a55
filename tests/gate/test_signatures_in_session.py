# SPDX-License-Identifier: GPL-3.0-or-later
"""The second look as a session takes it: which messages are kept, what is found, what their header gets."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from gate.offices import INSIDE, OUTSIDE, Client
from listed import office
from mailgate.effects import DeleteHeader, InsertHeader
from mailgate.mime.saved import split_saved
from mailgate.session import Outcome, Session
from mailgate.signatures import inspector as inspecting
from mailgate.signatures.inspector import Inspector
from mailgate.signatures.settings import SignatureSettings
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.judge import Policy
from mailpolicy.signature import NO_SECOND_LOOK, Signed, Soundness
from mailpolicy.verdict import Action, Mode
from signing import Signer, plain_pdf, with_footer

DESK, AGENCY = "sottt@cantho.gov.vn", "sonv@cantho.gov.vn"
MINISTER, CITIZEN = "canbo1@monre.gov.vn", "luatsu@example.org"
CT = office("CT", [Mailbox(AGENCY, Kind.AGENCY)])
MR = office("MR", [Mailbox(MINISTER)])
ROOT = Signer.authority()
SEAL, LAWYER = ROOT.issue("So Noi vu", AGENCY), ROOT.issue("Luat su", CITIZEN)
PAGE = plain_pdf()
SIGNED_PAGE = SEAL.pdf(PAGE)


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("roots") / "root.pem"
    path.write_bytes(ROOT.pem)
    return str(path)


@pytest.fixture
def verifying(roots: str) -> Inspector:
    settings = SignatureSettings(roots=(roots,), authserv_id="mx.monre.gov.vn", largest_mb=1)
    return Inspector(lambda: settings)


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    before = len(list(Path("/proc/self/fd").iterdir()))
    yield
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def letter(author: str, to: str, *files: tuple[str, bytes]) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = author, to, "Đề nghị"
    made.set_content("Kính gửi")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return made


def judged(
    raw: bytes,
    inspector: Inspector,
    policy: Policy,
    *,
    sender: str,
    to: str,
    login: str = "",
    client: Client = OUTSIDE,
    chunk: int = 65_535,
) -> Outcome:
    session = Session(lambda: policy, inspector)
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


def request(raw: bytes, inspector: Inspector, *, chunk: int = 65_535) -> Outcome:
    return judged(raw, inspector, CT, sender=AGENCY, to=DESK, login=AGENCY, client=INSIDE, chunk=chunk)


def incoming(raw: bytes, inspector: Inspector, policy: Policy = MR) -> Outcome:
    return judged(raw, inspector, policy, sender=CITIZEN, to=MINISTER)


def result_of(outcome: Outcome) -> list[str]:
    return [edit.value for edit in outcome.answer.edits if isinstance(edit, InsertHeader)]


# To the provisioning desk


@pytest.mark.parametrize("chunk", [7, 1000, 65_535])
def test_a_request_with_a_signed_document_passes(verifying: Inspector, chunk: int) -> None:
    raw = letter(AGENCY, DESK, ("denghi.pdf", SIGNED_PAGE)).as_bytes()
    outcome = request(raw, verifying, chunk=chunk)
    assert outcome.answer.action is Action.ACCEPT
    (found,) = outcome.message.signatures.found
    assert (found.signed, found.soundness, found.signer) == (Signed.DOCUMENT, Soundness.VALID, "So Noi vu")


def test_without_roots_it_is_enough_that_the_signature_is_there() -> None:
    stranger = Signer.authority("Khac").issue("Khac")
    outcome = request(letter(AGENCY, DESK, ("a.pdf", stranger.pdf(PAGE))).as_bytes(), Inspector())
    assert outcome.answer.action is Action.ACCEPT
    assert [one.soundness for one in outcome.message.signatures.found] == [Soundness.PRESENT]


def test_a_request_without_a_signature_is_refused_citing_the_article() -> None:
    outcome = request(letter(AGENCY, DESK, ("denghi.pdf", PAGE)).as_bytes(), Inspector())
    assert outcome.answer.action is Action.REJECT
    assert "khoan 1 Dieu 6" in str(outcome.answer.reply)
    assert "[PW-CT-provisioning-desk]" in str(outcome.answer.reply)


def test_a_signed_mail_to_the_desk_passes(verifying: Inspector) -> None:
    mail = letter(AGENCY, DESK, ("danhsach.pdf", PAGE))
    for opaque in (False, True):
        outcome = request(SEAL.smime(mail, opaque=opaque), verifying)
        assert outcome.answer.action is Action.ACCEPT
        assert [one.soundness for one in outcome.message.signatures.found] == [Soundness.VALID]


def test_a_tampered_document_is_refused_where_there_are_roots(verifying: Inspector) -> None:
    forged = SIGNED_PAGE.replace(b"hop thu", b"hop tho", 1)
    raw = letter(AGENCY, DESK, ("denghi.pdf", forged)).as_bytes()
    assert request(raw, verifying).answer.action is Action.REJECT
    assert request(raw, Inspector()).answer.action is Action.ACCEPT


def test_what_is_too_large_to_be_kept_waits(verifying: Inspector) -> None:
    raw = letter(AGENCY, DESK, ("denghi.pdf", SIGNED_PAGE + b"\n" * 1024 * 1024)).as_bytes()
    outcome = request(raw, verifying)
    assert outcome.message.signatures.uninspected == "too large"
    assert outcome.answer.action is Action.TEMPFAIL


def test_what_can_not_be_kept_waits(verifying: Inspector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    outcome = request(letter(AGENCY, DESK, ("a.pdf", SIGNED_PAGE)).as_bytes(), verifying)
    assert outcome.message.signatures.uninspected == "no room to keep it"
    assert outcome.answer.action is Action.TEMPFAIL


def test_an_examination_that_ends_badly_decides_nothing(verifying: Inspector) -> None:
    raw = letter(AGENCY, DESK, *[(f"{number}.pdf", b"x") for number in range(1100)]).as_bytes()
    outcome = request(raw, verifying)
    assert "the examination failed" in outcome.message.signatures.uninspected
    assert outcome.answer.action is Action.TEMPFAIL


def test_an_examination_that_lasts_too_long_is_ended(
    verifying: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "WAIT_SECONDS", 0.001)
    outcome = request(letter(AGENCY, DESK, ("a.pdf", SIGNED_PAGE)).as_bytes(), verifying)
    assert "TimeoutExpired" in outcome.message.signatures.uninspected


def test_an_aborted_message_is_let_go_of() -> None:
    session = Session(lambda: CT, Inspector())
    session.connect(*INSIDE)
    session.mail(f"<{AGENCY}>")
    session.rcpt(f"<{DESK}>")
    session.header("Subject", b"x")
    session.body(b"x" * 100)
    session.abort()


def test_nobody_elses_mail_is_kept(verifying: Inspector, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = LAWYER.smime(letter(CITIZEN, MINISTER))
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")  # whatever is kept would fail
    mail = letter(AGENCY, CITIZEN, ("denghi.pdf", SIGNED_PAGE))
    outcome = judged(mail.as_bytes(), verifying, CT, sender=AGENCY, to=CITIZEN, login=AGENCY)
    assert outcome.message.signatures is NO_SECOND_LOOK
    stranger = judged(mail.as_bytes(), verifying, CT, sender=CITIZEN, to=DESK)
    assert stranger.message.signatures is NO_SECOND_LOOK
    assert stranger.answer.action is Action.REJECT
    plain = letter(CITIZEN, MINISTER, ("a.pdf", PAGE)).as_bytes()
    assert incoming(plain, verifying).message.signatures is NO_SECOND_LOOK
    assert incoming(signed, Inspector()).message.signatures is NO_SECOND_LOOK


# Incoming


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_the_result_of_a_good_signature_is_put_into_the_header(verifying: Inspector, opaque: bool) -> None:
    outcome = incoming(LAWYER.smime(letter(CITIZEN, MINISTER), opaque=opaque), verifying)
    assert result_of(outcome) == [f"mx.monre.gov.vn; smime=pass body.smime-identifier={CITIZEN}"]
    assert outcome.answer.action is Action.ACCEPT


@pytest.mark.parametrize(
    ("signer", "result"),
    [
        (ROOT.issue("Het han", CITIZEN, life=(-9, -1)), 'fail reason="expired"'),
        (Signer.authority("Khac").issue("Luat su", CITIZEN), 'fail reason="untrusted"'),
        (ROOT.issue("Nguoi khac", "khac@example.org"), 'policy reason="wrong-signer"'),
        (ROOT.issue("Khong dia chi"), 'policy reason="wrong-signer"'),
    ],
    ids=["expired", "other-root", "another's", "nobody's"],
)
def test_a_signature_that_does_not_hold_is_told_and_the_mail_delivered(
    verifying: Inspector, signer: Signer, result: str
) -> None:
    outcome = incoming(signer.smime(letter(CITIZEN, MINISTER)), verifying)
    (value,) = result_of(outcome)
    assert value.startswith(f"mx.monre.gov.vn; smime={result}")
    assert outcome.answer.action is Action.ACCEPT
    assert [one.finding.code for one in outcome.verdict.judged] == ["digital-signature"]


def test_a_tampered_mail_fails(verifying: Inspector) -> None:
    signed = LAWYER.smime(letter(CITIZEN, MINISTER)).replace("Kính".encode(), "Xính".encode(), 1)
    (value,) = result_of(incoming(signed, verifying))
    assert value == f'mx.monre.gov.vn; smime=fail reason="tampered" body.smime-identifier={CITIZEN}'


def test_of_a_mail_wrapped_by_a_list_only_a_part_is_signed(verifying: Inspector) -> None:
    (value,) = result_of(incoming(with_footer(LAWYER.smime(letter(CITIZEN, MINISTER))), verifying))
    assert 'smime=policy reason="only a part of the message is signed"' in value


def test_one_author_does_not_sign_for_another(verifying: Inspector) -> None:
    signed = LAWYER.smime(letter(f"{CITIZEN}, giamdoc@example.org", MINISTER))
    assert "smime=policy" in result_of(incoming(signed, verifying))[0]


def test_results_forged_under_the_gates_name_are_taken_out(verifying: Inspector) -> None:
    mail = letter(CITIZEN, MINISTER)
    for value in ("mx.example.org; smime=pass", "MX.monre.gov.vn 1; smime=pass", "mx.monre.gov.vn; spf=pass"):
        mail["Authentication-Results"] = value
    outcome = incoming(mail.as_bytes(), verifying)
    assert outcome.answer.edits == (DeleteHeader("Authentication-Results", 2),)


def test_in_observe_the_mail_stays_untouched_and_the_result_is_recorded(verifying: Inspector) -> None:
    charges = tuple(replace(charge, mode=Mode.OBSERVE) for charge in MR.charges)
    signed = ROOT.issue("Khac").smime(letter(CITIZEN, MINISTER))
    outcome = incoming(signed, verifying, replace(MR, charges=charges))
    assert outcome.answer.edits == ()
    assert [one.finding.code for one in outcome.verdict.judged] == ["digital-signature"]


def test_what_could_not_be_verified_is_told(verifying: Inspector) -> None:
    signed = LAWYER.smime(letter(CITIZEN, MINISTER, ("a.pdf", bytes(1024 * 1024))))
    assert result_of(incoming(signed, verifying)) == ['mx.monre.gov.vn; smime=temperror reason="too large"']


# Without the extra


def test_the_gate_and_presence_need_no_pyhanko(tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    raw = letter(AGENCY, DESK, ("a.pdf", SIGNED_PAGE)).as_bytes()
    mail.write_bytes(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['pyhanko', 'asn1crypto', 'aiohttp']));"
        "import mailgate.serve; from mailgate.signatures.examine import main; main(['documents'])"
    )
    with mail.open("rb") as kept:
        done = subprocess.run([sys.executable, "-c", program], stdin=kept, capture_output=True, check=True)
    assert b'"soundness": "present"' in done.stdout


# Memory


def test_a_large_message_to_the_desk_is_not_held() -> None:
    session = Session(lambda: CT, Inspector())
    session.connect(*INSIDE)
    session.mail(f"<{AGENCY}>")
    session.log_in(AGENCY)
    session.rcpt(f"<{DESK}>")
    session.header("From", AGENCY.encode())
    session.header("Content-Type", b"application/pdf; name=a.pdf")
    chunk = (b"%PDF-1.7 " + b"x" * 90 + b"\r\n") * 600
    session.body(chunk)
    before = _resident()
    for _ in range(600):
        session.body(chunk)
    outcome = session.end("4bXyZ")
    assert _resident() - before < 4 * 1024 * 1024
    assert outcome.message.size > 30 * 1024 * 1024
    assert outcome.message.signatures.looked


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
