# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate serve` as a real process, asked by a milter client: what is sent, what is answered."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gate.milterclient import Actions, Edit, MilterClient, Said, Steps
from gate.offices import CANBO1, CITIZEN, DESK, PRIVATE, VANTHU, forwarded, letter
from gate.running import Running

MB = 1024 * 1024


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("gate")) as running:
        yield running.ready()


@pytest.fixture
def client(gate: Running) -> Iterator[MilterClient]:
    with gate.client() as connected:
        connected.connect("mail.example.org", "192.0.2.7")
        yield connected


def attached(size: int) -> bytes:
    """The body of a multipart/mixed message with the boundary "b" and a file of this size."""
    return (
        b"--b\r\nContent-Type: text/plain\r\n\r\nxem tep\r\n--b\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n" + b"x" * size + b"\r\n--b--\r\n"
    )


def test_ordinary_mail_is_accepted(client: MilterClient) -> None:
    answer = letter().send(client)
    assert (answer.said, answer.edits) == (Said.ACCEPT, ())


def test_only_what_the_gate_uses_is_sent_and_only_data_and_the_end_are_answered(client: MilterClient) -> None:
    unanswered = Steps.NR_CONN | Steps.NR_MAIL | Steps.NR_RCPT | Steps.NR_HDR | Steps.NR_BODY
    assert client.steps == unanswered | Steps.NOHELO | Steps.NOUNKNOWN | Steps.NOEOH
    assert letter().send(client).said is Said.ACCEPT  # which awaits an answer to DATA
    assert Actions.CHGBODY not in client.actions
    assert client.symbols == {"M": "{auth_authen} {mail_addr}", "R": "{rcpt_addr}", "E": "i"}


def test_a_false_sender_is_refused_in_two_languages(client: MilterClient) -> None:
    answer = letter(sender=VANTHU, to=[CANBO1]).send(client)
    assert answer.said is Said.REPLY
    assert re.fullmatch(
        r"550-5\.7\.1 \[PW-ST-sender-domain\] Dia chi[^\r]*\r\n"
        r"550 5\.7\.1 \[PW-ST-sender-domain\] False[^\r]*",
        answer.reply,
    )


def test_a_login_given_with_mail_is_known_at_the_end(client: MilterClient) -> None:
    assert letter(sender=VANTHU, to=[CANBO1], login=VANTHU).send(client).said is Said.ACCEPT


def test_messages_of_one_connection_do_not_mix(client: MilterClient) -> None:
    assert letter(sender=VANTHU, to=[DESK, CANBO1], login=VANTHU).send(client).said is Said.ACCEPT
    second = letter(sender=VANTHU, to=[CANBO1]).send(client)  # the login was the first message's
    assert second.said is Said.REPLY
    letter(sender=VANTHU, to=[CANBO1]).begin(client)
    client.abort()
    third = letter(to=[CANBO1]).send(client)
    assert (third.said, third.edits) == (Said.ACCEPT, ())


def test_a_forwarded_copy_is_turned_back(gate: Running) -> None:
    with gate.client() as client:
        client.connect("localhost", "127.0.0.1", 0)
        answer = forwarded(brackets=False).send(client)
    assert answer.said is Said.ACCEPT
    assert answer.edits == (
        Edit("delete-recipient", (PRIVATE,)),
        Edit("add-recipient", (f"<{VANTHU}>",)),
        Edit("add-header", ("X-Postwarden", "auto-forward; ST 9.3")),
    )


def test_a_forged_mark_is_deleted(client: MilterClient) -> None:
    mail = letter()
    answer = replace(mail, fields=[*mail.fields, (b"X-Postwarden", b"checked")]).send(client)
    assert answer.edits == (Edit("change-header", ("1", "X-Postwarden", "")),)


def test_a_file_of_the_cap_passes_and_one_byte_more_does_not(client: MilterClient) -> None:
    mail = letter()
    mail = replace(mail, fields=[*mail.fields, (b"Content-Type", b"multipart/mixed; boundary=b")])
    assert replace(mail, body=attached(MB)).send(client).said is Said.ACCEPT
    answer = replace(mail, body=attached(MB + 1)).send(client)
    assert answer.reply.startswith("552-5.3.4 [PW-ST-attachment-cap] Tep dinh kem vuot qua 1 MB moi tep.")


def test_bytes_that_are_no_utf8_are_judged_like_others(client: MilterClient) -> None:
    mail = letter()
    odd = replace(
        mail,
        sender="<ng\udcffuoi@example.org>",
        recipients=[f"<{VANTHU}>", "<ti\udcc3n@soctrang.gov.vn>"],
        fields=[*mail.fields, (b"Subject", b"\xff\xfe"), (b"X-Odd", b"\x80")],
        body=bytes(range(256)),
    )
    assert odd.send(client).said is Said.ACCEPT
    assert letter(sender=VANTHU, to=[CANBO1]).send(client).said is Said.REPLY


def test_an_mta_that_waits_for_every_answer_gets_one(gate: Running) -> None:
    with MilterClient(gate.where, steps=Steps.NODATA | Steps.NOUNKNOWN) as client:
        assert client.connect("mail.example.org", "192.0.2.7").said is Said.CONTINUE
        assert letter().send(client).said is Said.ACCEPT


def test_each_verdict_has_its_line(gate: Running, client: MilterClient) -> None:
    replace(letter(), queue_id="4QLine").send(client)
    (line,) = [line for line in gate.lines("verdict") if line["queue_id"] == "4QLine"]
    assert (line["action"], line["client"], line["sender"]) == ("accept", "192.0.2.7", CITIZEN)
