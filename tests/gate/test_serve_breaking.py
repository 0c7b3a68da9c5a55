# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate whose parts raise errors: the message is a tempfail, an alarm says so, and the worker lives."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gate.milterclient import Said
from gate.offices import letter
from gate.running import Running

BREAKING = [sys.executable, str(Path(__file__).parent / "breaking_gate.py")]


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("breaking"), program=BREAKING) as running:
        yield running.ready()


PARTS = {
    "sender-domain": "sender-domain",
    "attachment-cap": "attachment-cap",
    "auto-forward": "auto-forward",
    "spam-report": "spam-report",
    "scanner.header": "scanner",
    "scanner.body": "scanner",
    "session.mail": "scanner",
    "session.rcpt": "scanner",
    "session.header": "scanner",
    "session.body": "scanner",
    "session.end": "milter",
}


@pytest.mark.parametrize(("part", "code"), PARTS.items())
def test_a_part_that_breaks_makes_a_tempfail_with_an_alarm_and_the_worker_lives(
    breaking: Running, part: str, code: str
) -> None:
    word = f"break-{part}"
    fields = [*letter().fields[:-1], (b"Message-ID", f"<{word}@x>".encode())]
    doomed = replace(
        letter(word + "@example.org", [word + "@x"]), fields=fields, body=word.encode(), queue_id=word
    )
    counter = f'mailgate_failures_total{{part="{code}"}}'
    workers, alarms, before = breaking.processes("gate-worker"), breaking.lines("alarm"), breaking.metrics()
    with breaking.client() as client:
        client.connect("mail.example.org", "192.0.2.7")
        assert doomed.send(client).reply.startswith("451-4.3.0")
    with breaking.client() as client:
        assert letter().send(client).said is Said.ACCEPT
    (alarm,) = breaking.lines("alarm")[len(alarms) :]
    assert (alarm["code"], alarm["error"][:12]) == (code, "RuntimeError")
    assert breaking.metrics()[counter] - before[counter] == 1
    assert breaking.processes("gate-worker") == workers


def test_a_broken_message_does_not_harm_the_next_of_its_connection(breaking: Running) -> None:
    with breaking.client() as client:
        client.connect("mail.example.org", "192.0.2.7")
        assert replace(letter(), body=b"break-scanner.body").send(client).said is Said.REPLY
        assert letter().send(client).said is Said.ACCEPT


def test_where_the_client_could_not_be_read_every_message_is_a_tempfail(breaking: Running) -> None:
    with breaking.client() as client:
        client.connect("break-session.connect", "127.0.0.1")
        for _ in range(2):
            assert letter().send(client).reply.startswith("451-4.3.0")


def test_no_alarm_quotes_an_exceptions_text(breaking: Running) -> None:
    with breaking.client() as client:
        assert replace(letter(), body=b"break-scanner.body").send(client).reply.startswith("451")
    assert breaking.lines("alarm")[-1]["error"].startswith("RuntimeError at breaking_gate.py:")
    assert "broken for the test" not in breaking.log.read_text()
