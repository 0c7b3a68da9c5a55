# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory's snapshot under a running gate: taken when it comes, kept when the next one is bad."""

import math
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bed.process import wait_for
from gate.milterclient import Said
from gate.offices import OFFICE, letter
from gate.running import PATIENCE, Running
from mailpolicy.directory import Mailbox
from mailpolicy.snapshot.encode import encode

SUCCESS = "mailgate_snapshot_last_load_success"
MAILBOXES = "mailgate_snapshot_mailboxes"
MADE, AGE = "mailgate_snapshot_made_timestamp_seconds", "mailgate_snapshot_age_seconds"
DAY = timedelta(days=1)


def whole(count: int) -> bytes:
    """A snapshot of so many mailboxes, made a day ago."""
    boxes = [Mailbox(f"canbo{number}@{OFFICE}") for number in range(count)]
    return encode(boxes, [], datetime.now(UTC) - DAY)


def put(path: Path, data: bytes) -> None:
    path.with_suffix(".new").write_bytes(data)
    path.with_suffix(".new").replace(path)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return tmp_path / "directory"


@pytest.fixture
def gate(tmp_path: Path, snapshot: Path) -> Iterator[Running]:
    with Running(tmp_path, settings=f'snapshot = "{snapshot}"') as running:
        yield running


def serves(gate: Running) -> bool:
    with gate.client() as client:
        return letter().send(client).said is Said.ACCEPT


def hear(gate: Running, name: str, value: float) -> None:
    wait_for(lambda: gate.metrics()[name] == value, PATIENCE, f"{name} {value}")


def mapped(pid: int) -> list[str]:
    """The snapshots a process has mapped."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return [line.split(maxsplit=5)[5] for line in lines if "/snapshot-" in line]


def in_all_workers(gate: Running, before: set[str]) -> set[str]:
    """Wait until every worker has mapped the same one snapshot, another than before; return its name."""

    def same() -> set[str] | None:
        found = {name for worker in gate.processes("gate-worker") for name in mapped(worker) or [""]}
        return found if len(found) == 1 and "" not in found and not found & before else None

    return wait_for(same, PATIENCE, "one snapshot in all workers")


def test_without_a_snapshot_the_gate_serves_and_says_so_and_takes_it_when_it_comes(
    gate: Running, snapshot: Path
) -> None:
    assert serves(gate.ready())
    (alarm,) = gate.lines("alarm")
    assert (alarm["code"], alarm["error"]) == (
        "snapshot",
        f"{snapshot}: can't be read (No such file or directory)",
    )
    values = gate.metrics()
    assert (values[SUCCESS], values[MADE], values[MAILBOXES]) == (0, 0, 0)
    assert math.isnan(values[AGE])
    put(snapshot, whole(3))
    hear(gate, SUCCESS, 1)
    values = gate.metrics()
    assert values[MAILBOXES] == 3
    assert values[AGE] > DAY.total_seconds()
    in_all_workers(gate, set())


def test_a_new_snapshot_is_mapped_by_all_workers_and_the_old_one_by_none(
    gate: Running, snapshot: Path
) -> None:
    snapshot.write_bytes(whole(3))
    first = in_all_workers(gate.ready(), set())
    assert gate.metrics()[MAILBOXES] == 3
    put(snapshot, whole(4))
    in_all_workers(gate, first)
    assert gate.metrics()[MAILBOXES] == 4
    others = [gate.process.pid, *gate.processes("gate-metrics"), *gate.processes("gate-loader")]
    assert not any(map(mapped, others))
    assert gate.lines("alarm") == []


@pytest.mark.parametrize("bad", [b"", b"no snapshot\n", whole(50)[:-100]])
def test_a_bad_snapshot_leaves_the_last_in_force_for_new_workers_too(
    gate: Running, snapshot: Path, bad: bytes
) -> None:
    snapshot.write_bytes(whole(3))
    names = in_all_workers(gate.ready(), set())
    snapshot.write_bytes(bad)  # in place: what the workers have mapped is a copy
    wait_for(lambda: gate.lines("alarm"), PATIENCE, "the alarm")
    assert [line["code"] for line in gate.lines("alarm")] == ["snapshot"]
    assert gate.lines("alarm")[0]["error"].startswith(f"{snapshot}: ")
    assert (gate.metrics()[SUCCESS], gate.metrics()[MAILBOXES]) == (0, 3)
    for worker in gate.processes("gate-worker"):
        gate.kill(worker)
    assert in_all_workers(gate, set()) == names
    put(snapshot, whole(5))
    hear(gate, MAILBOXES, 5)
    assert gate.metrics()[SUCCESS] == 1


def test_a_site_file_that_names_it_no_longer_takes_it_out_of_force(gate: Running, snapshot: Path) -> None:
    snapshot.write_bytes(whole(3))
    in_all_workers(gate.ready(), set())
    gate.rewrite(f'snapshot = "{snapshot}"', "")
    gate.process.send_signal(signal.SIGHUP)
    hear(gate, MAILBOXES, 0)
    workers = gate.processes("gate-worker")
    wait_for(lambda: not any(map(mapped, workers)), PATIENCE, "the workers to let go of it")
    assert gate.metrics()[SUCCESS] == 1


def test_a_loader_that_dies_neither_takes_nor_spoils_what_the_workers_have(
    gate: Running, snapshot: Path
) -> None:
    snapshot.write_bytes(whole(3))
    first = in_all_workers(gate.ready(), set())
    put(snapshot, whole(4))
    second = in_all_workers(gate, first)
    (loader,) = gate.processes("gate-loader")
    gate.kill(loader)
    put(snapshot, whole(5))
    in_all_workers(gate, first | second)
    assert serves(gate)
    assert [line["code"] for line in gate.lines("alarm")] == ["loader"]
