# SPDX-License-Identifier: GPL-3.0-or-later
"""The second look as a session takes it: which messages are kept, what is found in them, and its bounds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.offices import INSIDE
from gate.secondlook import (
    AGENCY,
    CITIZEN,
    CT,
    DESK,
    LAWYER,
    MINISTER,
    PAGE,
    SEAL,
    SIGNED_PAGE,
    incoming,
    judged,
    letter,
    request,
    verifying,
)
from mailgate import record
from mailgate.session import Session
from mailgate.signatures import inspector as inspecting
from mailgate.terms import PRESENCE_ONLY, Terms
from mailpolicy.signature import NO_SECOND_LOOK, Signed, Soundness
from mailpolicy.verdict import Action
from signing import Signer


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    before = len(list(Path("/proc/self/fd").iterdir()))
    yield
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# To the provisioning desk


def test_what_was_found_is_in_the_log() -> None:
    outcome = request(letter(AGENCY, DESK, ("denghi.pdf", SIGNED_PAGE)).as_bytes(), verifying())
    said = {"signed": "document", "soundness": "valid", "signer": "So Noi vu", "name": "denghi.pdf"}
    assert record.fields(outcome)["signatures"] == [said]


@pytest.mark.parametrize("chunk", [7, 1000, 65_535])
def test_a_request_with_a_signed_document_passes(chunk: int) -> None:
    raw = letter(AGENCY, DESK, ("denghi.pdf", SIGNED_PAGE)).as_bytes()
    outcome = request(raw, verifying(), chunk=chunk)
    assert outcome.answer.action is Action.ACCEPT
    (found,) = outcome.message.signatures.found
    assert (found.signed, found.soundness, found.signer) == (Signed.DOCUMENT, Soundness.VALID, "So Noi vu")


def test_without_roots_it_is_enough_that_the_signature_is_there() -> None:
    stranger = Signer.authority("Khac").issue("Khac")
    outcome = request(letter(AGENCY, DESK, ("a.pdf", stranger.pdf(PAGE))).as_bytes(), PRESENCE_ONLY)
    assert outcome.answer.action is Action.ACCEPT
    assert [one.soundness for one in outcome.message.signatures.found] == [Soundness.PRESENT]


def test_a_request_without_a_signature_is_refused_citing_the_article() -> None:
    outcome = request(letter(AGENCY, DESK, ("denghi.pdf", PAGE)).as_bytes(), PRESENCE_ONLY)
    assert outcome.answer.action is Action.REJECT
    assert "khoan 1 Dieu 6" in str(outcome.answer.reply)
    assert "[PW-CT-provisioning-desk]" in str(outcome.answer.reply)


def test_a_signed_mail_to_the_desk_passes() -> None:
    mail = letter(AGENCY, DESK, ("danhsach.pdf", PAGE))
    for opaque in (False, True):
        outcome = request(SEAL.smime(mail, opaque=opaque), verifying())
        assert outcome.answer.action is Action.ACCEPT
        assert [one.soundness for one in outcome.message.signatures.found] == [Soundness.VALID]


def test_a_tampered_document_is_refused_where_there_are_roots() -> None:
    forged = SIGNED_PAGE.replace(b"hop thu", b"hop tho", 1)
    raw = letter(AGENCY, DESK, ("denghi.pdf", forged)).as_bytes()
    assert request(raw, verifying()).answer.action is Action.REJECT
    assert request(raw, PRESENCE_ONLY).answer.action is Action.ACCEPT


def test_what_is_too_large_to_be_kept_waits() -> None:
    raw = letter(AGENCY, DESK, ("denghi.pdf", SIGNED_PAGE + b"\n" * 1024 * 1024)).as_bytes()
    outcome = request(raw, verifying())
    assert outcome.message.signatures.uninspected == "too large"
    assert outcome.answer.action is Action.TEMPFAIL


def test_what_can_not_be_kept_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    outcome = request(letter(AGENCY, DESK, ("a.pdf", SIGNED_PAGE)).as_bytes(), verifying())
    assert outcome.message.signatures.uninspected == "no room to keep it"
    assert outcome.answer.action is Action.TEMPFAIL


def test_an_examination_that_ends_badly_decides_nothing() -> None:
    raw = letter(AGENCY, DESK, *[(f"{number}.pdf", b"x") for number in range(1100)]).as_bytes()
    outcome = request(raw, verifying())
    assert "the examination failed" in outcome.message.signatures.uninspected
    assert outcome.answer.action is Action.TEMPFAIL


def test_an_examination_that_lasts_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "WAIT_SECONDS", 0.001)
    outcome = request(letter(AGENCY, DESK, ("a.pdf", SIGNED_PAGE)).as_bytes(), verifying())
    assert "TimeoutExpired" in outcome.message.signatures.uninspected


def test_an_aborted_message_is_let_go_of() -> None:
    session = Session(lambda: Terms.of(CT))
    session.connect(*INSIDE)
    session.mail(f"<{AGENCY}>")
    session.rcpt(f"<{DESK}>")
    session.header("Subject", b"x")
    session.body(b"x" * 100)
    session.abort()


def test_nobody_elses_mail_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = LAWYER.smime(letter(CITIZEN, MINISTER))
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")  # whatever is kept would fail
    mail = letter(AGENCY, CITIZEN, ("denghi.pdf", SIGNED_PAGE))
    outcome = judged(mail.as_bytes(), verifying(), CT, sender=AGENCY, to=CITIZEN, login=AGENCY)
    assert outcome.message.signatures is NO_SECOND_LOOK
    stranger = judged(mail.as_bytes(), verifying(), CT, sender=CITIZEN, to=DESK)
    assert stranger.message.signatures is NO_SECOND_LOOK
    assert stranger.answer.action is Action.REJECT
    plain = letter(CITIZEN, MINISTER, ("a.pdf", PAGE)).as_bytes()
    assert incoming(plain, verifying()).message.signatures is NO_SECOND_LOOK
    assert incoming(signed, PRESENCE_ONLY).message.signatures is NO_SECOND_LOOK


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
    session = Session(lambda: Terms.of(CT))
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
