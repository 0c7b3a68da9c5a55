# SPDX-License-Identifier: GPL-3.0-or-later
"""A running gate whose DKIM key is replaced under its path: a good one signs, a bad one changes nothing."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bed.process import wait_for
from gate.dkimkeys import ed25519_key, rsa_key
from gate.offices import CITIZEN, OFFICE, VANTHU, letter
from gate.running import PATIENCE, Running

MINE = letter(VANTHU, [CITIZEN], login=VANTHU)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return replaced(tmp_path / "key.pem", rsa_key())


@pytest.fixture
def gate(tmp_path: Path, key: Path) -> Iterator[Running]:
    table = f'[gate.identity.dkim."{OFFICE}"]\nselector = "s2026"\nkey = "{key}"\n'
    with Running(tmp_path, settings=table, TMPDIR=str(tmp_path)) as running:
        yield running.ready()


def replaced(key: Path, pem: bytes) -> Path:
    new = key.with_suffix(".new")
    new.write_bytes(pem)
    new.chmod(0o400)
    return new.replace(key)


def algorithm(gate: Running) -> str:
    """What a message is signed with, on a connection of its own."""
    with gate.client() as client:
        [signature] = [
            edit.arguments for edit in MINE.send(client).edits if "DKIM-Signature" in edit.arguments
        ]
    return next(tag for tag in " ".join(signature).split("; ") if tag.startswith("a="))


def test_a_new_key_under_the_old_path_signs_what_comes_then(gate: Running, key: Path) -> None:
    assert algorithm(gate) == "a=rsa-sha256"
    replaced(key, ed25519_key())
    wait_for(lambda: "reloaded" in gate.said(), PATIENCE, "the new key to be taken")
    wait_for(
        lambda: {algorithm(gate) for _ in range(8)} == {"a=ed25519-sha256"},
        PATIENCE,
        "every worker to sign with it",
    )
    assert gate.lines("alarm") == []


def test_a_bad_new_key_leaves_the_last_in_force_in_replaced_workers_too(gate: Running, key: Path) -> None:
    replaced(key, b"nonsense")
    wait_for(lambda: gate.lines("alarm"), PATIENCE, "the alarm")
    [alarm] = gate.lines("alarm")
    assert f'gate.identity.dkim.{OFFICE}.key: "{key}" holds no key that can sign' in alarm["error"]
    before = gate.processes("gate-worker")
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(set(gate.processes("gate-worker")) - set(before)) == 2, PATIENCE, "other workers")
    assert {algorithm(gate) for _ in range(4)} == {"a=rsa-sha256"}


def test_the_copy_of_the_key_is_for_the_gate_alone(gate: Running, tmp_path: Path) -> None:
    [folder] = tmp_path.glob("mailgate-*")
    copy = folder / "in-force"
    assert rsa_key() in copy.read_bytes()
    assert (folder.stat().st_mode & 0o777, copy.stat().st_mode & 0o777) == (0o700, 0o600)
