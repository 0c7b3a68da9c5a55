# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's processes: how they begin, stand in for one another, and end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bed.process import wait_for
from gate.milterclient import Hungup, Said, Steps
from gate.offices import CANBO1, VANTHU, letter
from gate.running import PATIENCE, PROGRAM, Running


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("gate")) as running:
        yield running.ready()


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
        'mailgate_findings_total{action="reject",duty="sender-domain",mode="enforce"}',
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


def test_a_worker_that_dies_at_once_is_replaced_after_longer_and_longer_delays(tmp_path: Path) -> None:
    with Running(tmp_path, program=[sys.executable, "-c", DYING]) as gate:
        wait_for(lambda: len(deaths(gate)) >= 4, PATIENCE, "four deaths")
        first, second, third, fourth = deaths(gate)[:4]
        assert second - first >= 0.1
        assert third - second >= 0.2
        assert fourth - third >= 0.4
        assert gate.process.poll() is None


DYING = """
import os
from mailgate import libmilter
from mailgate.cli import app
libmilter.serve = lambda: os._exit(3)
app()
"""


def deaths(gate: Running) -> list[float]:
    """When worker1 died, in seconds."""
    lines = [line for line in gate.lines("alarm") if line["code"] == "worker1"]
    assert all("ended with status 3" in line["error"] for line in lines)
    return [datetime.fromisoformat(line["timestamp"]).timestamp() for line in lines]


def test_workers_end_when_their_keeper_is_killed(tmp_path: Path) -> None:
    with Running(tmp_path) as gate:
        processes = gate.ready().processes("gate-")
        assert len(processes) == 4
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
