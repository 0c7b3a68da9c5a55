# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in force in a worker: taken whole, for the day it is; nothing of the one before stays behind."""

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gate.offices import CANBO1, OFFICE, VANTHU, letter, office, tell
from mailgate.config import GateSettings
from mailgate.inforce import InForce, Published, local_day, publish
from mailgate.loading import Loaded
from mailgate.session import Session
from mailpolicy.directory import Mailbox
from mailpolicy.judge import Policy
from mailpolicy.lists import datafile
from mailpolicy.snapshot.encode import encode
from mailpolicy.verdict import Action, Mode

MADE = datetime(2026, 11, 22, tzinfo=UTC)
FALSE = letter(sender=VANTHU, to=[CANBO1])


def put(folder: Path, policy: Policy, snapshot: Path | None = None) -> None:
    publish(folder, Published(Loaded(policy, GateSettings(), datafile.read_all()), snapshot))


def snapshot(folder: Path, number: int) -> Path:
    path = folder / f"snapshot-{number}"
    path.write_bytes(encode([Mailbox(f"canbo{number}@{OFFICE}")], [], MADE))
    return path


def taken(folder: Path, today: Callable[[], date] = local_day) -> InForce:
    in_force = InForce(folder, today)
    in_force.look()
    return in_force


def modes(in_force: InForce) -> set[Mode]:
    return {charge.mode for charge in in_force.terms().policy.charges}


def test_what_is_published_is_taken_when_it_is_looked_for(tmp_path: Path) -> None:
    put(tmp_path, office(mode=Mode.OBSERVE))
    in_force = taken(tmp_path)
    assert modes(in_force) == {Mode.OBSERVE}
    put(tmp_path, office())
    assert modes(in_force) == {Mode.OBSERVE}
    in_force.look()
    assert modes(in_force) == {Mode.ENFORCE}


def test_every_policy_comes_out_as_it_was_put_in(tmp_path: Path) -> None:
    for name in ("soctrang", "monre", "hcm", "cantho", "tayson"):
        put(tmp_path, office(name))
        policy = taken(tmp_path).terms().policy
        assert policy.charges == office(name).charges
        assert policy.regulation == office(name).regulation


def test_a_message_is_judged_by_what_was_in_force_when_it_began(tmp_path: Path) -> None:
    put(tmp_path, office())
    in_force = taken(tmp_path)
    session = Session(in_force.terms)
    tell(session, FALSE)
    put(tmp_path, office(mode=Mode.OBSERVE))
    in_force.look()
    assert session.end().answer.action is Action.REJECT
    tell(session, FALSE)
    assert session.end().answer.action is Action.ACCEPT


def test_what_cannot_be_taken_is_said_once_and_leaves_the_last_in_force(tmp_path: Path) -> None:
    put(tmp_path, office())
    in_force = taken(tmp_path)
    put(tmp_path, office(mode=Mode.OBSERVE), snapshot=tmp_path / "missing")
    with pytest.raises(Exception, match="missing"):
        in_force.look()
    in_force.look()
    assert modes(in_force) == {Mode.ENFORCE}
    put(tmp_path, office(mode=Mode.OBSERVE))
    in_force.look()
    assert modes(in_force) == {Mode.OBSERVE}


def test_a_duty_is_enforced_from_midnight_of_its_day_on(tmp_path: Path) -> None:
    dated = office(mode=Mode.OBSERVE)
    charges = (replace(dated.charges[0], enforce_from=date(2026, 12, 1)), *dated.charges[1:])
    put(tmp_path, replace(dated, charges=charges))
    today = date(2026, 11, 30)
    in_force = taken(tmp_path, lambda: today)
    assert modes(in_force) == {Mode.OBSERVE}
    today = date(2026, 12, 1)
    assert in_force.terms().policy.charges[0].mode is Mode.ENFORCE
    assert {charge.mode for charge in in_force.terms().policy.charges[1:]} == {Mode.OBSERVE}
    assert in_force.terms() is in_force.terms()


def test_the_rules_ask_the_snapshot_that_was_published_last(tmp_path: Path) -> None:
    put(tmp_path, office())
    in_force = taken(tmp_path)
    assert not in_force.terms().policy.context.directory.known
    for number in (1, 2):
        put(tmp_path, office(), snapshot(tmp_path, number))
        in_force.look()
        directory = in_force.terms().policy.context.directory
        assert directory.mailbox(f"canbo{number}@{OFFICE}") == Mailbox(f"canbo{number}@{OFFICE}")
        assert directory.mailbox(f"canbo{3 - number}@{OFFICE}") is None
    put(tmp_path, office())
    in_force.look()
    assert not in_force.terms().policy.context.directory.known


def mapped(folder: Path) -> set[str]:
    """The snapshots this process has mapped, those whose name is gone too."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.split()[5] for line in lines if f" {folder}/snapshot-" in line}


def test_a_snapshot_stays_mapped_while_a_message_asks_it_and_no_longer(tmp_path: Path) -> None:
    put(tmp_path, office(), snapshot(tmp_path, 1))
    in_force = taken(tmp_path)
    session = Session(in_force.terms)
    tell(session, FALSE)
    put(tmp_path, office(), snapshot(tmp_path, 2))
    in_force.look()
    assert mapped(tmp_path) == {f"{tmp_path}/snapshot-1", f"{tmp_path}/snapshot-2"}
    session.end()
    assert mapped(tmp_path) == {f"{tmp_path}/snapshot-2"}


def test_memory_does_not_grow_over_two_hundred_reloads(tmp_path: Path) -> None:
    put(tmp_path, office())
    in_force = taken(tmp_path)
    session = Session(in_force.terms)
    policies = [office(mode=Mode.OBSERVE), office()]

    def reload(times: int) -> int:
        for number in range(times):
            put(tmp_path, policies[number % 2], snapshot(tmp_path, number))
            in_force.look()
            tell(session, FALSE)
            session.end()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = reload(20)
        assert reload(200) - before < 200_000  # bytes; a policy is more than that
    finally:
        tracemalloc.stop()
    assert len(mapped(tmp_path)) == 1
