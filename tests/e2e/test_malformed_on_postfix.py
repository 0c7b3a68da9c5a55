# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real Postfix does with malformed mail, as the site's [malformed] says and by default."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bed import Bed
from bed.gate import Gate
from bed.mailclient import Sent
from mailgate.mime.bounds import MAX_DEPTH, MAX_PARTS

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
OWNER, CITIZEN = f"vanthu@{OFFICE}", "congdan@example.org"
SITE = 'regulation = "soctrang-59-2024"\ntrusted_networks = ["127.0.0.1/32"]\n'
HEAD = f"From: {CITIZEN}\r\nTo: {OWNER}\r\nSubject: Don de nghi\r\nMIME-Version: 1.0\r\n".encode()

AMBIGUOUS = HEAD + b"Content-Type: text/plain\r\nContent-Type: application/pdf\r\n\r\nXin chao\r\n"
SOUND = HEAD + b"Content-Type: text/plain\r\n\r\nXin chao\r\n"
BEYOND = {
    "too-deep": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * (MAX_DEPTH + 1) + b"\r\nXin chao\r\n",
    "too-many-parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * (MAX_PARTS + 1)
    + b"--b--\r\n",
}


@contextmanager
def running(site: str) -> Iterator[tuple[Gate, Bed]]:
    with Gate(SITE + site) as gate, Bed(OFFICE, {OWNER: "Mat-Khau-7894"}, milter=gate.milter) as bed:
        yield gate, bed


def send(bed: Bed, mail: bytes) -> Sent:
    sent = bed.send_as_stranger(mail, CITIZEN, OWNER)
    bed.settle()
    return sent


def held(bed: Bed) -> list[str]:
    """Whom the messages in Postfix's hold queue are for."""
    queue = [entry for entry in bed.postfix.queue() if entry["queue_name"] == "hold"]
    return [recipient["address"] for entry in queue for recipient in entry["recipients"]]


def test_ambiguous_mail_that_is_observed_is_delivered_untouched_and_recorded() -> None:
    with running("") as (gate, bed):
        assert send(bed, AMBIGUOUS).accepted
        (mail,) = bed.stored(OWNER)
        assert mail.get_all("Content-Type") == ["text/plain", "application/pdf"]
        assert mail["X-Postwarden"] is None
        assert held(bed) == []
        (verdict,) = gate.verdicts()
        assert verdict["action"] == "accept"
        assert [(one["code"], one["mode"]) for one in verdict["findings"]] == [("malformed", "observe")]


def test_ambiguous_mail_that_is_quarantined_waits_in_the_hold_queue() -> None:
    with running('[malformed]\nambiguous = "quarantine"\n') as (gate, bed):
        assert send(bed, AMBIGUOUS).accepted
        assert (held(bed), bed.stored(OWNER)) == ([OWNER], [])
        assert send(bed, SOUND).accepted
        assert (held(bed), len(bed.stored(OWNER))) == ([OWNER], 1)
        assert [verdict["action"] for verdict in gate.verdicts()] == ["quarantine", "accept"]
        bed.postfix.run("postsuper", "-H", "ALL")
        bed.postfix.run("postqueue", "-f")
        released = bed.wait_for_mail(OWNER, lambda mail: mail["X-Postwarden"] is not None)
        assert released["X-Postwarden"] == "malformed"


def test_ambiguous_mail_that_is_rejected_is_refused_to_its_sender() -> None:
    with running('[malformed]\nambiguous = "reject"\n') as (gate, bed):
        sent = send(bed, AMBIGUOUS)
        assert (sent.accepted, sent.answer.code) == (False, 550)
        assert sent.answer.text.startswith("5.6.0 [PW-malformed]")
        assert (held(bed), bed.stored(OWNER)) == ([], [])
        assert [verdict["action"] for verdict in gate.verdicts()] == ["reject"]


def test_mail_beyond_a_bound_waits_in_the_hold_queue_by_default() -> None:
    with running("") as (gate, bed):
        for reason, mail in BEYOND.items():
            assert send(bed, mail).accepted
            assert reason in gate.verdicts()[-1]["findings"][0]["evidence"]["reasons"]
        assert held(bed) == [OWNER] * len(BEYOND)
        assert bed.stored(OWNER) == []
