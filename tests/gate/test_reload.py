# SPDX-License-Identifier: GPL-3.0-or-later
"""A running gate whose files change: what is right is put in force everywhere, what is wrong is named."""

import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bed.process import wait_for
from gate.milterclient import MilterClient, Said
from gate.offices import CANBO1, VANTHU, letter
from gate.running import PATIENCE, PROGRAM, Running

FALSE = letter(sender=VANTHU, to=[CANBO1])  # which the office's duty sender-domain forbids
ENFORCED, OBSERVED = 'sender-domain.mode = "enforce"', 'sender-domain.mode = "observe"'


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path) as running:
        yield running.ready()


def said(client: MilterClient) -> Said:
    return FALSE.send(client).said


def hear(gate: Running, client: MilterClient, answer: Said) -> None:
    """Wait until this connection gets this answer."""
    wait_for(lambda: said(client) is answer, PATIENCE, f"{answer.name}; it said {gate.said()}")


def sockets(pid: int) -> int:
    return sum(stat.S_ISSOCK(link.stat().st_mode) for link in Path(f"/proc/{pid}/fd").iterdir())


def connected(gate: Running, stack: ExitStack) -> list[MilterClient]:
    """Connections of which every worker has at least one."""
    workers = gate.processes("gate-worker")
    before = {worker: sockets(worker) for worker in workers}
    clients: list[MilterClient] = []
    while not all(sockets(worker) > before[worker] for worker in workers):
        clients.append(stack.enter_context(gate.client()))
        clients[-1].connect("mail.example.org", "192.0.2.7")
        assert said(clients[-1]) is Said.REPLY
        assert len(clients) < 100
    return clients


def by_rename(gate: Running) -> None:
    gate.rewrite(ENFORCED, OBSERVED)


def in_place(gate: Running) -> None:
    gate.site.write_text(gate.site.read_text().replace(ENFORCED, OBSERVED))


def by_signal(gate: Running) -> None:
    in_place(gate)
    gate.process.send_signal(signal.SIGHUP)


@pytest.mark.parametrize("change", [by_rename, in_place, by_signal])
def test_a_changed_file_holds_in_every_worker_and_no_connection_ends(
    gate: Running, change: Callable[[Running], None]
) -> None:
    with ExitStack() as stack:
        clients = connected(gate, stack)
        workers = gate.processes("gate-")
        change(gate)
        for client in clients:
            hear(gate, client, Said.ACCEPT)
        assert gate.processes("gate-") == workers
    assert "mailgate: reloaded, soctrang-59-2024, enforced: " in gate.said()
    assert gate.lines("alarm") == []


def test_a_message_is_judged_to_its_end_by_what_was_in_force_when_it_began(gate: Running) -> None:
    with gate.client() as under_way, gate.client() as other:
        for client in (under_way, other):
            client.connect("mail.example.org", "192.0.2.7")
        FALSE.begin(under_way)
        gate.rewrite(ENFORCED, OBSERVED)
        with ExitStack() as stack:
            for client in [other, *(stack.enter_context(gate.client()) for _ in range(8))]:
                hear(gate, client, Said.ACCEPT)
        assert FALSE.end(under_way).said is Said.REPLY
        hear(gate, under_way, Said.ACCEPT)


def test_a_file_with_mistakes_leaves_the_last_in_force_and_each_is_named(gate: Running) -> None:
    before = gate.metrics()
    assert before["mailgate_config_last_reload_success"] == 1
    gate.rewrite(ENFORCED, 'sender-domain.mode = "perhaps"\nattachment-camp.mode = "off"')
    wait_for(lambda: len(gate.lines("alarm")) >= 2, PATIENCE, "an alarm for each mistake")
    mode, code = [line["error"] for line in gate.lines("alarm")]
    assert mode.startswith(f'{gate.site}: duties.sender-domain.mode: "perhaps"; expected ')
    assert code.startswith(f'{gate.site}: duties.attachment-camp: unknown name "attachment-camp"')
    assert {line["code"] for line in gate.lines("alarm")} == {"reload"}
    after = gate.metrics()
    assert after["mailgate_config_last_reload_success"] == 0
    assert after["mailgate_reload_failures_total"] - before["mailgate_reload_failures_total"] == 1
    assert (
        after["mailgate_config_loaded_timestamp_seconds"]
        == before["mailgate_config_loaded_timestamp_seconds"]
    )
    with gate.client() as client:
        assert said(client) is Said.REPLY
        gate.rewrite('"perhaps"\nattachment-camp.mode = "off"', '"observe"')
        hear(gate, client, Said.ACCEPT)
    assert gate.metrics()["mailgate_config_last_reload_success"] == 1
    assert (
        gate.metrics()["mailgate_config_loaded_timestamp_seconds"]
        > before["mailgate_config_loaded_timestamp_seconds"]
    )


def test_half_a_file_changes_nothing_and_the_whole_one_does(gate: Running) -> None:
    whole = gate.site.read_text().replace(ENFORCED, OBSERVED)
    half = whole[: whole.index("auto-forward.mode") + len("auto-forward.mode = ")]
    with gate.client() as client:
        gate.site.write_text(half)
        wait_for(lambda: gate.lines("alarm"), PATIENCE, "the alarm")
        assert "not TOML" in gate.lines("alarm")[0]["error"]
        assert said(client) is Said.REPLY
        gate.site.write_text(whole)
        hear(gate, client, Said.ACCEPT)


def test_a_file_that_is_gone_for_a_while_changes_nothing(gate: Running) -> None:
    kept = gate.site.rename(gate.site.with_suffix(".kept"))
    with gate.client() as client:
        wait_for(lambda: gate.lines("alarm"), PATIENCE, "the alarm")
        assert said(client) is Said.REPLY
        kept.rename(gate.site)
        wait_for(lambda: gate.metrics()["mailgate_config_last_reload_success"] == 1, PATIENCE, "its return")
        assert said(client) is Said.REPLY


def test_the_offices_own_regulation_is_watched_too(tmp_path: Path) -> None:
    own = tmp_path / "quyche.toml"
    shipped = Path(__file__).parents[2] / "policy/mailpolicy/regulations/soctrang-59-2024.toml"
    own.write_bytes(shipped.read_bytes())
    with Running(tmp_path, regulation="quyche.toml") as gate, gate.ready().client() as client:
        assert "[PW-ST-" in FALSE.send(client).reply
        changed = own.read_text("utf-8").replace('short = "ST"', 'short = "QC"')
        own.with_suffix(".new").write_text(changed, "utf-8")
        own.with_suffix(".new").replace(own)
        wait_for(lambda: "[PW-QC-" in FALSE.send(client).reply, PATIENCE, "the new short name")
        own.write_text("broken")
        wait_for(lambda: gate.lines("alarm"), PATIENCE, "the alarm")
        assert str(own) in gate.lines("alarm")[0]["error"]
        own.write_bytes(shipped.read_bytes())
        wait_for(lambda: "[PW-ST-" in FALSE.send(client).reply, PATIENCE, "the shipped short name")


def test_settings_that_need_a_restart_are_named_and_the_rest_is_put_in_force(gate: Running) -> None:
    gate.rewrite("[gate]\n", "[gate]\nworkers = 3\n")
    gate.rewrite(ENFORCED, OBSERVED)
    gate.process.send_signal(signal.SIGHUP)
    with gate.client() as client:
        hear(gate, client, Said.ACCEPT)
    assert len(gate.processes("gate-worker")) == 2
    alarms = {line["error"] for line in gate.lines("alarm")}
    assert alarms == {f"{gate.site}: gate.workers: takes a restart; until then it is 2"}


def test_a_worker_that_dies_after_a_reload_is_replaced_by_one_with_the_new_policy(gate: Running) -> None:
    with gate.client() as client:
        gate.rewrite(ENFORCED, OBSERVED)
        hear(gate, client, Said.ACCEPT)
    for worker in gate.processes("gate-worker"):
        gate.kill(worker)
    for _ in range(8):
        with gate.client() as client:
            assert said(client) is Said.ACCEPT


def test_a_loader_that_dies_is_replaced_and_misses_no_change(gate: Running) -> None:
    (loader,) = gate.processes("gate-loader")
    gate.rewrite(ENFORCED, OBSERVED)
    gate.process.send_signal(signal.SIGHUP)
    gate.kill(loader)
    with gate.client() as client:
        hear(gate, client, Said.ACCEPT)
        gate.rewrite(OBSERVED, ENFORCED)
        hear(gate, client, Said.REPLY)


def test_nothing_is_left_of_a_gate_that_is_killed_while_it_reloads(gate: Running) -> None:
    processes = gate.processes("gate-")
    gate.rewrite(ENFORCED, OBSERVED)
    gate.process.send_signal(signal.SIGHUP)
    gate.process.kill()
    gate.process.wait(PATIENCE)
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), PATIENCE, "their end")


def test_sigterm_still_drains_after_a_reload(gate: Running) -> None:
    with gate.client() as client:
        gate.rewrite(ENFORCED, OBSERVED)
        hear(gate, client, Said.ACCEPT)
        FALSE.begin(client)
        gate.process.send_signal(signal.SIGHUP)
        gate.process.send_signal(signal.SIGTERM)
        wait_for(gate.refuses, PATIENCE, "the gate to take no more connections")
        assert FALSE.end(client).said is Said.ACCEPT
        assert gate.process.wait(PATIENCE) == 0


def test_reloads_under_load_fail_no_message_and_leave_none_unjudged(gate: Running) -> None:
    stop = threading.Event()
    answers: list[str] = []

    def send() -> None:
        with gate.client() as client:
            client.connect("mail.example.org", "192.0.2.7")
            while not stop.is_set():
                answer = FALSE.send(client)
                answers.append(answer.reply[:3] or answer.said.name)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        with gate.client() as client:
            for _ in range(5):
                gate.rewrite(ENFORCED, OBSERVED)
                gate.process.send_signal(signal.SIGHUP)
                hear(gate, client, Said.ACCEPT)
                gate.rewrite(OBSERVED, ENFORCED)
                gate.process.send_signal(signal.SIGHUP)
                hear(gate, client, Said.REPLY)
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert set(answers) == {"550", "ACCEPT"}
    assert gate.metrics()["mailgate_messages_total"] == len(gate.lines("verdict")) > len(answers) > 100
    assert gate.lines("alarm") == []


def test_a_log_that_is_renamed_is_let_go_by_every_process(gate: Running) -> None:
    rotated = gate.log.rename(gate.log.with_suffix(".1"))
    gate.process.send_signal(signal.SIGHUP)

    def held() -> list[int]:
        processes = [gate.process.pid, *gate.processes("gate-")]
        return [pid for pid in processes if _has_open(pid, rotated)]

    wait_for(lambda: not held(), PATIENCE, "every process to let go of the old log")
    assert gate.log.exists()


def _has_open(pid: int, path: Path) -> bool:
    links = Path(f"/proc/{pid}/fd").iterdir()
    return any(os.path.realpath(link) == str(path) for link in links)


def test_a_duty_is_enforced_when_its_day_has_come_where_the_office_is(tmp_path: Path) -> None:
    """Two zones that never have the same date: 26 hours apart."""
    zones = {"EAST-14": Said.REPLY, "WEST+12": Said.ACCEPT}
    clock = subprocess.run(
        ["date", "+%F"], env=os.environ | {"TZ": "EAST-14"}, capture_output=True, text=True, check=True
    )
    dated = f"sender-domain.enforce_from = {clock.stdout.strip()}"
    for zone, answer in zones.items():
        folder = tmp_path / zone
        folder.mkdir()
        with Running(folder, TZ=zone) as gate, gate.ready().client() as client:
            gate.rewrite(ENFORCED, dated)
            wait_for(lambda gate=gate: "reloaded" in gate.said(), PATIENCE, "the reload")  # type: ignore[misc]
            hear(gate, client, answer)
            later = "to be enforced: sender-domain from " in gate.said()
            assert later is (answer is Said.ACCEPT)


def example(folder: Path, action: str) -> None:
    folder.mkdir(exist_ok=True)
    headers = b"".join(name + b": " + value + b"\r\n" for name, value in FALSE.fields)
    (folder / "false.eml").write_bytes(headers + b"\r\nNoi dung.\r\n")
    (folder / "false.toml").write_text(f'action = "{action}"\nfrom = "{VANTHU}"\nto = ["{CANBO1}"]\n')


def test_a_site_file_whose_examples_fail_is_refused(tmp_path: Path) -> None:
    example(tmp_path / "examples", "reject")
    with Running(tmp_path, top='examples = "examples"') as gate, gate.ready().client() as client:
        gate.rewrite(ENFORCED, OBSERVED)
        wait_for(lambda: gate.lines("alarm"), PATIENCE, "the alarm")
        assert "examples/false.eml: example: accept, expected reject" in gate.lines("alarm")[0]["error"]
        assert said(client) is Said.REPLY
        example(tmp_path / "examples", "accept")  # the office has changed its mind
        hear(gate, client, Said.ACCEPT)
        example(tmp_path / "examples", "reject")
    done = subprocess.run(
        [*PROGRAM, "serve", "--site", str(gate.site)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert "false.eml: example: accept, expected reject" in done.stderr
