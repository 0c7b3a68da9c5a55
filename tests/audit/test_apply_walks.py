# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps, people and kills in any order: no mail lost, no lock that nobody recorded, no letter twice."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.folderstorage import FolderStorage
from audit.sweepoffice import IDLE_BOXES, TODAY, SweepOffice, address, login
from audit.test_apply_killed import MAIL, MOMENTS, apply, office
from mailaudit.notices import outbox
from mailaudit.record import entries, intents
from mailpolicy.clocks.record import Event
from mailpolicy.clocks.standing import standing
from mailpolicy.directory import Mailbox

__all__ = ["office"]  # a fixture
ACTIONS = 12


class Killed(BaseException):
    """As a process ends in the middle: nothing catches it, and open transactions are gone."""


class Walk:
    """An office to which things happen by chance."""

    def __init__(self, office: SweepOffice, chance: random.Random) -> None:
        self.office, self.chance = office, chance
        self.storage = FolderStorage(office.folder)
        self.logins = 0
        self.done: list[str] = []

    def step(self) -> None:
        action = self.chance.choice(
            [self.sweep, self.sweep, self.killed_sweep, self.killed_sweep, self.person]
        )
        action()
        self.holds()

    def sweep(self) -> None:
        self.done.append("sweep")
        self.office.plan()
        apply(self.office)

    def killed_sweep(self) -> None:
        (owner, name), calls = self.chance.choice(MOMENTS), self.chance.randint(1, 3)
        after = self.chance.random() < 0.5
        self.done.append(f"sweep killed {'after' if after else 'before'} {name} {calls}")
        self.office.plan()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, dying(getattr(owner, name), calls, after=after))
            try:
                apply(self.office)
            except Killed:
                return

    def person(self) -> None:
        name = self.chance.choice(IDLE_BOXES)
        options = {
            "confirm": ("--reason", "công văn"),
            "excuse": ("--until", str(TODAY + timedelta(days=9)), "--reason", "nghỉ"),
            "unlock": ("--request", "công văn"),
            "revoke": ("--reason", "bị lộ"),
        }
        what = self.chance.choice([*options, "login"])
        self.done.append(f"{what} {name}")
        if what != "login":
            assert self.office.mailbox(what, name, *options[what]).exit_code in (0, 1)
        elif name not in self.office.closed():
            self.logins += 1
            time = datetime.now(UTC) - timedelta(minutes=30) + timedelta(seconds=self.logins)
            self.office.read_logs(login(time, name, session=f"w{self.logins}"))

    def holds(self) -> None:
        """What must be so at any moment."""
        record = entries.of_everybody(self.office.store)
        begun = {intent.mailbox: intent for intent in intents.pending(self.office.store)}
        for box in map(address, IDLE_BOXES):
            kept = record.get(box, [])
            archives = [Path(entry.archive) for entry in kept if entry.archive]
            intent = begun.get(box)
            archives += [intent.archive.folder] if intent and intent.archive else []
            saved = {file.read_text() for archive in archives for file in archive.iterdir()}
            there = self.storage.messages(box)
            assert set(MAIL) <= {*there, *saved}, self.done
            assert len(there) == len(set(there)), self.done
            reclaimed = any(entry.event is Event.RECLAIMED for entry in kept)
            assert set(MAIL) <= set(there) or reclaimed or intent, self.done
            if intent is None and box != address("canbo1"):  # whose old lock was never on this server
                stands = standing(Mailbox(box), kept, None, TODAY)
                closed = box.partition("@")[0] in self.office.closed()
                assert closed == (stands.lock is not None), (self.done, box)
        keys = [entry.key for kept in record.values() for entry in kept if entry.key]
        assert len(keys) == len(set(keys)), self.done
        with self.office.store.recording() as connection:
            told = [(one.notice.event, one.notice.recipient) for one in outbox.kept(connection)]
        assert len(told) == len(set(told)), self.done


def dying(real: Callable[..., Any], calls: int, *, after: bool) -> Callable[..., Any]:
    left = [calls]

    def counted(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            raise Killed
        result = real(*args, **kwargs)
        if left[0] == 0:
            raise Killed
        return result

    return counted


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_in_whatever_order_nothing_is_lost_or_done_unrecorded(
    office: SweepOffice, seed: int
) -> None:
    walk = Walk(office, random.Random(seed))  # noqa: S311  a walk, no secret
    for _ in range(ACTIONS):
        walk.step()
    walk.sweep()
    walk.holds()
    assert intents.pending(office.store) == [], walk.done
