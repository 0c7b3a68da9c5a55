# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate serve` as a real process, asked by a milter client: verdicts, failures, processes, its end."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bed.process import wait_for
from gate.milterclient import Actions, Edit, Hungup, MilterClient, Said, Steps
from gate.offices import CANBO1, CITIZEN, DESK, PRIVATE, VANTHU, forwarded, letter
from gate.running import PATIENCE, PROGRAM, Running

BREAKING = [sys.executable, str(Path(__file__).parent / "breaking_gate.py")]
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


def test_counts_are_right_across_workers_and_over_a_workers_death(gate: Running) -> None:
    def send(number: int) -> None:
        for _ in range(number):
            with gate.client() as client:
                client.connect("mail.example.org", "192.0.2.7")
                letter(sender=VANTHU, to=[CANBO1]).send(client)

    before = gate.metrics()
    send(20)
    for worker in gate.processes("gate-worker"):
        gate.kill(worker)
    send(20)
    after = gate.metrics()
    for name in (
        "mailgate_messages_total",
        'mailgate_verdicts_total{action="reject"}',
        'mailgate_findings_total{code="sender-domain",mode="enforce"}',
        "mailgate_message_seconds_count",
    ):
        assert after[name] - before[name] == 40
    assert after["mailgate_worker_restarts_total"] - before["mailgate_worker_restarts_total"] == 2
    assert after["mailgate_workers"] == 2
    assert [line["code"] for line in gate.lines("alarm")][-2:] == ["worker1", "worker2"]
    assert "SIGKILL" in gate.lines("alarm")[-1]["error"]


def test_a_dead_metrics_process_is_replaced(gate: Running) -> None:
    (process,) = gate.processes("gate-metrics")
    gate.kill(process)
    assert wait_for(gate.metrics, PATIENCE, "metrics")["mailgate_workers"] == 2


def test_a_killed_workers_connection_ends_and_the_next_one_is_served(gate: Running) -> None:
    with gate.client() as cut_off:
        letter().begin(cut_off)
        for worker in gate.processes("gate-worker"):
            gate.kill(worker)
        with pytest.raises((Hungup, OSError)):
            letter().end(cut_off)
    with gate.client() as client:
        assert letter().send(client).said is Said.ACCEPT


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
    counter = f'mailgate_failures_total{{code="{code}"}}'
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


def test_sigterm_lets_a_message_under_way_end_and_takes_no_new_ones(tmp_path: Path) -> None:
    with Running(tmp_path) as gate:
        client = gate.ready().client()
        idle = gate.client()
        client.connect("mail.example.org", "192.0.2.7")
        letter(sender=VANTHU, to=[CANBO1]).begin(client)
        gate.process.send_signal(signal.SIGTERM)
        wait_for(gate.refuses, PATIENCE, "the gate to take no more connections")
        assert gate.process.poll() is None
        assert letter().end(client).reply.startswith("550-5.7.1 [PW-ST-sender-domain]")
        assert gate.process.wait(PATIENCE) == 0
        idle.quit()
    assert [line["action"] for line in gate.lines("verdict")] == ["reject"]
    assert gate.lines("alarm") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_gate_ends_at_once_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with Running(tmp_path, listen=f"unix:{tmp_path}/gate", TMPDIR=str(tmp_path)) as gate:
        workers = gate.ready().processes("gate-")
        gate.process.send_signal(number)
        assert gate.process.wait(PATIENCE) == 0
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert {path.name for path in tmp_path.iterdir()} == {"printed", "site.toml", "verdicts.log"}


def test_workers_end_when_their_keeper_is_killed(tmp_path: Path) -> None:
    with Running(tmp_path) as gate:
        processes = gate.ready().processes("gate-")
        assert len(processes) == 3
        gate.process.kill()
        gate.process.wait(PATIENCE)
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), PATIENCE, "their end")


def test_a_socket_that_a_dead_gate_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "gate"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with Running(tmp_path, listen=f"unix:{path}") as gate, gate.ready().client() as client:
        assert letter().send(client).said is Said.ACCEPT
        assert path.stat().st_mode & 0o777 == 0o660


def test_over_a_socket_in_the_file_system_data_is_not_even_sent(tmp_path: Path) -> None:
    with Running(tmp_path, listen=f"unix:{tmp_path}/gate") as gate, gate.ready().client() as client:
        assert Steps.NODATA in client.steps


@pytest.mark.parametrize("kind", ["inet", "unix"])
def test_the_address_of_a_living_gate_is_not_taken(tmp_path: Path, kind: str) -> None:
    listen = f"unix:{tmp_path}/gate" if kind == "unix" else ""
    with Running(tmp_path, listen=listen) as gate, gate.ready().client() as client:
        again = subprocess.run(
            [*PROGRAM, "serve", "--site", str(gate.site)],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert again.returncode == 2
        assert again.stderr.count("\n") == 2  # the metrics' address is taken too
        assert "site.toml: gate.listen:" in again.stderr
        assert "site.toml: gate.metrics:" in again.stderr
        assert letter().send(client).said is Said.ACCEPT


def test_a_file_in_the_sockets_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "gate").write_text("precious")
    with Running(tmp_path, listen=f"unix:{tmp_path}/gate") as gate:
        assert gate.process.wait(PATIENCE) == 2
    assert (tmp_path / "gate").read_text() == "precious"
    assert "not a socket" in gate.said()


def test_wrong_settings_are_all_named(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        'regulation = "soctrang"\n[gate]\nlisten = "tcp:1"\nworkers = 0\n'
        'metrics = "here"\nlog = "x"\nspeed = 9\n'
    )
    done = subprocess.run(
        [*PROGRAM, "serve", "--site", str(site)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    for key in ("listen", "workers", "metrics", "log", "speed"):
        assert f"{site}: gate.{key}: " in done.stderr


def test_a_log_that_cannot_be_opened_is_named_before_anything_is_served(tmp_path: Path) -> None:
    with Running(tmp_path) as gate:
        gate.ready()
    gate.site.write_text(gate.site.read_text().replace(str(gate.log), f"{tmp_path}/nowhere/verdicts.log"))
    done = subprocess.run(
        [*PROGRAM, "serve", "--site", str(gate.site)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert "gate.log: " in done.stderr
    assert "No such file or directory" in done.stderr


def test_systemd_is_told_when_the_gate_is_ready(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE)
        with Running(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")):
            assert systemd.recv(100) == b"READY=1"


def test_a_worker_uses_one_core(gate: Running) -> None:
    for worker in gate.processes("gate-worker"):
        assert len(os.sched_getaffinity(worker)) == 1
